using System.Text;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>
/// Delivers what is next, one after the other: events, then messages to replay, then new messages. What has failed comes before all others until
/// it is delivered or parked. The cursor is saved after the receiver has acknowledged.
/// </summary>
internal sealed partial class EndpointLine(WebhookEndpoint endpoint, StateKeeper keeper, WebhookServices services)
{
    private readonly EndpointAttempts attempts = new(endpoint, keeper, services);
    private readonly EndpointPlaces places = new(services.Cursors);
    private readonly RecentDeliveries recent = new();
    private readonly SteadyCondition upstream = new(services.Clock);

    // Of an endpoint that is paused or disabled nobody reads on, so its oldest waiting message has to be looked for.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnreadPause = TimeSpan.FromSeconds(5);

    // What was read longer ago is read again, because WEBSMS may have taken it back.
    private static readonly TimeSpan LongestBatch = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="EndpointRun.WaitingSince"/>
    public DateTimeOffset? WaitingSince { get; private set; }

    private EndpointState State => keeper.State!;

    private PageCursor Place => services.Cursors.Decode(State.Cursor)!;

    /// <summary>Delivers until it is cancelled.</summary>
    /// <param name="soft">Begins nothing more.</param>
    /// <param name="hard">Gives up what was begun.</param>
    public async Task RunAsync(CancellationToken soft, CancellationToken hard)
    {
        recent.Add(State.Recent);
        while (true)
        {
            await attempts.CarryOutOrdersAsync(hard);
            if (attempts.IsStopped)
            {
                await IdleAsync(soft);
                continue;
            }

            if (!services.Followings.TryOpen(endpoint.QueryAt(Place), out var following))
            {
                await Task.Delay(EndpointRun.Interval, services.Clock, soft);
                continue;
            }

            using (following)
            {
                await foreach (var reading in following.ReadAsync(EndpointRun.Interval, soft))
                {
                    soft.ThrowIfCancellationRequested();
                    upstream.Observe(following.HasPolled ? following.PollFailure : upstream.Failure);
                    if (!await DeliverOthersAsync(soft, hard) || !await DeliverAsync(reading, soft, hard))
                    {
                        break;
                    }
                }
            }
        }
    }

