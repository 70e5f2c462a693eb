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
    private readonly Lock gate = new();
    private readonly HeldRecords held = new(options.Value.MemoryLimitMegabytes * 1024L * 1024L);
    private int fetches;

    /// <summary>Bytes that the records take, and the counts of those that were let go.</summary>
    public long Cost => held.Cost;

    /// <summary>Fetches in progress.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    /// <summary>Records held.</summary>
    public int Count => held.Count;

    /// <summary>Scopes held.</summary>
    public int Scopes => held.Scopes;

    /// <summary>
    /// Looks at one record. <paramref name="wanted"/> decides under the lock whether it has to be fetched, from the record and the last failure.
    /// The caller has to start and complete the fetch <paramref name="mine"/>, if there is one. Counts may be enough for a <paramref name="reader"/>.
    /// </summary>
    public DayState Look(DayKey key, long timestamp, Func<DayRecord?, LastFailure?, bool> wanted, out DayFetch? mine, DayReader? reader = null)
    {
        mine = null;
        lock (gate)
        {
            var entry = held.Find(key);
            HeldRecords.Use(entry);
            var record = entry?.RecordFor(reader);
            if (!wanted(record, entry?.LastFailure))
            {
                return new DayState(record, entry?.LastFailure, null);
            }

            entry ??= held.Add(key);
            if (entry.Fetch is null)
            {
                entry.Fetch = mine = new DayFetch(key.Day, timestamp);
                fetches++;
            }

            return new DayState(record, entry.LastFailure, entry.Fetch);
        }
    }

    /// <summary>Uses the records of days at one moment.</summary>
    /// <returns>The head of that moment; null if a day is not held.</returns>
    public ScopeHead? TryUse(Scope scope, IReadOnlyList<DateOnly> days, DayRecord?[] records, DayReader reader)
    {
        lock (gate)
        {
            var known = held.Find(scope);
            for (var i = 0; i < records.Length; i++)
            {
                var entry = known?.Days.GetValueOrDefault(days[i]);
                if ((records[i] = entry?.RecordFor(reader)) is null)
                {
                    return null;
                }

                HeldRecords.Use(entry);
            }

            return known?.Head;
        }
    }

    /// <summary>
    /// What is known of days, record or counts, in their order; null while memory has let none go. This look does not count as use.
    /// </summary>
    public DayRecord?[]? LookAhead(Scope scope, IReadOnlyList<DateOnly> days)
    {
        lock (gate)
        {
            return !held.HasCounted || held.Find(scope) is not { } entry ? null
                : [.. days.Select(day => entry.Days.GetValueOrDefault(day) is { } known ? known.Record ?? known.Counted : null)];
        }
    }

    /// <summary>The record, if it is held. This look does not count as use.</summary>
    public DayRecord? Peek(DayKey key)
    {
        lock (gate)
        {
            return held.Find(key)?.Record;
        }
    }

    /// <summary>The head of a scope. A scope without one begins an epoch.</summary>
    public ScopeHead HeadOf(Scope scope)
    {
        lock (gate)
        {
            return held.Of(scope).Head;
        }
    }

    /// <summary>The lock of a scope's head. Whoever replaces the head holds it.</summary>
    public SemaphoreSlim WriterOf(Scope scope)
    {
        lock (gate)
        {
            return held.Of(scope).Writer;
        }
    }

    /// <summary>The head of a scope and the records that have something later than a stamp or are of a day from a given one on, at one moment.</summary>
    public (ScopeHead Head, List<DayRecord> Records) ViewOf(Scope scope, Stamp since, DateOnly from)
    {
        lock (gate)
        {
            var entry = held.Of(scope);
            return (entry.Head, entry.RecordsFrom(from, since));
        }
    }

    /// <summary>Brings records that were read one after the other to the same moment.</summary>
    /// <returns>
    /// The head of that moment; null if memory has let go a later state of a day, or counts are no longer enough for the reader. The days have
    /// to be read again then, because the head has stamps of messages that a record lacks. In the last read, such a day has no record.
    /// </returns>
    public ScopeHead? Refresh(Scope scope, IReadOnlyList<DateOnly> days, DayRecord?[] records, DayReader reader, bool isLast = false)
    {
        lock (gate)
        {
            var entry = held.Of(scope);
            for (var i = 0; i < records.Length; i++)
            {
                if (records[i] is { } record && (records[i] = entry.Days.GetValueOrDefault(days[i])?.RecordFor(reader)) is null)
                {
                    var isBeyond = entry.Head.IsBeyond(record);
                    records[i] = isBeyond && isLast ? null : record;
                    if (isBeyond && !isLast)
                    {
                        return null;
                    }
                }
            }

            return entry.Head;
        }
    }

    /// <summary>
    /// Replaces the head of a scope and some of its records in one step. Of a head from Redis, records that are not final and that it does not
    /// know are dropped.
    /// </summary>
    public void Replace(Scope scope, ScopeHead head, IEnumerable<DayRecord> replaced, bool isFromRedis)
    {
        lock (gate)
        {
            var entry = held.Of(scope);
            if (!ReferenceEquals(entry.Head.News, head.News))
            {
                entry.Head.News.Supersede();
            }

            entry.Head = head;
            foreach (var record in replaced)
            {
                held.Hold(new DayKey(scope, record.Day), record);
            }

            if (isFromRedis)
            {
                entry.Days.Values.Where(day => day.IsOtherIn(head)).ToList().ForEach(held.Forget);
            }

            held.Trim();
        }
    }

    /// <summary>Holds a record that was read from Redis, unless a newer one is held, or was held and let go meanwhile.</summary>
    public void Hold(Scope scope, DayRecord record)
    {
        lock (gate)
        {
            var key = new DayKey(scope, record.Day);
            if (!(held.Find(key)?.Record?.LookedAt >= record.LookedAt) && !held.Of(scope).Head.IsBeyond(record))
            {
                held.Hold(key, record);
            }

            held.Trim();
        }
    }

    /// <summary>
    /// Whether the caller may read a day whole in the background: nobody has tried for a while. The record stays in memory until
    /// <see cref="EndWholeRead"/>, because the answer is merged into it.
    /// </summary>
    public bool TryBeginWholeRead(Scope scope, DayRecord record, DateTimeOffset now, TimeSpan interval)
    {
        lock (gate)
        {
            var isBegun = held.Of(scope).TryBeginWholeRead(record, now, interval);
            if (isBegun)
            {
                held.Keep(new DayKey(scope, record.Day), record);
            }

            return isBegun;
        }
    }

    /// <summary>Lets a day go again that was read whole.</summary>
    public void EndWholeRead(DayKey key)
    {
        lock (gate)
        {
            held.Find(key)?.EndWholeRead();
            held.Trim();
        }
    }

    /// <summary>Completes a fetch and answers the waiting callers.</summary>
    public void Complete(DayKey key, DayFetch fetch, FetchOutcome outcome)
    {
        lock (gate)
        {
            fetches -= held.End(key, fetch, outcome) ? 1 : 0;
            held.Trim();
        }

        fetch.Complete(outcome);
    }

    /// <summary>Ends a fetch that a defect of the gateway stopped.</summary>
    public void Fail(DayKey key, DayFetch fetch, Exception exception)
    {
        lock (gate)
        {
            fetches -= held.End(key, fetch, null) ? 1 : 0;
        }

        fetch.Fail(exception);
    }
}
