using WebSmsGateway.Archive.Records;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive;

/// <summary>
/// The scopes and days in memory, in the order of their use. It is not safe for several threads: <see cref="MemoryTier"/> holds its lock.
/// </summary>
/// <param name="limit">What all of it may take, in bytes.</param>
internal sealed class HeldRecords(long limit)
{
    // Counts are small, and the messages of recent days have to stay.
    private const int ShareOfCounts = 4;

    [Bounded("Cache:MemoryLimitMegabytes; a scope without days is dropped")]
    private readonly Dictionary<Scope, ScopeEntry> scopes = [];

    [Bounded("Cache:MemoryLimitMegabytes")]
    private readonly LinkedList<DayEntry> byUse = new();

    // Days of which only the counts are left, in the order of their use.
    [Bounded("a quarter of Cache:MemoryLimitMegabytes")]
    private readonly LinkedList<DayEntry> counted = new();

    private readonly DaylessScopes dayless = new();

    // Of all scopes of which nothing is known. A scope whose first question failed is dropped, and its readers must not find another epoch.
    private ScopeHead unused = ScopeHead.New();
    private long cost;
    private long costOfCounted;
    private int count;

    /// <summary>Bytes that the records take, and the counts of those that were let go.</summary>
    public long Cost => Volatile.Read(ref cost);

    /// <summary>Records held.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Whether of some days only the counts are left.</summary>
    public bool HasCounted => counted.Count > 0;

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
        dayless.Leave(scope);
        return entry;
    }

    /// <summary>Marks what is known of a day as used just now.</summary>
    public static void Use(DayEntry? entry)
    {
        if (entry is { Record: not null } or { Counted: not null })
        {
            Move(entry, entry.Node.List!);
        }
    }

    /// <summary>Replaces the record of a day.</summary>
    public void Hold(DayKey key, DayRecord record)
    {
        var entry = Find(key) ?? Add(key);

        // A day that is read from Redis again is as it was, and readers may go on with what they have.
        Take(entry, isOutdated: (entry.Record ?? entry.Counted)?.IsStateOf(record) != true);
        (entry.Record, entry.Cost) = (record, record.Cost + (record.Counts?.Cost ?? 0));
        cost += entry.Cost;
        count++;
        Use(entry);
    }

    /// <summary>Holds the record of a day until it has been read whole.</summary>
    public void Keep(DayKey key, DayRecord record)
    {
        if (Find(key)?.Record is null)
        {
            Hold(key, record);
        }

        Find(key)!.BeginWholeRead();
    }

    /// <summary>Ends a fetch. A day of which nothing became known is dropped.</summary>
    /// <returns>Whether it was in progress.</returns>
    public bool End(DayKey key, DayFetch fetch, FetchOutcome? outcome)
    {
        if (Find(key) is not { } entry || !entry.End(fetch, outcome))
        {
            return false;
        }

        if (entry is { Record: null, Counted: null })
        {
            Drop(entry);
        }

        return true;
    }

    /// <summary>Drops what is known of a day because it is not true any more, and the day unless it is being fetched.</summary>
    public void Forget(DayEntry entry)
    {
        Take(entry, isOutdated: true);
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
        Take(entry, isOutdated: false);
        entry.Node.List!.Remove(entry.Node);
        entry.Scope.Days.Remove(entry.Day);
        if (entry.Scope.Days.Count == 0)
        {
            HoldDayless(entry.Scope);
        }
    }

    /// <summary>
    /// Lets the days go that were used least, until the rest is within the limit. Final days go first: they can be read again without a loss. A
    /// day whose stamps are lost is no news to those who follow. Of days whose messages were counted the counts stay.
    /// </summary>
    public void Trim()
    {
        Trim(static entry => entry.Record is { IsFinal: true });
        Trim(static _ => true);
    }

    private void HoldDayless(ScopeEntry scope)
    {
        if (dayless.Hold(scope) is { } unusedLongest)
        {
            scopes.Remove(unusedLongest.Scope);
            if (unusedLongest.Head is { LastStamp: > 0 } lost && lost.Epoch == unused.Epoch)
            {
                unused = ScopeHead.New();
            }
        }
    }

    private void Trim(Func<DayEntry, bool> may)
    {
        // Cached pages are given without a look at the tier. A day that was used so goes to the end once, so each is met twice at most.
        var looks = 2 * byUse.Count;
        for (var node = byUse.First; node is not null && cost > limit && looks > 0; looks--)
        {
            var entry = node.Value;
            node = node.Next;
            if (entry.IsInUse || !may(entry))
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
                LetGo(entry);
            }
        }
    }

    private void LetGo(DayEntry entry)
    {
        if (entry.Record?.WithoutMessages() is not { } left)
        {
            Drop(entry);
            return;
        }

        // A page that was made from the record is still true, so its validity goes on with the counts.
        entry.Record = null;
        count--;
        cost -= entry.Cost;
        (entry.Counted, entry.Cost) = (left, left.Cost + left.Counts!.Cost);
        cost += entry.Cost;
        costOfCounted += entry.Cost;
        Move(entry, counted);
        for (var node = counted.First; node is not null && costOfCounted > limit / ShareOfCounts;)
        {
            var oldest = node.Value;
            node = node.Next;
            if (!oldest.IsInUse)
            {
                Drop(oldest);
            }
        }
    }

    private void Take(DayEntry entry, bool isOutdated)
    {
        (entry.Record ?? entry.Counted)?.Validity.Supersede(isOutdated);
        count -= entry.Record is null ? 0 : 1;
        cost -= entry.Cost;
        if (entry.Counted is not null)
        {
            costOfCounted -= entry.Cost;
            Move(entry, byUse);
        }

        (entry.Record, entry.Counted, entry.Cost) = (null, null, 0);
    }

    private static void Move(DayEntry entry, LinkedList<DayEntry> list)
    {
        entry.Node.List!.Remove(entry.Node);
        list.AddLast(entry.Node);
    }
}
