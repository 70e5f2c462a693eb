using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// The heads and records of this process, bounded in bytes, and the fetches that are in progress. One lock guards all of it, because a caller
/// has to find neither a record nor a fetch, and start its own fetch, in one step, and because a reader has to see all of a refresh or nothing.
/// </summary>
internal sealed class MemoryTier(IOptions<CacheOptions> options)
{
    private readonly long limit = options.Value.MemoryLimitMegabytes * 1024L * 1024L;
    private readonly Lock gate = new();
    private readonly Dictionary<Scope, ScopeEntry> scopes = [];
    private readonly LinkedList<DayEntry> byUse = new();
    private long cost;
    private int fetches;
    private int records;

    /// <summary>Bytes that the records take.</summary>
    public long Cost => Volatile.Read(ref cost);

    /// <summary>Fetches in progress.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    /// <summary>Records held.</summary>
    public int Count => Volatile.Read(ref records);

    /// <summary>
    /// Looks at one record. <paramref name="wanted"/> decides under the lock whether it has to be fetched, from the record and the last failure.
    /// The caller has to start and complete the fetch <paramref name="mine"/>, if there is one.
    /// </summary>
    public DayState Look(DayKey key, long timestamp, Func<DayRecord?, LastFailure?, bool> wanted, out DayFetch? mine)
    {
        mine = null;
        lock (gate)
        {
            var scope = scopes.GetValueOrDefault(key.Scope);
            var entry = scope?.Days.GetValueOrDefault(key.Day);
            if (entry is { Record: not null })
            {
                byUse.Remove(entry.Node);
                byUse.AddLast(entry.Node);
            }

            if (!wanted(entry?.Record, entry?.LastFailure))
            {
                return new DayState(entry?.Record, entry?.LastFailure, null);
            }

            entry ??= Add(scope ?? ScopeOf(key.Scope), key.Day);
            if (entry.Fetch is null)
            {
                entry.Fetch = mine = new DayFetch(key.Day, timestamp);
                fetches++;
            }

            return new DayState(entry.Record, entry.LastFailure, entry.Fetch);
        }
    }

    /// <summary>The record, if it is held. This look does not count as use.</summary>
    public DayRecord? Peek(DayKey key)
    {
        lock (gate)
        {
            return scopes.GetValueOrDefault(key.Scope)?.Days.GetValueOrDefault(key.Day)?.Record;
        }
    }

    /// <summary>The head of a scope. A scope without one begins an epoch.</summary>
    public ScopeHead HeadOf(Scope scope)
    {
        lock (gate)
        {
            return ScopeOf(scope).Head;
        }
    }

    /// <summary>The lock of a scope's head. Whoever replaces the head holds it.</summary>
    public SemaphoreSlim WriterOf(Scope scope)
    {
        lock (gate)
        {
            return ScopeOf(scope).Writer;
        }
    }

    /// <summary>The head of a scope and the records that have something later than a stamp or are of a day from a given one on, at one moment.</summary>
    public (ScopeHead Head, List<DayRecord> Records) ViewOf(Scope scope, Stamp since, DateOnly from)
    {
        lock (gate)
        {
            var entry = ScopeOf(scope);
            var view = new List<DayRecord>();
            foreach (var (day, held) in entry.Days)
            {
                if (held.Record is { } record && (day >= from || record.NewestStamp > since))
                {
                    view.Add(record);
                }
            }

            return (entry.Head, view);
        }
    }

    /// <summary>Brings records that were read one after the other to the same moment, and returns the head of that moment.</summary>
    public ScopeHead Refresh(Scope scope, IReadOnlyList<DateOnly> days, DayRecord?[] records)
    {
        lock (gate)
        {
            var entry = ScopeOf(scope);
            for (var i = 0; i < records.Length; i++)
            {
                records[i] = records[i] is null ? null : entry.Days.GetValueOrDefault(days[i])?.Record ?? records[i];
            }

            return entry.Head;
        }
    }

    /// <summary>
    /// Replaces the head of a scope and some of its records in one step. Records that are not final and that the new head does not know are
    /// dropped where the head comes from Redis.
    /// </summary>
    public void Replace(Scope scope, ScopeHead head, IEnumerable<DayRecord> replaced, bool isFromRedis)
    {
        lock (gate)
        {
            var entry = ScopeOf(scope);
            if (!ReferenceEquals(entry.Head.News, head.News))
            {
                entry.Head.News.Supersede();
            }

            entry.Head = head;
            foreach (var record in replaced)
            {
                Hold(entry.Days.GetValueOrDefault(record.Day) ?? Add(entry, record.Day), record);
            }

            if (isFromRedis)
            {
                foreach (var day in entry.Days.Values.Where(day => day.Record is { IsFinal: false } record
                    && !(head.Days.GetValueOrDefault(record.Day)?.IsStateOf(record) ?? false)).ToList())
                {
                    Forget(day);
                }
            }

            Trim();
        }
    }

