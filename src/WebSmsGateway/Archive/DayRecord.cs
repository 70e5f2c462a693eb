using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// What WEBSMS said of one local day, of one number or of the whole account. Immutable: a refresh makes a new record
/// that shares all blocks but the last ones, so its cost does not grow with the day.
/// </summary>
internal sealed class DayRecord
{
    /// <summary>Messages in a block.</summary>
    public const int BlockLength = 256;

    private readonly MessageBlock[] blocks;

    private DayRecord(DateOnly day, MessageBlock[] blocks, long cost)
    {
        Day = day;
        this.blocks = blocks;
        Cost = cost;
        Count = blocks.Length == 0 ? 0 : ((blocks.Length - 1) * BlockLength) + blocks[^1].Messages.Length;
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
    public required bool IsFinal { get; init; }

    /// <summary>Whether it is still the newest answer.</summary>
    public RecordValidity Validity { get; } = new();

    /// <summary>The blocks, each but the last of <see cref="BlockLength"/> messages.</summary>
    public ReadOnlySpan<MessageBlock> Blocks => blocks;

    /// <summary>The latest message.</summary>
    public Message? Newest => Count == 0 ? null : this[Count - 1];

    /// <summary>The messages in order.</summary>
    public Message this[int index] => blocks[index / BlockLength].Messages[index % BlockLength];

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
        foreach (var block in blocks)
        {
            foreach (var message in block.Messages)
            {
                if (message.Position.Hash == hash)
                {
                    return message;
                }
            }
        }

        return null;
    }

    /// <summary>Makes a record of a whole day.</summary>
    /// <param name="day">The local day.</param>
    /// <param name="messages">Its messages, in any order; the list is sorted in place.</param>
    /// <param name="metadata">The other properties.</param>
    public static DayRecord Of(DateOnly day, List<Message> messages, RecordMetadata metadata)
    {
        messages.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(day, [], CollectionsMarshal.AsSpan(messages), metadata);
    }

    /// <summary>Joins blocks that were stored apart, in order.</summary>
    public static DayRecord OfBlocks(DateOnly day, ReadOnlySpan<MessageBlock> full, List<Message> rest, RecordMetadata metadata) =>
        Assemble(day, full, CollectionsMarshal.AsSpan(rest), metadata);

    /// <summary>The record with further messages merged in. Blocks before the earliest of them are shared.</summary>
    public DayRecord With(List<Message> arrivals, RecordMetadata metadata)
    {
        if (arrivals.Count == 0)
        {
            return Stamped(Day, blocks, Cost, metadata);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        var kept = IndexOf(arrivals[0].Position) / BlockLength;
        foreach (var block in blocks.AsSpan(Math.Min(kept, blocks.Length)))
        {
            arrivals.AddRange(block.Messages);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(Day, blocks.AsSpan(0, Math.Min(kept, blocks.Length)), CollectionsMarshal.AsSpan(arrivals), metadata);
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

        long cost = 384;
        foreach (var block in blocks)
        {
            cost += block.Cost;
        }

        return Stamped(day, blocks, cost, metadata);
    }

    private static DayRecord Stamped(DateOnly day, MessageBlock[] blocks, long cost, RecordMetadata metadata) => new(day, blocks, cost)
    {
        Problems = metadata.Problems,
        AskedAt = metadata.AskedAt,
        ReceivedAt = metadata.ReceivedAt,
        PreviouslyAskedAt = metadata.PreviouslyAskedAt,
        ReadWholeAt = metadata.ReadWholeAt,
        IsWhole = metadata.IsWhole,
        IsFinal = metadata.IsFinal,
    };
}

/// <summary>
/// Whether a newer answer has taken a record's place in memory: what was made from it is out of date then. It stands apart from
/// the record, so that whoever keeps what was made does not keep the messages of days that the memory tier has let go.
/// </summary>
internal sealed class RecordValidity
{
    private volatile bool isSuperseded;

    public bool IsSuperseded => isSuperseded;

    public void Supersede() => isSuperseded = true;
}

/// <summary>What is known of a record besides its messages.</summary>
internal sealed record RecordMetadata(
    DateTimeOffset AskedAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset PreviouslyAskedAt,
    DateTimeOffset ReadWholeAt,
    bool IsWhole,
    bool IsFinal,
    IReadOnlyList<MessageProblem> Problems);

/// <summary>A run of messages that is stored and shared as one.</summary>
internal sealed class MessageBlock(Message[] messages)
{
    private ulong id;

    public Message[] Messages => messages;

    /// <summary>Whether Redis is known to hold it.</summary>
    public bool IsStored { get; set; }

    /// <summary>Bytes in memory.</summary>
    public long Cost { get; } = 64 + messages.Sum(message => (long)message.Cost);

    /// <summary>Names the block by its content, so that equal blocks of two replicas have one name.</summary>
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
