using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary><c>http_feedback.asp</c>: checks the login, finds the records, applies the faults and sends the answer.</summary>
internal static class FeedbackEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    public static void MapFeedback(this WebApplication app) => app.MapMethods("/http_feedback.asp", Methods, (RequestDelegate)AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        var state = context.RequestServices.GetRequiredService<SimulatorState>();
        var query = await FeedbackQuery.ReadAsync(context.Request);
        var account = state.FindAccount(query.Username);
        var entry = (account?.Log ?? state.Unauthenticated).Begin(new SimulatorRequest(
            state.Clock.Moment, query.Username, context.Request.Method, query.Masked, null, "waiting", 0, 0));
        account?.Enter();
        try
        {
            await AnswerAsync(context, state.Clock, query, account, entry);
        }
        catch (Exception exception) when (
            exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            entry.Abandoned();
        }
        finally
        {
            account?.Leave();
        }
    }

    private static async Task AnswerAsync(
        HttpContext context, WallClock clock, FeedbackQuery query, SimulatedAccount? account, RequestLog.Entry entry)
    {
        var call = await PlanAsync(account, query.DaysAsked(clock.Now), entry, context.RequestAborted);
        var answer = Compose(context, clock, query, account, call);
        if (call.Find(FaultKind.Delay) is { } delay)
        {
            var pause = Task.Delay(TimeSpan.FromMilliseconds(delay.Milliseconds!.Value), clock.Time, context.RequestAborted);
            entry.Answering(null, "delay", 0);
            await pause;
        }

        await AnswerSender.SendAsync(context, answer, call, clock.Time, entry);
    }

    /// <summary>Counts the call. If the plan holds the call, waits for another plan.</summary>
    private static async Task<PlannedCall> PlanAsync(
        SimulatedAccount? account, int days, RequestLog.Entry entry, CancellationToken cancellationToken)
    {
        if (account is null)
        {
            return new PlannedCall(1, new SimulatorBehaviour(), []);
        }

        while (true)
        {
            var plan = account.Plan;
            var call = plan.Next(days);
            if (call.Find(FaultKind.Hang) is null)
            {
                return call;
            }

            entry.Answering(null, "hang", 0);
            await plan.Retired.WaitAsync(cancellationToken);
        }
    }

    private static FeedbackAnswer Compose(
        HttpContext context, WallClock clock, FeedbackQuery query, SimulatedAccount? account, PlannedCall call)
    {
        var behaviour = call.Behaviour;
        var writer = FeedbackWriter.Create(behaviour.Format.Forced ?? AskedFormat(query.Format), behaviour);
        foreach (var fault in call.Faults)
        {
            if (FeedbackAnswer.OfFault(fault, context.Request) is { } played)
            {
                return played;
            }

            if (fault.Kind == FaultKind.ErrorNum)
            {
                return Refuse(fault.ErrorNum!.Value);
            }

            if (fault.Kind == FaultKind.Huge)
            {
                // Each text has 1,000 bytes in every charset, so the body is a little longer than configured.
                var count = fault.Megabytes!.Value * 1049;
                var filler = new StoredMessage(clock.Now, 0, query.RentNum ?? "79020000000", "79030000000", new string('x', 1000));
                return FeedbackAnswer.OfRecords(
                    writer, behaviour.Charset, Enumerable.Repeat(filler, count), count) with
                { Outcome = "huge" };
            }
        }

        if (query.Username is null || query.Password is null)
        {
            return Refuse(FeedbackError.CredentialsMissing);
        }

        if (account is null || account.Password != query.Password)
        {
            return Refuse(FeedbackError.CredentialsWrong);
        }

        if (query.Window(clock.Now) is not { } window)
        {
            return Refuse(FeedbackError.DateInvalid);
        }

        var records = Select(account, query, window, call);
        if (call.Find(FaultKind.ErrorPage) is { } error)
        {
            var listed = (int)(records.Count * (error.AtFraction ?? 0.5));
            return FeedbackAnswer.OfBrokenScript(writer, behaviour.Charset, records[..listed]);
        }

        return records.Count == 0
            ? Refuse(FeedbackError.NothingFound)
            : FeedbackAnswer.OfRecords(writer, behaviour.Charset, records, records.Count);

        FeedbackAnswer Refuse(int number) => FeedbackAnswer.OfError(writer, behaviour.Charset, FeedbackError.Of(number, context, query));
    }

    private static List<StoredMessage> Select(
        SimulatedAccount account, FeedbackQuery query, (DateTime Start, DateTime End) window, PlannedCall call)
    {
        var variant = call.Behaviour.Format;
        var (start, end) = variant.IgnoreWindow ? (DateTime.MinValue, DateTime.MaxValue) : window;
        if (call.Find(FaultKind.OtherDay) is { } other)
        {
            var days = other.Days ?? 1;
            (start, end) = (start.AddDays(-days), end.AddDays(-days));
        }

        var records = account.Find(variant.IgnoreNumbers ? null : query.RentNum, start, end);
        if (query.TelNum is { } sender && !variant.IgnoreNumbers)
        {
            records.RemoveAll(record => !record.Sender.Equals(sender, StringComparison.OrdinalIgnoreCase));
        }

        if (call.Find(FaultKind.Forget) is { } forgets)
        {
            records = records[..(int)(records.Count * (forgets.AtFraction ?? 0))];
        }

        if (variant.Duplicated)
        {
            records = [.. records.SelectMany(record => new[] { record, record })];
        }

        if (variant.Order == RecordOrder.Desc)
        {
            records.Reverse();
        }
        else if (variant.Order == RecordOrder.Shuffled)
        {
            new Random(call.Number).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(records));
        }

        return records;
    }

    private static AnswerFormat AskedFormat(string? format) =>
        Enum.TryParse<AnswerFormat>(format, ignoreCase: true, out var asked) && Enum.IsDefined(asked) ? asked : AnswerFormat.Txt;
}
