using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace WebSmsGateway.Caching;

/// <summary>
/// What WEBSMS said of one local day, of one number or of the whole account. Immutable: a refresh makes a new segment
/// that shares all pieces but the last ones, so its cost does not grow with the day.
/// </summary>
internal sealed class DaySegment
{
    /// <summary>Messages in a piece.</summary>
    public const int PieceLength = 256;

    private readonly SegmentPiece[] pieces;

    private DaySegment(DateOnly day, SegmentPiece[] pieces, long cost)
    {
        Day = day;
        this.pieces = pieces;
        Cost = cost;
        Count = pieces.Length == 0 ? 0 : ((pieces.Length - 1) * PieceLength) + pieces[^1].Messages.Length;
    }

    /// <summary>The local day of the account.</summary>
    public DateOnly Day { get; }

    /// <summary>How many messages it holds.</summary>
    public int Count { get; }

    /// <summary>Bytes that it takes in memory.</summary>
    public long Cost { get; }

    /// <summary>Records of the day that could not be read, or not with certainty.</summary>
    public IReadOnlyList<MessageProblem> Problems { get; init; } = [];

    /// <summary>When the question was sent that it comes from: what arrived before is in here.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When the answer was there. Its age counts from here.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the question before was sent, to keep the pace of questions; the beginning of time if there was none.</summary>
    public DateTimeOffset PreviouslyAskedAt { get; init; }

    /// <summary>When the day was last read whole and not by its tail.</summary>
    public required DateTimeOffset ReadWholeAt { get; init; }

    /// <summary>Whether the end of the answer was proven.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Whether the day is over, settled and read without a problem: it never changes again.</summary>
    public required bool IsSealed { get; init; }

    /// <summary>Whether it is still the newest answer.</summary>
    public SegmentValidity Validity { get; } = new();

    /// <summary>The pieces, each but the last of <see cref="PieceLength"/> messages.</summary>
    public ReadOnlySpan<SegmentPiece> Pieces => pieces;

    /// <summary>The latest message.</summary>
    public Message? Newest => Count == 0 ? null : this[Count - 1];

    /// <summary>The messages in order.</summary>
    public Message this[int index] => pieces[index / PieceLength].Messages[index % PieceLength];

    /// <summary>Index of the first message at or behind a place; <see cref="Count"/> where there is none.</summary>
    public int IndexOf(MessagePosition position)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = this[middle].Position < position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The message at exactly this place.</summary>
    public Message? At(MessagePosition position)
    {
        var index = IndexOf(position);
        return index < Count && this[index].Position == position ? this[index] : null;
    }

    /// <summary>Finds a message by the hash of its id.</summary>
    public Message? Find(ulong hash)
    {
        foreach (var piece in pieces)
        {
            foreach (var message in piece.Messages)
            {
                if (message.Position.Hash == hash)
                {
                    return message;
                }
            }
        }

        return null;
    }

    /// <summary>Makes a segment of a whole day.</summary>
    /// <param name="day">The local day.</param>
    /// <param name="messages">Its messages, in any order; the list is sorted in place.</param>
    /// <param name="stamps">The other properties.</param>
    public static DaySegment Of(DateOnly day, List<Message> messages, SegmentStamps stamps)
    {
        messages.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(day, [], CollectionsMarshal.AsSpan(messages), stamps);
    }

    /// <summary>Joins pieces that were stored apart, in order.</summary>
    public static DaySegment OfPieces(DateOnly day, ReadOnlySpan<SegmentPiece> full, List<Message> rest, SegmentStamps stamps) =>
        Assemble(day, full, CollectionsMarshal.AsSpan(rest), stamps);

    /// <summary>The segment with further messages merged in. Pieces before the earliest of them are shared.</summary>
    public DaySegment With(List<Message> arrivals, SegmentStamps stamps)
    {
        if (arrivals.Count == 0)
        {
            return Stamped(Day, pieces, Cost, stamps);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        var kept = IndexOf(arrivals[0].Position) / PieceLength;
        foreach (var piece in pieces.AsSpan(Math.Min(kept, pieces.Length)))
        {
            arrivals.AddRange(piece.Messages);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(Day, pieces.AsSpan(0, Math.Min(kept, pieces.Length)), CollectionsMarshal.AsSpan(arrivals), stamps);
    }

    private static DaySegment Assemble(DateOnly day, ReadOnlySpan<SegmentPiece> head, ReadOnlySpan<Message> rest, SegmentStamps stamps)
    {
        var pieces = new SegmentPiece[head.Length + ((rest.Length + PieceLength - 1) / PieceLength)];
        head.CopyTo(pieces);
        for (var i = head.Length; i < pieces.Length; i++)
        {
            var count = Math.Min(PieceLength, rest.Length);
            pieces[i] = new SegmentPiece(rest[..count].ToArray());
            rest = rest[count..];
        }

        long cost = 384;
        foreach (var piece in pieces)
        {
            cost += piece.Cost;
        }

        return Stamped(day, pieces, cost, stamps);
    }

    private static DaySegment Stamped(DateOnly day, SegmentPiece[] pieces, long cost, SegmentStamps stamps) => new(day, pieces, cost)
    {
        Problems = stamps.Problems,
        AskedAt = stamps.AskedAt,
        ReceivedAt = stamps.ReceivedAt,
        PreviouslyAskedAt = stamps.PreviouslyAskedAt,
        ReadWholeAt = stamps.ReadWholeAt,
        IsWhole = stamps.IsWhole,
        IsSealed = stamps.IsSealed,
    };
}

/// <summary>
/// Whether a newer answer has taken a segment's place in memory: what was made from it is out of date then. It stands apart from
/// the segment, so that whoever keeps what was made does not keep the messages of days that the memory tier has let go.
/// </summary>
internal sealed class SegmentValidity
{
    private volatile bool isSuperseded;

    public bool IsSuperseded => isSuperseded;

    public void Supersede() => isSuperseded = true;
}

/// <summary>What is known of a segment besides its messages.</summary>
internal sealed record SegmentStamps(
    DateTimeOffset AskedAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset PreviouslyAskedAt,
    DateTimeOffset ReadWholeAt,
    bool IsWhole,
    bool IsSealed,
    IReadOnlyList<MessageProblem> Problems);

/// <summary>A run of messages that is stored and shared as one.</summary>
internal sealed class SegmentPiece(Message[] messages)
{
    private ulong id;

    public Message[] Messages => messages;

    /// <summary>Whether Redis is known to hold it.</summary>
    public bool IsStored { get; set; }

    /// <summary>Bytes in memory.</summary>
    public long Cost { get; } = 64 + messages.Sum(message => (long)message.Cost);

    /// <summary>Names the piece by its content, so that equal pieces of two replicas have one name.</summary>
    public ulong Id => id != 0 ? id : id = Hash(messages);

    private static ulong Hash(Message[] messages)
    {
        var hash = new XxHash64();
        Span<byte> bytes = stackalloc byte[8];
        foreach (var message in messages)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, message.Position.Hash);
            hash.Append(bytes);
        }

        return hash.GetCurrentHashAsUInt64();
    }
}
