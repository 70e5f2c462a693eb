using System.Runtime.InteropServices;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// What is known of one local day of a number or of the whole account. A record is immutable. A refresh makes a new record that shares
/// all blocks but the last ones, so its cost does not grow with the day.
/// </summary>
internal sealed class DayRecord
{
    public const int BlockLength = 256;

    private const long CostOfProblem = 80;

    private readonly MessageBlock[] blocks;
    private NumberIndex? numbers;
    private CrowdedSecond? crowd;

    private DayRecord(DateOnly day, MessageBlock[] blocks, long cost, RecordMetadata metadata, NumberIndex? numbers)
    {
        Day = day;
        this.blocks = blocks;
        this.numbers = numbers;
        Metadata = metadata;
        Cost = cost;
        Count = blocks.Length == 0 ? 0 : ((blocks.Length - 1) * BlockLength) + blocks[^1].Messages.Length;
        foreach (var block in blocks)
        {
            NewestStamp = block.Newest > NewestStamp ? block.Newest : NewestStamp;
        }
    }

    /// <summary>The local day of the account.</summary>
    public DateOnly Day { get; }

    public int Count { get; }

    /// <summary>Bytes that the record takes in memory, besides its counts.</summary>
    public long Cost { get; }

    public RecordMetadata Metadata { get; }

    /// <inheritdoc cref="RecordMetadata.Problems"/>
    public IReadOnlyList<MessageProblem> Problems => Metadata.Problems;

    /// <inheritdoc cref="RecordMetadata.Doubts"/>
    public IReadOnlyList<Doubt> Doubts => Metadata.Doubts;

    /// <inheritdoc cref="RecordMetadata.AskedAt"/>
    public DateTimeOffset AskedAt => Metadata.AskedAt;

    /// <inheritdoc cref="RecordMetadata.CutAt"/>
    public DateTimeOffset? CutAt => Metadata.CutAt;

    /// <inheritdoc cref="RecordMetadata.LookedAt"/>
    public DateTimeOffset LookedAt => Metadata.LookedAt;

    /// <inheritdoc cref="RecordMetadata.Ahead"/>
    public TimeSpan Ahead => Metadata.Ahead;

    /// <inheritdoc cref="RecordMetadata.AskedThere"/>
    public DateTimeOffset AskedThere => Metadata.AskedThere;

    /// <inheritdoc cref="RecordMetadata.AskedEarliest"/>
    public DateTimeOffset AskedEarliest => Metadata.AskedEarliest;

    /// <inheritdoc cref="RecordMetadata.ReceivedAt"/>
    public DateTimeOffset ReceivedAt => Metadata.ReceivedAt;

    /// <inheritdoc cref="RecordMetadata.ReadWholeAt"/>
    public DateTimeOffset ReadWholeAt => Metadata.ReadWholeAt;

    /// <inheritdoc cref="RecordMetadata.IsWhole"/>
    public bool IsWhole => Metadata.IsWhole;

    /// <inheritdoc cref="RecordMetadata.IsFinal"/>
    public bool IsFinal => Metadata.IsFinal;

    /// <summary>The latest stamp of its messages.</summary>
    public Stamp NewestStamp { get; private init; }

    /// <summary>Whether another record under the same epoch is this state of the day.</summary>
    public bool IsStateOf(DayRecord other) => NewestStamp == other.NewestStamp && Metadata.HasTimesOf(other.Metadata);

    public RecordValidity Validity { get; private init; } = new();

    /// <summary>How many messages each number received; null if nobody has counted them.</summary>
    public NumberCounts? Counts { get; private set; }

    /// <summary>Whether the messages are not there, and only their counts are.</summary>
    public bool IsCountsOnly { get; private init; }

    /// <summary>The blocks. Each but the last has <see cref="BlockLength"/> messages.</summary>
    public ReadOnlySpan<MessageBlock> Blocks => blocks;

    /// <summary>The blocks that have something later than a stamp.</summary>
    public List<MessageBlock> BlocksSince(Stamp stamp) => [.. blocks.Where(block => block.Newest > stamp)];

    /// <summary>The messages, in order.</summary>
    public IEnumerable<Message> Messages => blocks.SelectMany(block => block.Messages);

    public Message? Newest => Count == 0 ? null : this[Count - 1];

    public Message this[int index] => blocks[index / BlockLength].Messages[index % BlockLength];

    /// <summary>Counts the messages by number. It belongs before the record is held.</summary>
    public void CountNumbers() => Counts ??= NumberCounts.Of(blocks);

    /// <summary>
    /// The record without its messages, for readers who want none of them; null where they were not counted, or where what is told about the day
    /// needs them.
    /// </summary>
    public DayRecord? WithoutMessages()
    {
        var metadata = Metadata with { Removed = [] };
        return Counts is null || !IsWhole || Doubts.Count > 0 || CutAt is not null ? null
            : new DayRecord(Day, [], CostOf([], metadata), metadata, null)
            {
                NewestStamp = NewestStamp,
                Validity = Validity,
                Counts = Counts,
                IsCountsOnly = true,
            };
    }

