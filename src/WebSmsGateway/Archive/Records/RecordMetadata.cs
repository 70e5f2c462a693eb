using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>The properties of a record besides its messages.</summary>
/// <param name="AskedAt">When the question was sent, in our clock. What arrived at WEBSMS before this moment is in the record.</param>
/// <param name="Ahead">How far the clock of WEBSMS was ahead of ours then.</param>
/// <param name="ReceivedAt">When the answer was complete.</param>
/// <param name="ReadWholeAt">When the day was last read whole and not by its tail.</param>
/// <param name="IsWhole">Whether the end of the answer was proven.</param>
/// <param name="IsFinal">Whether the last recheck is done without doubt, so that the day is not asked for again.</param>
/// <param name="Problems">What could not be read, or not with certainty.</param>
internal sealed record RecordMetadata(
    DateTimeOffset AskedAt, TimeSpan Ahead, DateTimeOffset ReceivedAt, DateTimeOffset ReadWholeAt, bool IsWhole, bool IsFinal,
    IReadOnlyList<MessageProblem> Problems)
{
    /// <summary>Known messages that the newest answer lacks. They stay until a second whole answer lacks them too.</summary>
    public IReadOnlyList<Doubt> Doubts { get; init; } = [];

    /// <summary>Whether the problems were there in two answers since the day settled, so that another look will not change them soon.</summary>
    public bool AreProblemsLasting { get; init; }

    /// <summary>Messages that were taken off, for the case that they return.</summary>
    public IReadOnlyList<RemovedMessage> Removed { get; init; } = [];

    /// <summary>
    /// When a later question was sent whose answer was cut; null if the newest answer was none. Its records are in the record, and it moves no
    /// other time: what was complete before is complete still, and no more.
    /// </summary>
    public DateTimeOffset? CutAt { get; init; }

    /// <summary>
    /// The latest time that the clock of WEBSMS showed at a question about the day. Where that clock was put back it is later than
    /// <see cref="AskedThere"/>, and dates up to it come a second time.
    /// </summary>
    public DateTimeOffset SeenUntil
    {
        get => field > AskedThere ? field : AskedThere;
        init;
    }

    /// <summary>The same properties after the clock of WEBSMS showed a time.</summary>
    public RecordMetadata AfterShown(DateTimeOffset there) => SeenUntil >= there ? this : this with { SeenUntil = there };

    /// <summary>Whether another one has the same times. With the same newest stamp these are one state of a day.</summary>
    public bool HasTimesOf(RecordMetadata other) => (AskedAt, ReadWholeAt, CutAt) == (other.AskedAt, other.ReadWholeAt, other.CutAt);

    /// <summary>When the newest question was sent that brought records, whole or cut.</summary>
    public DateTimeOffset LookedAt => CutAt > AskedAt ? CutAt.Value : AskedAt;

    /// <summary>When the question was sent, in the clock of WEBSMS.</summary>
    public DateTimeOffset AskedThere => AskedAt + Ahead;

    /// <summary>When the question was sent, in the clock that is behind.</summary>
    public DateTimeOffset AskedEarliest => Ahead < TimeSpan.Zero ? AskedAt + Ahead : AskedAt;
}

/// <summary>A known message that the newest answer lacks.</summary>
/// <param name="Hash">The hash of its id.</param>
/// <param name="Since">When a whole answer first lacked it; null if only a tail did.</param>
internal readonly record struct Doubt(ulong Hash, DateTimeOffset? Since);

/// <summary>A message that was taken off because two whole answers lacked it.</summary>
/// <param name="Message">The message.</param>
/// <param name="RemovedAt">The moment of the stamp at which it was taken off.</param>
internal sealed record RemovedMessage(Message Message, long RemovedAt);
