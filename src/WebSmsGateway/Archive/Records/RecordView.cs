using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>The messages of a record in the order of time: all of them, or those of one number.</summary>
internal readonly struct RecordView
{
    private readonly DayRecord record;
    private readonly int[]? indexed;
    private readonly List<int>? behind;

    private RecordView(DayRecord record, int[]? indexed, List<int>? behind)
    {
        this.record = record;
        (this.indexed, this.behind) = (indexed, behind);
        Count = indexed is null ? record.Count : indexed.Length + (behind?.Count ?? 0);
    }

    public int Count { get; }

    public Message this[int index] =>
        indexed is null ? record[index] : record[index < indexed.Length ? indexed[index] : behind![index - indexed.Length]];

    public static RecordView OfAll(DayRecord record) => new(record, null, null);

    public static RecordView OfNumber(DayRecord record, int[] indexed, List<int>? behind) => new(record, indexed, behind);

    /// <summary>The latest moment of the stamps of the messages that a query covers, if it is later than a given one; else that one.</summary>
    public long LatestMoment(MessageQuery query, long latest)
    {
        // Most often the last message is the one that was learned last, so the search ends with it.
        for (var i = Count - 1; i >= 0 && record.NewestStamp.Moment > latest; i--)
        {
            if (this[i] is var message && message.Stamp.Moment > latest && query.Covers(message))
            {
                latest = message.Stamp.Moment;
            }
        }

        return latest;
    }

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
}
