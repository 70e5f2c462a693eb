using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// The messages of one number or of the whole account on one local day, as WEBSMS reported them. A record is immutable. A refresh
/// makes a new record that shares all blocks but the last ones, so its cost does not grow with the day.
/// </summary>
internal sealed class DayRecord
{
    public const int BlockLength = 256;

    private readonly MessageBlock[] blocks;
    private readonly RecordMetadata metadata;

    private DayRecord(DateOnly day, MessageBlock[] blocks, long cost, RecordMetadata metadata)
    {
        Day = day;
        this.blocks = blocks;
        this.metadata = metadata;
        Cost = cost;
        Count = blocks.Length == 0 ? 0 : ((blocks.Length - 1) * BlockLength) + blocks[^1].Messages.Length;
    }

    /// <summary>The local day of the account.</summary>
    public DateOnly Day { get; }

    public int Count { get; }

    /// <summary>Bytes that the record takes in memory.</summary>
    public long Cost { get; }

    /// <summary>Records of the day that could not be read, or not with certainty.</summary>
    public IReadOnlyList<MessageProblem> Problems => metadata.Problems;

    /// <summary>When the question was sent. What arrived at WEBSMS before this moment is in the record.</summary>
    public DateTimeOffset AskedAt => metadata.AskedAt;

    /// <summary>When the answer was complete. The age of the record counts from here.</summary>
    public DateTimeOffset ReceivedAt => metadata.ReceivedAt;

    /// <summary>When the previous question was sent, to keep the pace of questions; the minimum value if there was none.</summary>
    public DateTimeOffset PreviouslyAskedAt => metadata.PreviouslyAskedAt;

    /// <summary>When the day was last read whole and not by its tail.</summary>
    public DateTimeOffset ReadWholeAt => metadata.ReadWholeAt;

    /// <summary>Whether the end of the answer was proven.</summary>
    public bool IsWhole => metadata.IsWhole;

    /// <summary>Whether the day is over, settled and read without a problem, so that it never changes again.</summary>
    public bool IsFinal => metadata.IsFinal;

    public RecordValidity Validity { get; } = new();

    /// <summary>The blocks. Each but the last has <see cref="BlockLength"/> messages.</summary>
    public ReadOnlySpan<MessageBlock> Blocks => blocks;

    public Message? Newest => Count == 0 ? null : this[Count - 1];

    public Message this[int index] => blocks[index / BlockLength].Messages[index % BlockLength];

    /// <summary>Index of the first message at or after a position; <see cref="Count"/> if there is none.</summary>
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

    /// <summary>The message at exactly this position.</summary>
    public Message? At(MessagePosition position)
    {
        var index = IndexOf(position);
        return index < Count && this[index].Position == position ? this[index] : null;
    }

    /// <summary>Finds a message by the hash of its id.</summary>
    public Message? Find(ulong hash) =>
        blocks.Select(block => Array.Find(block.Messages, message => message.Position.Hash == hash))
            .FirstOrDefault(message => message is not null);

    /// <summary>Makes a record of a whole day. The messages may have any order; their list is sorted in place.</summary>
    public static DayRecord Of(DateOnly day, List<Message> messages, RecordMetadata metadata)
    {
        messages.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(day, [], CollectionsMarshal.AsSpan(messages), metadata);
    }

    /// <summary>Joins blocks that were stored separately and the messages that follow them.</summary>
    public static DayRecord OfBlocks(DateOnly day, ReadOnlySpan<MessageBlock> full, List<Message> rest, RecordMetadata metadata) =>
        Assemble(day, full, CollectionsMarshal.AsSpan(rest), metadata);

    /// <summary>The record with further messages merged in. Blocks before the earliest of them are shared.</summary>
    public DayRecord With(List<Message> arrivals, RecordMetadata metadata)
    {
        if (arrivals.Count == 0)
        {
            return new DayRecord(Day, blocks, Cost, metadata);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        var kept = Math.Min(IndexOf(arrivals[0].Position) / BlockLength, blocks.Length);
        foreach (var block in blocks.AsSpan(kept))
        {
            arrivals.AddRange(block.Messages);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(Day, blocks.AsSpan(0, kept), CollectionsMarshal.AsSpan(arrivals), metadata);
    }

    private static DayRecord Assemble(DateOnly day, ReadOnlySpan<MessageBlock> head, ReadOnlySpan<Message> rest, RecordMetadata metadata)
    {
        var blocks = new MessageBlock[head.Length + ((rest.Length + BlockLength - 1) / BlockLength)];
        head.CopyTo(blocks);
        for (var i = head.Length; i < blocks.Length; i++)
        {
            var count = Math.Min(BlockLength, rest.Length);
            blocks[i] = new MessageBlock(rest[..count].ToArray());
            rest = rest[count..];
        }

        return new DayRecord(day, blocks, 384 + blocks.Sum(block => block.Cost), metadata);
    }
}

/// <summary>
/// Whether a newer answer has replaced a record in memory. A page that was made from the record is out of date then. The validity is
/// an object of its own, so that a cached page does not keep alive the messages of days that the memory tier has dropped.
/// </summary>
internal sealed class RecordValidity
{
    private volatile bool isSuperseded;

    public bool IsSuperseded => isSuperseded;

    public void Supersede() => isSuperseded = true;
}

/// <summary>The properties of a record besides its messages.</summary>
internal sealed record RecordMetadata(
    DateTimeOffset AskedAt, DateTimeOffset ReceivedAt, DateTimeOffset PreviouslyAskedAt, DateTimeOffset ReadWholeAt, bool IsWhole,
    bool IsFinal, IReadOnlyList<MessageProblem> Problems);

/// <summary>Consecutive messages that are stored and shared as one value.</summary>
internal sealed class MessageBlock(Message[] messages)
{
    private ulong id;

    public Message[] Messages => messages;

    /// <summary>Whether Redis is known to hold the block.</summary>
    public bool IsStored { get; set; }

    /// <summary>Bytes that the block takes in memory.</summary>
    public long Cost { get; } = 64 + messages.Sum(message => (long)message.Cost);

    /// <summary>A hash of the content, so that equal blocks of two replicas have the same name.</summary>
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
