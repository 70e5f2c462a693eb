using WebSmsGateway.Telemetry;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>Makes the attempts of one endpoint, one at a time, and saves what follows from each before the next one.</summary>
internal sealed partial class EndpointAttempts(WebhookEndpoint endpoint, StateKeeper keeper, WebhookServices services)
{
    /// <summary>Whether the owner has paused the endpoint, or it is disabled.</summary>
    public bool IsStopped => keeper.Orders.IsPaused || State.Disabled is not null;

    private EndpointState State => keeper.State!;

    /// <summary>Makes attempts until the receiver has acknowledged, or the message is parked.</summary>
    /// <returns>False if the endpoint was stopped.</returns>
    public async Task<bool> AttemptAsync(Delivered delivered, byte[] body, CancellationToken soft, CancellationToken hard)
    {
        while (true)
        {
            await CarryOutOrdersAsync(hard);
            if (IsStopped)
            {
                return false;
            }

            if (State.Trial is { } trial && trial.Id == delivered.Id && trial.NextAt - services.Clock.GetUtcNow() is var left && left > TimeSpan.Zero)
            {
                await ChangeOrAsync(left, soft);
                continue;
            }

            if (delivered.CanBeParked && State.Trial?.Id != delivered.Id)
            {
                // A sender that goes on after this one has died sends the same bytes.
                await SaveAsync(delivered.Begin(State) with { Trial = Trial.Of(delivered) }, hard);
            }

            soft.ThrowIfCancellationRequested();
            if (!await keeper.IsSurelyHeldAsync(hard))
            {
                throw new OperationCanceledException("Another replica sends.");
            }

            var started = services.Clock.GetTimestamp();
            var outcome = await services.Sender.SendAsync(endpoint, delivered.Id, body, hard);
            GatewayMetrics.WebhookAttempted(endpoint.Name, MetricLabel.Of(outcome.Kind), services.Clock.GetElapsedTime(started));
            if (await SaveAsync(delivered, outcome, hard) is var decision && decision != Decision.Again)
            {
                return decision != Decision.Disabled;
            }
        }
    }

    private async Task<Decision> SaveAsync(Delivered delivered, DeliveryOutcome outcome, CancellationToken hard)
    {
        var options = services.Options.Value;
        var schedule = new DeliverySchedule(options.ParkAfter, options.DisableAfter);
        var (before, now) = (State, services.Clock.GetUtcNow());
        var (decision, after) = schedule.After(before, delivered, outcome, now, Random.Shared.NextDouble());
        await SaveAsync(after, hard);
        Report(delivered, outcome, decision, before, after);
        if (schedule.IsHalfway(before, after, now) && decision != Decision.Disabled)
        {
            Log.Halfway(services.Logger, endpoint.Name, after.FailingSince!.Value, after.FailingSince.Value + options.DisableAfter);
        }

        return decision;
    }

    private void Report(Delivered delivered, DeliveryOutcome outcome, Decision decision, EndpointState before, EndpointState after)
    {
        var (logger, name, kind) = (services.Logger, endpoint.Name, MetricLabel.Of(outcome.Kind));
        if (decision == Decision.Disabled)
        {
            Log.Disabled(logger, name, outcome.IsGone ? "the receiver answered 410" : $"there were nothing but failures since {after.FailingSince:O}");
        }
        else if (decision == Decision.Parked)
        {
            Log.Parked(logger, name, delivered.Id, kind, outcome.Status, after.Parked.Count);
        }
        else if (before.FailingSince is null && after.FailingSince is not null)
        {
            Log.Fails(logger, name, kind, outcome.Status, outcome.Rule);
        }
        else if (before.FailingSince is { } since && after.FailingSince is null)
        {
            Log.Succeeds(logger, name, since);
        }

        if (decision == Decision.Delivered && delivered.Cursor is not null && before.FailingSince is null)
        {
            GatewayMetrics.Delivered("webhook", services.Clock.GetUtcNow() - delivered.WaitingSince);
        }
    }

    /// <summary>Goes on after the owner has resumed the endpoint.</summary>
    public async Task CarryOutOrdersAsync(CancellationToken hard)
    {
        if (keeper.Orders.Resumes > State.Resumes)
        {
            await SaveAsync(State.Resumed(keeper.Orders.Resumes), hard);
        }
    }

    /// <summary>Waits for an order, or until a time is over.</summary>
    public async Task ChangeOrAsync(TimeSpan time, CancellationToken soft)
    {
        try
        {
            // Timers have whole milliseconds. One that is rounded down would end before the time is over, again and again.
            await keeper.Changed.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)), services.Clock, soft);
        }
        catch (TimeoutException)
        {
            // Nothing was ordered.
        }
    }

    /// <summary>Saves a state, unless it is the one in force. It throws if another replica has become the sender.</summary>
    public async Task SaveAsync(EndpointState next, CancellationToken hard)
    {
        if (!ReferenceEquals(next, State) && !await keeper.SaveAsync(next, hard))
        {
            throw new OperationCanceledException("Another replica sends.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Webhook {Name} fails: {Kind} {Status} {Rule}")]
        public static partial void Fails(ILogger logger, string name, string kind, int? status, string? rule);

        [LoggerMessage(2, LogLevel.Information, "Webhook {Name} succeeds again; it had failed since {Since:O}")]
        public static partial void Succeeds(ILogger logger, string name, DateTimeOffset since);

        [LoggerMessage(3, LogLevel.Warning, "Webhook {Name}: the message {Id} is parked after {Kind} {Status}; {Count} are. Its owner can replay it.")]
        public static partial void Parked(ILogger logger, string name, string id, string kind, int? status, int count);

        [LoggerMessage(4, LogLevel.Warning, "Webhook {Name} has had nothing but failures since {Since:O} and is disabled at {End:O} unless one attempt succeeds")]
        public static partial void Halfway(ILogger logger, string name, DateTimeOffset since, DateTimeOffset end);

        [LoggerMessage(5, LogLevel.Error, "Webhook {Name} is disabled, because {Reason}. Its place is kept: resume goes on from there.")]
        public static partial void Disabled(ILogger logger, string name, string reason);
    }
}