    /// <summary>Delivers events and messages to replay, unless a message is being tried.</summary>
    /// <returns>False if the endpoint was stopped.</returns>
    private async Task<bool> DeliverOthersAsync(CancellationToken soft, CancellationToken hard)
    {
        await attempts.CarryOutOrdersAsync(hard);
        await attempts.SaveAsync(services.Conditions.Apply(State, endpoint, upstream), hard);
        while (!attempts.IsStopped)
        {
            soft.ThrowIfCancellationRequested();
            var trial = State.Trial?.Id;
            if (State.Events is [var next, ..] && (trial is null || trial == next.Id))
            {
                var delivered = new Delivered(next.Id, null, next.At, state => state with { Events = [.. state.Events.Skip(1)] });
                if (!await attempts.AttemptAsync(delivered, Encoding.UTF8.GetBytes(next.Body), soft, hard))
                {
                    return false;
                }
            }
            else if (keeper.Orders.NextReplay(State.Replayed) is { } id && (trial is null || trial == id))
            {
                if (!await ReplayAsync(id, soft, hard))
                {
                    return false;
                }
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Delivers the messages of a reading, one after the other.</summary>
    /// <returns>False if the endpoint was stopped, or has to read again from its place.</returns>
    private async Task<bool> DeliverAsync(PageReading? reading, CancellationToken soft, CancellationToken hard)
    {
        if (reading is not { Page: { } page, Next: { } next, NextText: { } cursor })
        {
            return true;
        }

        if (State.Trial is { Cursor: not null } trial && (page.Items is not [var first, ..] || first.Id.ToString() != trial.Id)
            && !await TryAgainAsync(trial, soft, hard))
        {
            return false;
        }

        if (page.Items.Count == 0)
        {
            WaitingSince = null;
            var before = services.Cursors.Decode(State.Cursor);
            if (before?.State != next.State || before.Epoch != next.Epoch || before.Covered != next.Covered)
            {
                // A quiet endpoint's place moves on with each day.
                await attempts.SaveAsync(State with { Cursor = cursor }, hard);
            }

            return true;
        }

        var read = services.Clock.GetTimestamp();
        foreach (var (i, message) in page.Items.Index())
        {
            if (i > 0 && (services.Clock.GetElapsedTime(read) > LongestBatch || !await DeliverOthersAsync(soft, hard)))
            {
                return false;
            }

            if (!recent.Contains(message.Id) && !await DeliverAsync(message, reading.Places[i], reading.Cursors[i], soft, hard))
            {
                return false;
            }
        }

        WaitingSince = null;
        return true;
    }

    /// <summary>Delivers a message of the walk, and saves the place behind it.</summary>
    private async Task<bool> DeliverAsync(Message message, PageCursor given, string cursor, CancellationToken soft, CancellationToken hard)
    {
        WaitingSince = Stamp.InstantOf(message.Stamp.Moment);
        var id = message.Id.ToString();
        var (ofBody, placed) = State.Trial is { Cursor: { } tried } && State.Trial.Id == id
            ? (tried, State)
            : places.Of(State, message, given, cursor);
        var delivered = new Delivered(
            id, ofBody, WaitingSince.Value, state => state with { Cursor = cursor, Recent = RecentDeliveries.With(state.Recent, message.Id) })
        {
            Begin = state => state.WithPlacesOf(placed),
        };
        if (!await attempts.AttemptAsync(delivered, BodyOf(message, ofBody), soft, hard))
        {
            return false;
        }

        recent.Add([message.Id.Hash]);
        return true;
    }

    /// <summary>
    /// Delivers what was being tried when the endpoint was stopped or its sender died, if the walk gives another message first: its order in an epoch
    /// that began meanwhile, or in a snapshot that is read again, may be another one.
    /// </summary>
    /// <returns>False if the endpoint was stopped, or the day of the message cannot be read now.</returns>
    private async Task<bool> TryAgainAsync(Trial trial, CancellationToken soft, CancellationToken hard)
    {
        static EndpointState Advance(EndpointState state, MessageId? delivered) =>
            delivered is { } id ? state with { Recent = RecentDeliveries.With(state.Recent, id) } : state;
        if (!await DeliverAsync(trial.Id, Advance, trial.WaitingSince, soft, hard) || State.Trial?.Id == trial.Id)
        {
            return false;
        }

        recent.Add(State.Recent);
        return true;
    }

    private Task<bool> ReplayAsync(string id, CancellationToken soft, CancellationToken hard) => DeliverAsync(
        id, (state, _) => state with { Replayed = keeper.Orders.AfterNext(state.Replayed) }, services.Clock.GetUtcNow(), soft, hard);

    /// <summary>Delivers a message by its id, wherever the walk stands.</summary>
    private async Task<bool> DeliverAsync(
        string id, Func<EndpointState, MessageId?, EndpointState> advance, DateTimeOffset waitingSince, CancellationToken soft, CancellationToken hard)
    {
        var (message, isUnread) = await FindAsync(id, soft);
        if (message is null)
        {
            // A replica that has just begun may not know yet what another one has tried.
            await attempts.ChangeOrAsync(UnreadPause, soft);
            (message, isUnread) = await FindAsync(id, soft);
        }

        if (message is null && isUnread)
        {
            return !attempts.IsStopped;
        }

        if (message is null)
        {
            Log.NotFound(services.Logger, endpoint.Name, id);
            await attempts.SaveAsync(advance(State, null) with { Trial = null }, hard);
            return true;
        }

        var cursor = State.Trial?.Id == id ? State.Trial.Cursor! : places.Of(State, message);
        return await attempts.AttemptAsync(new Delivered(id, cursor, waitingSince, state => advance(state, message.Id)), BodyOf(message, cursor), soft, hard);
    }

    /// <summary>Finds a message by its id, or says that its day cannot be read now, or not as it is now.</summary>
    private async Task<(Message? Message, bool IsUnread)> FindAsync(string text, CancellationToken soft)
    {
        if (!MessageId.TryParse(text, out var id))
        {
            return (null, false);
        }

        var (found, read) = await services.Follower.FindAsync(null, endpoint.Numbers, id, endpoint.OwnerId, soft);
        return (found, read.Unread is not null || read.Freshness.StaleBecause is not null);
    }

    private async Task IdleAsync(CancellationToken soft)
    {
        var reading = await services.Follower.ReadAsync(endpoint.QueryAt(Place) with { Limit = 1, HasCursorEach = false }, soft);
        WaitingSince = reading.Page is { Items: [var message, ..] } ? Stamp.InstantOf(message.Stamp.Moment) : null;
        await attempts.ChangeOrAsync(LookInterval, soft);
    }

    private byte[] BodyOf(Message message, string cursor) => WebhookBody.Of(message, endpoint.Payload, endpoint.Fields, cursor);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Webhook {Name}: the message {Id} was to be delivered again, and WEBSMS does not report it any more")]
        public static partial void NotFound(ILogger logger, string name, string id);
    }
}
