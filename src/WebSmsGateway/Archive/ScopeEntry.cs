using WebSmsGateway.Archive.Records;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>A scope in memory.</summary>
internal sealed class ScopeEntry
{
    public ScopeEntry(Scope scope, ScopeHead head)
    {
        (Scope, Head) = (scope, head);
        Node = new LinkedListNode<ScopeEntry>(this);
    }

    public Scope Scope { get; }

    /// <summary>Its place among the scopes without days.</summary>
    public LinkedListNode<ScopeEntry> Node { get; }

    [Bounded("Cache:MemoryLimitMegabytes")]
    public Dictionary<DateOnly, DayEntry> Days { get; } = [];

    /// <summary>Whoever replaces the head holds it.</summary>
    public SemaphoreSlim Writer { get; } = new(1, 1);

    public ScopeHead Head { get; set; }

    /// <summary>The records of the days from a given one on, and those that have something later than a stamp.</summary>
    public List<DayRecord> RecordsFrom(DateOnly from, Stamp since)
    {
        var records = new List<DayRecord>();
        foreach (var (day, one) in Days)
        {
            if (one.Record is { } record && (day >= from || record.NewestStamp > since))
            {
                records.Add(record);
            }
        }

        return records;
    }
}

/// <summary>A day in memory: its record, and the fetch that is in progress.</summary>
internal sealed class DayEntry
{
    private DateTimeOffset? wholeReadTriedAt;

    public DayEntry(ScopeEntry scope, DateOnly day)
    {
        (Scope, Day) = (scope, day);
        Node = new LinkedListNode<DayEntry>(this);
    }

    public ScopeEntry Scope { get; }

    public DateOnly Day { get; }

    public LinkedListNode<DayEntry> Node { get; }

    public DayRecord? Record { get; set; }

    /// <summary>The record without its messages, where memory has let them go.</summary>
    public DayRecord? Counted { get; set; }

    /// <summary>What the day was charged with.</summary>
    public long Cost { get; set; }

    public DayFetch? Fetch { get; set; }

    public LastFailure? LastFailure { get; set; }

    /// <summary>What is known of the day, if it is enough for a reader.</summary>
    public DayRecord? RecordFor(DayReader? reader) =>
        Record ?? (Counted is { } counted && reader?.CountOf(counted) == 0 ? counted : null);

    /// <summary>Whether a head from Redis has another state of the day than this one.</summary>
    public bool IsOtherIn(ScopeHead head)
    {
        var listed = head.Days.GetValueOrDefault(Day);
        return (Record ?? Counted) switch
        {
            null => false,

            // Another replica asked about a final day once more.
            { IsFinal: true } final => Counted is not null && listed?.Newest > final.NewestStamp,
            var known => !(listed?.IsStateOf(known) ?? false),
        };
    }

    /// <summary>Begins to read the day whole in the background, unless somebody has tried for a while.</summary>
    public bool TryBeginWholeRead(DateTimeOffset now, TimeSpan interval)
    {
        if (wholeReadTriedAt is { } tried && now >= tried && now - tried < interval)
        {
            return false;
        }

        wholeReadTriedAt = now;
        return true;
    }
}
