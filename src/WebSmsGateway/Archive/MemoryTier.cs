using Microsoft.Extensions.Options;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// The records of this process, bounded in bytes, and the fetches that fetch further ones. One lock guards both, because the
/// question "is it here, is it on its way, or is it mine to fetch?" has to be answered at once, or two callers would both fetch.
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

    /// <summary>Questions that are on their way.</summary>
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
    /// Looks at one record and decides under the lock. The decision gets what is known and whether a question is on its way, and
    /// returns whether to fetch; if so and nobody does yet, <paramref name="mine"/> is the fetch that the caller now has to start and complete.
    /// </summary>
    public DayState Look(DayKey key, Func<DayRecord?, LastFailure?, bool, bool> wanted, out DayFetch? mine)
    {
        mine = null;
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
            {
                entry = null;
            }

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

    /// <summary>What is held of a record, without counting as use.</summary>
    public DayRecord? Peek(DayKey key)
    {
        lock (gate)
        {
            return entries.TryGetValue(key, out var entry) ? entry.Record : null;
        }
    }

    /// <summary>Ends a fetch: keeps what it brought, then tells those who wait.</summary>
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

    /// <summary>Ends a fetch by a defect of ours.</summary>
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
        // Another replica's older answer must not take the place of a newer one.
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

/// <summary>When and why the last question about a record went unanswered.</summary>
internal sealed record LastFailure(UpstreamFailure Failure, DateTimeOffset At);

/// <summary>What is known of a record at one moment.</summary>
/// <param name="Record">The last good answer.</param>
/// <param name="LastFailure">The failure since, if the last question failed.</param>
/// <param name="Fetch">The question that is on its way.</param>
internal readonly record struct DayState(DayRecord? Record, LastFailure? LastFailure, DayFetch? Fetch);

/// <summary>Where a record came from.</summary>
internal enum DaySource
{
    Memory,
    Redis,
    Upstream,
}

/// <summary>What a fetch brought: a record or the failure.</summary>
internal sealed record FetchOutcome(DayRecord? Record, UpstreamFailure? Failure, DaySource Source, DateTimeOffset At);

/// <summary>
/// One question about one day, shared by all who need it. It belongs to none of them: a caller that leaves stops waiting and
/// nothing else.
/// </summary>
internal sealed class DayFetch(DateOnly day)
{
    private readonly TaskCompletionSource<FetchOutcome> completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateOnly Day => day;

    public Task<FetchOutcome> Completed => completed.Task;

    public void Complete(FetchOutcome outcome) => completed.TrySetResult(outcome);

    /// <summary>Ends the fetch by a defect of ours.</summary>
    public void Fail(Exception exception) => completed.TrySetException(exception);
}
