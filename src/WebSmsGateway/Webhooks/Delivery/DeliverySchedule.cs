namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>What happens after an attempt.</summary>
internal enum Decision
{
    /// <summary>The message was delivered, and the next one follows.</summary>
    Delivered,

    /// <summary>The message is tried again.</summary>
    Again,

    /// <summary>The message is parked, and the next one follows.</summary>
    Parked,

    /// <summary>The endpoint is disabled. Its cursor stays.</summary>
    Disabled,
}

/// <summary>What is delivered: its id, its waiting time, and the cursor behind it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Cursor">The cursor of its body; null for an event.</param>
/// <param name="WaitingSince">Since when it waits.</param>
/// <param name="Advance">Makes the state go on behind it.</param>
internal sealed record Delivered(string Id, string? Cursor, DateTimeOffset WaitingSince, Func<EndpointState, EndpointState> Advance)
{
    /// <summary>Whether it can be parked: messages can be found again by their ids, and events cannot.</summary>
    public bool CanBeParked => Cursor is not null;

    /// <summary>Keeps with its trial what makes its cursor again.</summary>
    public Func<EndpointState, EndpointState> Begin { get; init; } = state => state;
}

/// <summary>
/// Decides what happens after an attempt: when the next one is due, when a message is parked, when the endpoint is disabled. It knows no clock
/// and no chance.
/// </summary>
/// <param name="parkAfter">How long one message is tried.</param>
/// <param name="disableAfter">How long there may be nothing but failures.</param>
internal sealed class DeliverySchedule(TimeSpan parkAfter, TimeSpan disableAfter)
{
    /// <summary>The share of a delay by which chance makes it longer, so that endpoints that failed together do not come back together.</summary>
    public const double Jitter = 0.2;

    private const int MostRejections = 5;

    private static readonly TimeSpan LeastRejectedFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6),
    ];

    /// <summary>The longest time between two attempts, without its jitter.</summary>
    public static TimeSpan LongestDelay => Steps[^1];

    /// <summary>The delay after an attempt.</summary>
    /// <param name="attempts">How many attempts there were.</param>
    /// <param name="outcome">How the last one ended.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan DelayAfter(int attempts, DeliveryOutcome outcome, double chance)
    {
        // A receiver with too much to do gets the delay after the next one.
        var delay = Steps[Math.Min(attempts - 1 + (outcome.IsThrottled ? 1 : 0), Steps.Length - 1)];
        var asked = outcome.RetryAfter is { } wait && wait > delay ? wait : delay;
        return (asked < LongestDelay ? asked : LongestDelay) * (1 + (Jitter * chance));
    }

    /// <summary>The state after an attempt.</summary>
    public (Decision Decision, EndpointState State) After(
        EndpointState state, Delivered delivered, DeliveryOutcome outcome, DateTimeOffset now, double chance)
    {
        if (outcome.Kind == OutcomeKind.Delivered)
        {
            return (Decision.Delivered, delivered.Advance(state) with
            {
                Trial = null,
                LastSuccessAt = now,
                LastStatus = outcome.Status,
                LastFailure = null,
                Rule = null,
                FailingSince = null,
                HasParkedLast = state.HasParkedLast && !delivered.CanBeParked,
                Parked = [.. state.Parked.Where(parked => parked.Id != delivered.Id)],
            });
        }

        var trial = TrialAfter(state, delivered, outcome, now, chance);
        var failed = state with
        {
            Trial = trial,
            LastStatus = outcome.Status,
            LastFailure = outcome.Kind,
            Rule = outcome.Rule,
            LastFailedAt = now,
            FailingSince = state.FailingSince ?? now,
        };
        if (outcome.IsGone || now - failed.FailingSince >= disableAfter)
        {
            var reason = outcome.IsGone ? DisabledReason.Gone : DisabledReason.Failures;
            return (Decision.Disabled, failed with { Disabled = new DisabledBecause(reason, now) });
        }

        var isParked = now - trial.FirstTriedAt >= parkAfter || IsRejectedForGood(state, trial, now);
        return isParked && delivered.CanBeParked && HasRoom(state, delivered)
            ? (Decision.Parked, Park(failed, delivered, outcome, now))
            : (Decision.Again, failed);
    }

    /// <summary>Whether this failure is the first one after half of the time in which there may be nothing but failures.</summary>
    public bool IsHalfway(EndpointState before, EndpointState after, DateTimeOffset now) =>
        after.FailingSince is { } since && now - since >= disableAfter / 2
        && !(before.FailingSince == since && before.LastFailedAt - since >= disableAfter / 2);

    private static Trial TrialAfter(EndpointState state, Delivered delivered, DeliveryOutcome outcome, DateTimeOffset now, double chance)
    {
        var trial = state.Trial?.Id == delivered.Id
            ? state.Trial
            : new Trial(delivered.Id, delivered.Cursor, delivered.WaitingSince, now);
        var attempts = trial.Attempts + 1;
        return trial with
        {
            FirstTriedAt = trial.Attempts == 0 ? now : trial.FirstTriedAt,
            Attempts = attempts,
            NextAt = now + DelayAfter(attempts, outcome, chance),
            Rejections = trial.Rejections + (outcome.IsRejection ? 1 : 0),
            FirstRejectedAt = trial.FirstRejectedAt ?? (outcome.IsRejection ? now : null),
        };
    }

    /// <summary>
    /// Whether the receiver, which had just taken the message before, rejects this one again and again. Two messages in a row are never
    /// parked for that, because then not the message is at fault.
    /// </summary>
    private static bool IsRejectedForGood(EndpointState state, Trial trial, DateTimeOffset now) =>
        trial.Rejections >= MostRejections
        && now - trial.FirstRejectedAt >= LeastRejectedFor
        && !state.HasParkedLast
        && state.LastSuccessAt is { } success && trial.FirstTriedAt - success <= HealthyWithin;

    private static bool HasRoom(EndpointState state, Delivered delivered) =>
        state.Parked.Count < EndpointState.MostParked || state.Parked.Any(parked => parked.Id == delivered.Id);

    private static EndpointState Park(EndpointState failed, Delivered delivered, DeliveryOutcome outcome, DateTimeOffset now) =>
        delivered.Advance(failed) with
        {
            Trial = null,
            HasParkedLast = true,
            Parked =
            [
                .. failed.Parked.Where(parked => parked.Id != delivered.Id),
                new ParkedMessage(delivered.Id, now, outcome.Status, outcome.Kind),
            ],
        };
}
