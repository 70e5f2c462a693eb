using System.Text;
using System.Text.Json;
using WebSmsGateway.Errors;
using WebSmsGateway.Health;
using WebSmsGateway.Upstream;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>
/// Whether WEBSMS fails, as one endpoint sees it. It changes only after some time, so that one failed question is no event, and a sender that has
/// just begun knows nothing.
/// </summary>
internal sealed class SteadyCondition(TimeProvider clock)
{
    /// <summary>How long WEBSMS has to fail or to answer before that is an event.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    private UpstreamFailure? failure;

    /// <summary>Since when it has been what it is.</summary>
    public DateTimeOffset Since { get; private set; } = clock.GetUtcNow();

    /// <summary>The failure; null if WEBSMS answers.</summary>
    public UpstreamFailure? Failure => failure;

    /// <summary>Whether it has been so for long enough.</summary>
    public bool IsSteady => clock.GetUtcNow() - Since >= Time;

    public void Observe(UpstreamFailure? current)
    {
        if (current is null != failure is null)
        {
            Since = clock.GetUtcNow();
        }

        failure = current;
    }
}

/// <summary>Makes events of operation for endpoints that ask for them: where what is silent or unavailable differs from what the receiver knows.</summary>
internal sealed class WebhookConditions(SilenceAlarm silence, TimeProvider clock)
{
    // A receiver that does not take them gets the present condition later, instead of each change.
    private const int MostWaiting = 100;

    private const string Upstream = "upstream";

    /// <summary>The state with the events that are due; the same state if none is.</summary>
    public EndpointState Apply(EndpointState state, WebhookEndpoint endpoint, SteadyCondition upstream)
    {
        if (endpoint.Events.Count == 0)
        {
            return state;
        }

        if (upstream.IsSteady && upstream.Failure is not null != state.Conditions.ContainsKey(Upstream))
        {
            state = upstream.Failure is { } failure
                ? Begin(state, endpoint, Upstream, WebhookTypes.Unavailable, upstream.Since, writer => writer.WriteString("code"u8, ProblemTable.Of(failure.Error).Code))
                : End(state, endpoint, Upstream, WebhookTypes.Recovered, upstream.Since, static _ => { });
        }

        foreach (var number in silence.Watched)
        {
            var isSilent = number.State == SilenceState.Silent;
            var name = number.Number.ToString();
            if (number.State != SilenceState.Unknown && endpoint.Numbers.Includes(number.Number) && isSilent != state.Conditions.ContainsKey(name))
            {
                var since = number.LastMessageAt ?? clock.GetUtcNow() - number.ExpectWithin;
                state = isSilent
                    ? Begin(state, endpoint, name, WebhookTypes.Silent, since, writer => writer.WriteString("number"u8, name))
                    : End(state, endpoint, name, WebhookTypes.Heard, since, writer => writer.WriteString("number"u8, name));
            }
        }

        return state;
    }

    private EndpointState Begin(
        EndpointState state, WebhookEndpoint endpoint, string condition, string type, DateTimeOffset since, Action<Utf8JsonWriter> data) =>
        state.Events.Count >= MostWaiting ? state : With(state, endpoint, type, since, data) with
        {
            Conditions = new Dictionary<string, DateTimeOffset>(state.Conditions) { [condition] = since },
        };

    private EndpointState End(
        EndpointState state, WebhookEndpoint endpoint, string condition, string type, DateTimeOffset since, Action<Utf8JsonWriter> data) =>
        state.Events.Count >= MostWaiting ? state : With(state, endpoint, type, since, data) with
        {
            Conditions = state.Conditions.Where(other => other.Key != condition).ToDictionary(),
        };

    private EndpointState With(EndpointState state, WebhookEndpoint endpoint, string type, DateTimeOffset since, Action<Utf8JsonWriter> data)
    {
        if (!endpoint.Events.Contains(type))
        {
            return state;
        }

        var now = clock.GetUtcNow();
        var body = WebhookBody.Of(type, now, writer =>
        {
            data(writer);
            writer.WriteString("since"u8, since);
        });
        return state with { Events = [.. state.Events, new WaitingEvent($"event-{Guid.NewGuid():N}", Encoding.UTF8.GetString(body), now)] };
    }
}
