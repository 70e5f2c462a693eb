using WebSmsGateway.Archive.Records;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>A scope in memory.</summary>
internal sealed class ScopeEntry
{
    // Memory may let a day go soon after it was read, so its days do not say this.
    [Bounded("the days that are open")]
    private readonly Dictionary<DateOnly, DateTimeOffset> wholeReads = [];

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

    /// <summary>Whether a record of a day is the present one, and nobody has tried for a while to read the day whole.</summary>
    public bool TryBeginWholeRead(DayRecord record, DateTimeOffset now, TimeSpan interval)
    {
        var isPresent = Days.GetValueOrDefault(record.Day)?.Record is not null || Head.Days.Count == 0
            || Head.Days.GetValueOrDefault(record.Day)?.IsStateOf(record) == true;
        foreach (var (other, tried) in wholeReads)
        {
            if (now < tried || now - tried >= interval)
            {
                wholeReads.Remove(other);
            }
        }

        return isPresent && Days.GetValueOrDefault(record.Day) is not { IsReadWhole: true } && wholeReads.TryAdd(record.Day, now);
    }

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

    /// <summary>Whether an answer is on its way that will be merged into the record.</summary>
    public bool IsInUse => Fetch is not null || IsReadWhole;

    /// <summary>Whether the day is being read whole in the background.</summary>
    public bool IsReadWhole { get; private set; }

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

    /// <summary>The day is being read whole in the background.</summary>
    public void BeginWholeRead() => IsReadWhole = true;

    public void EndWholeRead() => IsReadWhole = false;

    /// <summary>Ends a fetch.</summary>
    /// <returns>Whether it was in progress.</returns>
    public bool End(DayFetch fetch, FetchOutcome? outcome)
    {
        if (!ReferenceEquals(Fetch, fetch))
        {
            return false;
        }

        Fetch = null;
        if (outcome is not null)
        {
            // That one caller used up its share is nothing to others.
            LastFailure = outcome.Failure is { Error: not UpstreamError.ShareUsedUp } failure ? new LastFailure(failure, outcome.At) : null;
        }

        return true;
    }
}