    /// <summary>The messages of one number, by an index; all messages without a number.</summary>
    public RecordView Of(RentedNumber? number)
    {
        if (number is not { } wanted || Count == 0)
        {
            return RecordView.OfAll(this);
        }

        var index = numbers is { } known && known.Covers(blocks) && blocks.Length - known.Blocks <= NumberIndex.MaxBlocksBehind ? known : null;
        if (index is null && blocks.Length > NumberIndex.MaxBlocksBehind / 2)
        {
            // Two readers may both make the index. That costs less than making one wait for the other.
            numbers = index = NumberIndex.Over(blocks);
        }

        List<int>? behind = null;
        for (var i = index?.Blocks ?? 0; i < blocks.Length; i++)
        {
            var messages = blocks[i].Messages;
            for (var j = 0; j < messages.Length; j++)
            {
                if (messages[j].RentedNumber == wanted)
                {
                    (behind ??= []).Add((i * BlockLength) + j);
                }
            }
        }

        return RecordView.OfNumber(this, index?.Of(wanted) ?? [], behind);
    }

    /// <summary>Index of the first message at or after a position; <see cref="Count"/> if there is none.</summary>
    public int IndexOf(MessagePosition position) => RecordView.OfAll(this).IndexOf(position);

    /// <summary>The message at exactly this position.</summary>
    public Message? At(MessagePosition position)
    {
        var index = IndexOf(position);
        return index < Count && this[index].Position == position ? this[index] : null;
    }

    /// <summary>Finds a message by its second and the hash of its id.</summary>
    public Message? Find(long second, ulong hash)
    {
        var begin = IndexOf(new MessagePosition(second, 0));
        for (var i = begin; i < Count && this[i].Position.Second == second; i++)
        {
            if (this[i].Id.Hash == hash)
            {
                return this[i];
            }

            if (i - begin == CrowdedSecond.From)
            {
                var known = crowd;
                crowd = known = known?.Second == second ? known : new CrowdedSecond(this, second, begin);
                return known.Find(hash);
            }
        }

        return null;
    }

    /// <summary>Finds a message by the hash of its id.</summary>
    public Message? Find(ulong hash) =>
        blocks.Select(block => Array.Find(block.Messages, message => message.Id.Hash == hash))
            .FirstOrDefault(message => message is not null);

    /// <summary>Makes a record of messages that have their places. They may have any order; their list is sorted in place.</summary>
    public static DayRecord Of(DateOnly day, List<Message> messages, RecordMetadata metadata)
    {
        messages.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(day, [], CollectionsMarshal.AsSpan(messages), metadata, null);
    }

    /// <summary>Joins blocks that were stored separately.</summary>
    public static DayRecord OfBlocks(DateOnly day, MessageBlock[] blocks, RecordMetadata metadata) =>
        new(day, blocks, CostOf(blocks, metadata), metadata, null);

    /// <summary>The record with further messages merged in. Blocks before the earliest of them are shared.</summary>
    public DayRecord With(List<Message> arrivals, RecordMetadata metadata)
    {
        if (arrivals.Count == 0)
        {
            return new DayRecord(Day, blocks, CostOf(blocks, metadata), metadata, numbers);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        var kept = Math.Min(IndexOf(arrivals[0].Position) / BlockLength, blocks.Length);
        foreach (var block in blocks.AsSpan(kept))
        {
            arrivals.AddRange(block.Messages);
        }

        arrivals.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        return Assemble(Day, blocks.AsSpan(0, kept), CollectionsMarshal.AsSpan(arrivals), metadata, numbers);
    }

    private static DayRecord Assemble(
        DateOnly day, ReadOnlySpan<MessageBlock> head, ReadOnlySpan<Message> rest, RecordMetadata metadata, NumberIndex? numbers)
    {
        var blocks = new MessageBlock[head.Length + ((rest.Length + BlockLength - 1) / BlockLength)];
        head.CopyTo(blocks);
        for (var i = head.Length; i < blocks.Length; i++)
        {
            var count = Math.Min(BlockLength, rest.Length);
            blocks[i] = new MessageBlock(rest[..count].ToArray());
            rest = rest[count..];
        }

        return new DayRecord(day, blocks, CostOf(blocks, metadata), metadata, numbers);
    }

    private static long CostOf(MessageBlock[] blocks, RecordMetadata metadata) =>
        512 + blocks.Sum(block => block.Cost) + (CostOfProblem * metadata.Problems.Count) + (24L * metadata.Doubts.Count)
            + metadata.Removed.Sum(removed => (long)removed.Message.Cost);
}
