using WebSmsGateway.Archive.Records;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive;

/// <summary>
/// The scopes and days in memory, in the order of their use. It is not safe for several threads: <see cref="MemoryTier"/> holds its lock.
/// </summary>
internal sealed class HeldRecords
{
    private const int MaxDayless = 1000;

    [Bounded("Cache:MemoryLimitMegabytes; a scope without days is dropped")]
    private readonly Dictionary<Scope, ScopeEntry> scopes = [];

    [Bounded("Cache:MemoryLimitMegabytes")]
    private readonly LinkedList<DayEntry> byUse = new();

    // Scopes of which no day is held, in the order of their use. Whoever asks about made-up numbers gets one for each.
    [Bounded("1,000 scopes")]
    private readonly LinkedList<ScopeEntry> dayless = new();

    // Of all scopes of which nothing is known. A scope whose first question failed is dropped, and its readers must not find another epoch.
    private ScopeHead unused = ScopeHead.New();
    private long cost;
    private int count;

    /// <summary>Bytes that the records take.</summary>
    public long Cost => Volatile.Read(ref cost);

    /// <summary>Records held.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Scopes held, with days or without.</summary>
    public int Scopes => scopes.Count;

    /// <summary>A day, if it is there.</summary>
    public DayEntry? Find(DayKey key) => scopes.GetValueOrDefault(key.Scope)?.Days.GetValueOrDefault(key.Day);

    /// <summary>A scope, if it is there.</summary>
    public ScopeEntry? Find(Scope scope) => scopes.GetValueOrDefault(scope);

    /// <summary>A scope. One that is not there yet begins an epoch.</summary>
    public ScopeEntry Of(Scope scope)
    {
        if (!scopes.TryGetValue(scope, out var entry))
        {
            scopes.Add(scope, entry = new ScopeEntry(scope, unused with { News = new RecordValidity() }));
        }

        if (entry.Days.Count == 0)
        {
            HoldDayless(entry);
        }

        return entry;
    }

    public DayEntry Add(DayKey key)
    {
        var scope = Of(key.Scope);
        var entry = new DayEntry(scope, key.Day);
        scope.Days.Add(key.Day, entry);
        byUse.AddLast(entry.Node);
        Leave(scope);
        return entry;
    }

    /// <summary>Marks the record of a day as used just now.</summary>
    public void Use(DayEntry? entry)
    {
        if (entry is { Record: not null })
        {
            byUse.Remove(entry.Node);
            byUse.AddLast(entry.Node);
        }
    }

    /// <summary>Replaces the record of a day.</summary>
    public void Hold(DayKey key, DayRecord record)
    {
        var entry = Find(key) ?? Add(key);
        Take(entry);
        cost += record.Cost;
        count++;
        entry.Record = record;
        Use(entry);
    }

    /// <summary>Drops the record of a day, and the day unless it is being fetched.</summary>
    public void Forget(DayEntry entry)
    {
        Take(entry);
        if (entry.Fetch is null)
        {
            Drop(entry);
        }
    }

    /// <summary>
    /// Drops a day. A scope without days keeps its head for a while, so that a day that is larger than the tier does not end the epoch with
    /// each reading.
    /// </summary>
    public void Drop(DayEntry entry)
    {
        Take(entry);
        byUse.Remove(entry.Node);
        entry.Scope.Days.Remove(entry.Day);
        if (entry.Scope.Days.Count == 0)
        {
            HoldDayless(entry.Scope);
        }
    }

    /// <summary>
    /// Drops the days that were used least, until the rest is within a limit. Final days go first: they can be read again without a loss. A
    /// day whose stamps are lost is no news to those who follow.
    /// </summary>
    public void Trim(long limit)
    {
        Trim(limit, static entry => entry.Record is { IsFinal: true });
        Trim(limit, static _ => true);
    }

    // A scope is used for a moment after it was found. The one that was used longest ago is not used any more, so it may go: numbers that
    // anyone asks about must not leave something behind for ever.
    private void HoldDayless(ScopeEntry scope)
    {
        Leave(scope);
        dayless.AddLast(scope.Node);
        if (dayless.Count > MaxDayless)
        {
            Drop(dayless.First!.Value);
        }
    }

    private void Leave(ScopeEntry scope)
    {
        if (scope.Node.List is not null)
        {
            dayless.Remove(scope.Node);
        }
    }

    private void Drop(ScopeEntry scope)
    {
        scopes.Remove(scope.Scope);
        Leave(scope);
        if (scope.Head is { LastStamp: > 0 } lost && lost.Epoch == unused.Epoch)
        {
            unused = ScopeHead.New();
        }
    }

    private void Trim(long limit, Func<DayEntry, bool> may)
    {
        // Cached pages are given without a look at the tier. A day that was used so goes to the end once, so each is met twice at most.
        var looks = 2 * byUse.Count;
        for (var node = byUse.First; node is not null && cost > limit && looks > 0; looks--)
        {
            var entry = node.Value;
            node = node.Next;
            if (entry.Fetch is not null || !may(entry))
            {
                continue;
            }

            if (entry.Record?.Validity.TakeUse() == true)
            {
                Use(entry);
                node ??= entry.Node;
            }
            else
            {
                Drop(entry);
            }
        }
    }

    private void Take(DayEntry entry)
    {
        if (entry.Record is { } record)
        {
            record.Validity.Supersede();
            cost -= record.Cost;
            count--;
            entry.Record = null;
        }
    }
}

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

    public DayFetch? Fetch { get; set; }

    public LastFailure? LastFailure { get; set; }

    /// <summary>When the day was last read whole in the background, or was tried to be.</summary>
    public DateTimeOffset? WholeReadTriedAt { get; set; }
}
