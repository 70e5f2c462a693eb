using Microsoft.Extensions.Options;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// The records of this process, bounded in bytes, and the fetches that are in progress. One lock guards both, because a caller
/// has to find neither a record nor a fetch, and start its own fetch, in one step. Otherwise two callers would both fetch.
/// </summary>
internal sealed class MemoryTier(IOptions<CacheOptions> options)
{
    private readonly long limit = options.Value.MemoryLimitMegabytes * 1024L * 1024L;
    private readonly Lock gate = new();
    private readonly Dictionary<DayKey, Entry> entries = [];
    private readonly LinkedList<Entry> byUse = new();
    private long cost;
    private int fetches;

    /// <summary>Bytes that the records take.</summary>
    public long Cost => Volatile.Read(ref cost);

    /// <summary>Fetches in progress.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    /// <summary>Records held.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>
    /// Looks at one record. <paramref name="wanted"/> decides under the lock whether it has to be fetched, from the record, the last
    /// failure and whether a fetch is in progress. The caller has to start and complete the fetch <paramref name="mine"/>, if there is one.
    /// </summary>
    public DayState Look(DayKey key, Func<DayRecord?, LastFailure?, bool, bool> wanted, out DayFetch? mine)
    {
        mine = null;
        lock (gate)
        {
            _ = entries.TryGetValue(key, out var entry);
            if (entry is { Record: not null })
            {
                byUse.Remove(entry.Node);
                byUse.AddLast(entry.Node);
            }

            if (!wanted(entry?.Record, entry?.LastFailure, entry?.Fetch is not null))
            {
                return new DayState(entry?.Record, entry?.LastFailure, null);
            }

            entry ??= Add(key);
            if (entry.Fetch is null)
            {
                entry.Fetch = mine = new DayFetch(key.Day);
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
            return entries.TryGetValue(key, out var entry) ? entry.Record : null;
        }
    }

    /// <summary>Completes a fetch: keeps its record and answers the waiting callers.</summary>
    public void Complete(DayKey key, DayFetch fetch, FetchOutcome outcome)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var entry))
            {
                End(entry, fetch);
                entry.LastFailure = outcome.Failure is { } failure ? new LastFailure(failure, outcome.At) : null;
                if (outcome.Record is { } record)
                {
                    Hold(entry, record);
                }

                if (entry is { Record: null, Fetch: null })
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
            if (entries.TryGetValue(key, out var entry) && End(entry, fetch) && entry.Record is null)
            {
                Drop(entry);
            }
        }

        fetch.Fail(exception);
    }

    private bool End(Entry entry, DayFetch fetch)
    {
        if (!ReferenceEquals(entry.Fetch, fetch))
        {
            return false;
        }

        entry.Fetch = null;
        fetches--;
        return true;
    }

    private void Hold(Entry entry, DayRecord record)
    {
        // An older answer of another replica must not replace a newer one.
        if (entry.Record is { } held && held.AskedAt > record.AskedAt)
        {
            return;
        }

        entry.Record?.Validity.Supersede();
        cost += record.Cost - (entry.Record?.Cost ?? 0);
        entry.Record = record;
        byUse.Remove(entry.Node);
        byUse.AddLast(entry.Node);
    }

    private Entry Add(DayKey key)
    {
        var entry = new Entry(key);
        entries.Add(key, entry);
        byUse.AddLast(entry.Node);
        return entry;
    }

    private void Trim()
    {
        for (var node = byUse.First; node is not null && cost > limit;)
        {
            var entry = node.Value;
            node = node.Next;
            if (entry.Fetch is null)
            {
                Drop(entry);
            }
        }
    }

    private void Drop(Entry entry)
    {
        cost -= entry.Record?.Cost ?? 0;
        byUse.Remove(entry.Node);
        entries.Remove(entry.Key);
    }

    private sealed class Entry
    {
        public Entry(DayKey key)
        {
            Key = key;
            Node = new LinkedListNode<Entry>(this);
        }

        public DayKey Key { get; }

        public LinkedListNode<Entry> Node { get; }

        public DayRecord? Record { get; set; }

        public DayFetch? Fetch { get; set; }

        public LastFailure? LastFailure { get; set; }
    }
}

/// <summary>When and why the last fetch of a record failed.</summary>
internal sealed record LastFailure(UpstreamFailure Failure, DateTimeOffset At);

/// <summary>The state of a record at one moment.</summary>
/// <param name="Record">The last good answer.</param>
/// <param name="LastFailure">The failure of the last fetch, if it failed.</param>
/// <param name="Fetch">The fetch in progress.</param>
internal readonly record struct DayState(DayRecord? Record, LastFailure? LastFailure, DayFetch? Fetch);

/// <summary>Where a record came from, nearest tier first.</summary>
internal enum DaySource
{
    Memory,
    Redis,
    Upstream,
}

/// <summary>The result of a fetch. A failed one may still bring the last good record.</summary>
internal sealed record FetchOutcome(DayRecord? Record, UpstreamFailure? Failure, DaySource Source, DateTimeOffset At);

/// <summary>A fetch of one day, shared by all callers who need it. A caller who leaves does not stop it.</summary>
internal sealed class DayFetch(DateOnly day)
{
    private readonly TaskCompletionSource<FetchOutcome> completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateOnly Day => day;

    public Task<FetchOutcome> Completed => completed.Task;

    public void Complete(FetchOutcome outcome) => completed.TrySetResult(outcome);

    public void Fail(Exception exception) => completed.TrySetException(exception);
}
