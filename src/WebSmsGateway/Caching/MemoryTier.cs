using Microsoft.Extensions.Options;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Caching;

/// <summary>
/// The segments of this process, bounded in bytes, and the flights that fetch further ones. One lock guards both, because the
/// question "is it here, is it on its way, or is it mine to fetch?" has to be answered at once, or two callers would both fetch.
/// </summary>
internal sealed class MemoryTier(IOptions<CacheOptions> options)
{
    private readonly long limit = options.Value.MemoryLimitMegabytes * 1024L * 1024L;
    private readonly Lock gate = new();
    private readonly Dictionary<SegmentKey, Entry> entries = [];
    private readonly LinkedList<Entry> byUse = new();
    private long cost;
    private int flights;

    /// <summary>Bytes that the segments take.</summary>
    public long Cost => Volatile.Read(ref cost);

    /// <summary>Questions that are on their way.</summary>
    public int Flights => Volatile.Read(ref flights);

    /// <summary>Segments held.</summary>
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
    /// Looks at one segment and decides under the lock. The decision gets what is known and whether a question is on its way, and
    /// returns whether to fetch; if so and nobody does yet, <paramref name="mine"/> is the flight that the caller now has to fly and land.
    /// </summary>
    public SegmentState Look(SegmentKey key, Func<DaySegment?, UpstreamRefusal?, bool, bool> wanted, out SegmentFlight? mine)
    {
        mine = null;
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
            {
                entry = null;
            }

            if (entry is { Segment: not null })
            {
                byUse.Remove(entry.Node);
                byUse.AddLast(entry.Node);
            }

            if (!wanted(entry?.Segment, entry?.Refusal, entry?.Flight is not null))
            {
                return new SegmentState(entry?.Segment, entry?.Refusal, null);
            }

            entry ??= Add(key);
            if (entry.Flight is null)
            {
                entry.Flight = mine = new SegmentFlight(key.Day);
                flights++;
            }

            return new SegmentState(entry.Segment, entry.Refusal, entry.Flight);
        }
    }

    /// <summary>What is held of a segment, without counting as use.</summary>
    public DaySegment? Peek(SegmentKey key)
    {
        lock (gate)
        {
            return entries.TryGetValue(key, out var entry) ? entry.Segment : null;
        }
    }

    /// <summary>Ends a flight: keeps what it brought, then tells those who wait.</summary>
    public void Land(SegmentKey key, SegmentFlight flight, SegmentOutcome outcome)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var entry))
            {
                End(entry, flight);
                entry.Refusal = outcome.Failure is { } failure ? new UpstreamRefusal(failure, outcome.At) : null;
                if (outcome.Segment is { } segment)
                {
                    Hold(entry, segment);
                }

                if (entry is { Segment: null, Flight: null })
                {
                    Drop(entry);
                }
            }

            Trim();
        }

        flight.Land(outcome);
    }

    /// <summary>Ends a flight by a defect of ours.</summary>
    public void Crash(SegmentKey key, SegmentFlight flight, Exception exception)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var entry) && End(entry, flight) && entry.Segment is null)
            {
                Drop(entry);
            }
        }

        flight.Crash(exception);
    }

    private bool End(Entry entry, SegmentFlight flight)
    {
        if (!ReferenceEquals(entry.Flight, flight))
        {
            return false;
        }

        entry.Flight = null;
        flights--;
        return true;
    }

    private void Hold(Entry entry, DaySegment segment)
    {
        // Another replica's older answer must not take the place of a newer one.
        if (entry.Segment is { } held && held.AskedAt > segment.AskedAt)
        {
            return;
        }

        entry.Segment?.Validity.Supersede();
        cost += segment.Cost - (entry.Segment?.Cost ?? 0);
        entry.Segment = segment;
        byUse.Remove(entry.Node);
        byUse.AddLast(entry.Node);
    }

    private Entry Add(SegmentKey key)
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
            if (entry.Flight is null)
            {
                Drop(entry);
            }
        }
    }

    private void Drop(Entry entry)
    {
        cost -= entry.Segment?.Cost ?? 0;
        byUse.Remove(entry.Node);
        entries.Remove(entry.Key);
    }

    private sealed class Entry
    {
        public Entry(SegmentKey key)
        {
            Key = key;
            Node = new LinkedListNode<Entry>(this);
        }

        public SegmentKey Key { get; }

        public LinkedListNode<Entry> Node { get; }

        public DaySegment? Segment { get; set; }

        public SegmentFlight? Flight { get; set; }

        public UpstreamRefusal? Refusal { get; set; }
    }
}

/// <summary>When and why the last question about a segment went unanswered.</summary>
internal sealed record UpstreamRefusal(UpstreamFailure Failure, DateTimeOffset At);

/// <summary>What is known of a segment at one moment.</summary>
/// <param name="Segment">The last good answer.</param>
/// <param name="Refusal">The failure since, if the last question failed.</param>
/// <param name="Flight">The question that is on its way.</param>
internal readonly record struct SegmentState(DaySegment? Segment, UpstreamRefusal? Refusal, SegmentFlight? Flight);

/// <summary>Where a segment came from.</summary>
internal enum SegmentSource
{
    Memory,
    Redis,
    Upstream,
}

/// <summary>What a flight brought: a segment or the failure.</summary>
internal sealed record SegmentOutcome(DaySegment? Segment, UpstreamFailure? Failure, SegmentSource Source, DateTimeOffset At);

/// <summary>
/// One question about one day, shared by all who need it. It belongs to none of them: a caller that leaves stops waiting and
/// nothing else.
/// </summary>
internal sealed class SegmentFlight(DateOnly day)
{
    private readonly TaskCompletionSource<SegmentOutcome> landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateOnly Day => day;

    public Task<SegmentOutcome> Landed => landed.Task;

    public void Land(SegmentOutcome outcome) => landed.TrySetResult(outcome);

    /// <summary>Ends the flight by a defect of ours.</summary>
    public void Crash(Exception exception) => landed.TrySetException(exception);
}
