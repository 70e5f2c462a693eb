using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>The state of an endpoint. Only its sender writes it, and a sender with a lower fencing number cannot.</summary>
internal sealed record EndpointState
{
    /// <summary>How many messages may be parked. The line stops at this number, so that nothing has to be dropped.</summary>
    public const int MostParked = 1000;

    /// <summary>The fencing number: how many senders there were.</summary>
    public long Fence { get; init; }

    /// <summary>The sender that has this number. Two that began at the same moment have the same number, and one of them lost.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The earliest moment of the messages that are delivered.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The cursor behind the last message that was acknowledged or parked.</summary>
    public string Cursor { get; init; } = "";

    /// <summary>Where the walk began to give what was known before it, as a cursor; null if it gave nothing of that.</summary>
    public string? BeganSnapshot { get; init; }

    /// <summary>Where the walk began to give changes, as a cursor; null if it gave none yet.</summary>
    public string? BeganChanges { get; init; }

    /// <summary>The parts of the walk in which the cursors of bodies were held back, the earliest first.</summary>
    public IReadOnlyList<HeldPlaces> HeldBack { get; init; } = [];

    /// <summary>What is being tried; null for nothing.</summary>
    public Trial? Trial { get; init; }

    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The status of the last answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>How the last attempt failed; null if it succeeded.</summary>
    public OutcomeKind? LastFailure { get; init; }

    public DateTimeOffset? LastFailedAt { get; init; }

    /// <summary>The rule that forbade the last attempt; null where none did.</summary>
    public string? Rule { get; init; }

    /// <summary>When the first of the failures was that no success has followed; null for none.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Whether the last message was parked, so that the next one is not parked because the receiver rejects it.</summary>
    public bool HasParkedLast { get; init; }

    /// <summary>The hashes of the last ids that were delivered. Where the archive has lost its order, it gives them again.</summary>
    public IReadOnlyList<ulong> Recent { get; init; } = [];

    /// <summary>Why the endpoint is disabled; null if it is not.</summary>
    public DisabledBecause? Disabled { get; init; }

    /// <summary>The last <see cref="EndpointOrders.Resumes"/> that was carried out.</summary>
    public int Resumes { get; init; }

    /// <summary>The last replay that was carried out, and how many messages of the next one were.</summary>
    public ReplayPlace Replayed { get; init; } = new(0, 0);

    public IReadOnlyList<ParkedMessage> Parked { get; init; } = [];

    /// <summary>Events of operation that wait for delivery, the oldest first.</summary>
    public IReadOnlyList<WaitingEvent> Events { get; init; } = [];

    /// <summary>The conditions that the receiver was last notified of: what is silent or unavailable, and since when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Conditions { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The state with what makes the cursors of bodies again from another one.</summary>
    public EndpointState WithPlacesOf(EndpointState other) =>
        this with { BeganSnapshot = other.BeganSnapshot, BeganChanges = other.BeganChanges, HeldBack = other.HeldBack };

    /// <summary>The state without failures, after a caller has resumed the endpoint.</summary>
    public EndpointState Resumed(int resumes) =>
        this with { Resumes = resumes, Disabled = null, FailingSince = null, Trial = Trial is null ? null : Trial.Anew() };
}

/// <summary>A message that is being tried, or has failed and is tried again.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Cursor">The cursor of its body, so that all attempts send the same bytes; null for an event.</param>
/// <param name="WaitingSince">Since when it waits for delivery.</param>
/// <param name="FirstTriedAt">When the first attempt ended.</param>
internal sealed record Trial(string Id, string? Cursor, DateTimeOffset WaitingSince, DateTimeOffset FirstTriedAt)
{
    /// <summary>How many attempts there were.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next one is due.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>How many of the attempts the receiver rejected, and the first of them.</summary>
    public int Rejections { get; init; }

    public DateTimeOffset? FirstRejectedAt { get; init; }

