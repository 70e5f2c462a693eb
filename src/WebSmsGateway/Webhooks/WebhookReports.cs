using WebSmsGateway.Model;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>Says how endpoints fare, for their owners and for metrics.</summary>
internal sealed class WebhookReports(AccountZone zone, TimeProvider clock)
{
    public Webhook Of(EndpointRun run)
    {
        var state = run.Keeper.State ?? new EndpointState();
        var (kind, reason) = StateOf(run, state);
        return new Webhook
        {
            Name = run.Endpoint.Name,
            Url = run.Endpoint.Url.OriginalString,
            State = kind,
            Reason = reason,
            Since = run.Keeper.State is null ? null : zone.InZone(state.Since),
            LagSeconds = (long)LagOf(run).TotalSeconds,
            LastSuccessAt = state.LastSuccessAt is { } success ? zone.InZone(success) : null,
            LastStatus = state.LastStatus,
            Parked =
            [
                .. state.Parked.Select(parked => new ParkedWebhookMessage
                {
                    Id = parked.Id, LastTriedAt = zone.InZone(parked.LastTriedAt), LastStatus = parked.LastStatus, LastFailure = parked.LastFailure,
                }),
            ],
        };
    }

    /// <summary>For how long the oldest message has been known that is not delivered.</summary>
    public TimeSpan LagOf(EndpointRun run) =>
        run.WaitingSince is { } since && clock.GetUtcNow() - since is var lag && lag > TimeSpan.Zero ? lag : TimeSpan.Zero;

    public static WebhookState StateOf(EndpointRun run) => StateOf(run, run.Keeper.State ?? new EndpointState()).State;

    private static (WebhookState State, string? Reason) StateOf(EndpointRun run, EndpointState state)
    {
        var rule = state.LastFailure is null ? run.RuleAtStart : state.Rule;
        return (run, state) switch
        {
            ({ Endpoint.RefusedBecause: { } reason }, _) => (WebhookState.Refused, reason),
            (_, { Disabled: { Reason: DisabledReason.Gone } }) => (WebhookState.Disabled, "the receiver answered 410"),
            (_, { Disabled: not null }) => (WebhookState.Disabled, "there were nothing but failures for Webhooks:DisableAfter"),
            ({ Keeper.Orders.IsPaused: true }, _) => (WebhookState.Paused, null),
            _ when rule is not null => (WebhookState.Refused, rule),
            (_, { Parked.Count: >= EndpointState.MostParked }) => (WebhookState.Failing, "1000 messages are parked, which is the most"),
            (_, { LastFailure: OutcomeKind.Status, LastStatus: { } status }) => (WebhookState.Failing, $"the receiver answered {status}"),
            (_, { LastFailure: OutcomeKind.Timeout }) => (WebhookState.Failing, "the receiver did not answer in time"),
            (_, { LastFailure: OutcomeKind.InvalidAnswer }) => (WebhookState.Failing, "the answer of the receiver was no HTTP"),
            (_, { LastFailure: not null }) => (WebhookState.Failing, "the receiver cannot be reached"),
            _ => (WebhookState.Active, null),
        };
    }
}