    /// <summary>Holds a record that was read from Redis, unless a newer one is held.</summary>
    public void Hold(Scope scope, DayRecord record)
    {
        lock (gate)
        {
            var entry = ScopeOf(scope);
            var day = entry.Days.GetValueOrDefault(record.Day) ?? Add(entry, record.Day);
            if (day.Record is null || day.Record.AskedAt < record.AskedAt)
            {
                Hold(day, record);
            }

            Trim();
        }
    }

    /// <summary>Whether the caller may read a day whole in the background: nobody has tried for a while.</summary>
    public bool TryBeginWholeRead(DayKey key, DateTimeOffset now, TimeSpan interval)
    {
        lock (gate)
        {
            if (scopes.GetValueOrDefault(key.Scope)?.Days.GetValueOrDefault(key.Day) is not { } entry
                || (entry.WholeReadTriedAt is { } tried && now >= tried && now - tried < interval))
            {
                return false;
            }

            entry.WholeReadTriedAt = now;
            return true;
        }
    }

    /// <summary>Completes a fetch and answers the waiting callers.</summary>
    public void Complete(DayKey key, DayFetch fetch, FetchOutcome outcome)
    {
        lock (gate)
        {
            if (scopes.GetValueOrDefault(key.Scope)?.Days.GetValueOrDefault(key.Day) is { } entry && End(entry, fetch))
            {
                entry.LastFailure = outcome.Failure is { } failure ? new LastFailure(failure, outcome.At) : null;
                if (entry.Record is null)
                {
                    Drop(entry);
                }
            }

            Trim();
        }

        fetch.Complete(outcome);
    }

    /// <summary>Ends a fetch that a defect of the gateway stopped.</summary>
    public void Fail(DayKey key, DayFetch fetch, Exception exception)
    {
        lock (gate)
        {
            if (scopes.GetValueOrDefault(key.Scope)?.Days.GetValueOrDefault(key.Day) is { } entry && End(entry, fetch) && entry.Record is null)
            {
                Drop(entry);
            }
        }

        fetch.Fail(exception);
    }

    private bool End(DayEntry entry, DayFetch fetch)
    {
        if (!ReferenceEquals(entry.Fetch, fetch))
        {
            return false;
        }

        entry.Fetch = null;
        fetches--;
        return true;
    }

    private void Hold(DayEntry entry, DayRecord record)
    {
        entry.Record?.Validity.Supersede();
        cost += record.Cost - (entry.Record?.Cost ?? 0);
        records += entry.Record is null ? 1 : 0;
        entry.Record = record;
        byUse.Remove(entry.Node);
        byUse.AddLast(entry.Node);
    }

    private ScopeEntry ScopeOf(Scope scope)
    {
        if (!scopes.TryGetValue(scope, out var entry))
        {
            scopes.Add(scope, entry = new ScopeEntry(scope));
        }

        return entry;
    }

    private DayEntry Add(ScopeEntry scope, DateOnly day)
    {
        var entry = new DayEntry(scope, day);
        scope.Days.Add(day, entry);
        byUse.AddLast(entry.Node);
        return entry;
    }

    // Final days go first: they can be read again without a loss. A day whose stamps are lost is no news to those who follow.
    private void Trim()
    {
        Trim(entry => entry.Record is { IsFinal: true });
        Trim(_ => true);
    }

    private void Trim(Func<DayEntry, bool> may)
    {
        for (var node = byUse.First; node is not null && cost > limit;)
        {
            var entry = node.Value;
            node = node.Next;
            if (entry.Fetch is null && may(entry))
            {
                Drop(entry);
            }
        }
    }

    private void Forget(DayEntry entry)
    {
        if (entry.Fetch is null)
        {
            Drop(entry);
            return;
        }

        cost -= entry.Record?.Cost ?? 0;
        records -= entry.Record is null ? 0 : 1;
        entry.Record?.Validity.Supersede();
        entry.Record = null;
    }

    private void Drop(DayEntry entry)
    {
        cost -= entry.Record?.Cost ?? 0;
        records -= entry.Record is null ? 0 : 1;
        byUse.Remove(entry.Node);
        entry.Scope.Days.Remove(entry.Day);
        if (entry.Scope.Days.Count == 0)
        {
            // Numbers that anyone asks about must not leave something behind for ever.
            scopes.Remove(entry.Scope.Scope);
        }
    }

    private sealed class ScopeEntry(Scope scope)
    {
        public Scope Scope => scope;

        public Dictionary<DateOnly, DayEntry> Days { get; } = [];

        public SemaphoreSlim Writer { get; } = new(1, 1);

        public ScopeHead Head { get; set; } = ScopeHead.New();
    }

    private sealed class DayEntry
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

        public DateTimeOffset? WholeReadTriedAt { get; set; }
    }
}