    /// <summary>A message that is tried for the first time.</summary>
    public static Trial Of(Delivered delivered) => new(delivered.Id, delivered.Cursor, delivered.WaitingSince, default);

    /// <summary>The same message as if it had not been tried.</summary>
    public Trial Anew() => this with { Attempts = 0, NextAt = default, Rejections = 0, FirstRejectedAt = null, FirstTriedAt = default };
}

/// <summary>A part of the walk in which the cursors of bodies go further back than their messages, because days could not be read.</summary>
/// <param name="From">The cursor of its first message.</param>
/// <param name="Until">The cursor of the first message behind it; null while it lasts.</param>
internal sealed record HeldPlaces(string From, string? Until);

/// <summary>A message that was given up, so that the line goes on. It can be replayed.</summary>
internal sealed record ParkedMessage(string Id, DateTimeOffset LastTriedAt, int? LastStatus, OutcomeKind LastFailure);

/// <summary>Why an endpoint was disabled, and when.</summary>
internal sealed record DisabledBecause(DisabledReason Reason, DateTimeOffset At);

[JsonConverter(typeof(JsonStringEnumConverter<DisabledReason>))]
internal enum DisabledReason
{
    /// <summary>The receiver answered 410.</summary>
    Gone,

    /// <summary>There were nothing but failures for too long.</summary>
    Failures,
}

/// <summary>The last replay that is complete, and how many messages of the one after it are.</summary>
internal sealed record ReplayPlace(int Number, int Index);

/// <summary>An event of operation that waits for delivery.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">Its body.</param>
/// <param name="At">When it happened.</param>
internal sealed record WaitingEvent(string Id, string Body, DateTimeOffset At);

/// <summary>What callers have ordered for an endpoint. Any replica writes it, and its sender reads it.</summary>
internal sealed record EndpointOrders
{
    public bool IsPaused { get; init; }

    /// <summary>How often the endpoint was resumed.</summary>
    public int Resumes { get; init; }

    /// <summary>The number of the last replay.</summary>
    public int LastReplay { get; init; }

    /// <summary>The replays that are not known to be complete.</summary>
    public IReadOnlyList<Replay> Replays { get; init; } = [];

    /// <summary>The next message to replay; null for none.</summary>
    public string? NextReplay(ReplayPlace done) => Replays.FirstOrDefault(replay => replay.Number > done.Number) is { } next
        ? next.Ids[Math.Min(next.Number == done.Number + 1 ? done.Index : 0, next.Ids.Count - 1)]
        : null;

    /// <summary>The place after the next message was replayed. The store may have lost the order meanwhile.</summary>
    public ReplayPlace AfterNext(ReplayPlace done)
    {
        if (Replays.FirstOrDefault(replay => replay.Number > done.Number) is not { } next)
        {
            return done;
        }

        var index = next.Number == done.Number + 1 ? done.Index + 1 : 1;
        return index >= next.Ids.Count ? new ReplayPlace(next.Number, 0) : new ReplayPlace(next.Number - 1, index);
    }

    /// <summary>How many messages wait to be replayed.</summary>
    public int ReplaysLeft(ReplayPlace done) => Replays.Where(replay => replay.Number > done.Number).Sum(replay => replay.Ids.Count)
        - (Replays.Any(replay => replay.Number == done.Number + 1) ? done.Index : 0);

    /// <summary>The orders with one more replay, and without those that are complete.</summary>
    public EndpointOrders With(IReadOnlyList<string> ids, ReplayPlace done) => this with
    {
        LastReplay = LastReplay + 1,
        Replays = [.. Replays.Where(replay => replay.Number > done.Number), new Replay(LastReplay + 1, ids)],
    };
}

/// <summary>Messages to deliver again.</summary>
internal sealed record Replay(int Number, IReadOnlyList<string> Ids);

/// <summary>How state and orders are stored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(EndpointState))]
[JsonSerializable(typeof(EndpointOrders))]
internal sealed partial class StateJson : JsonSerializerContext;
