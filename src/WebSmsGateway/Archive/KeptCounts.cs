using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive;

/// <summary>
/// The counts of days whose messages memory has let go, with the properties of their records. They are bounded in bytes, and those that were kept
/// first go first.
/// </summary>
internal sealed class KeptCounts(long limit)
{
    private const int EntryBytes = 240;
    private const int MostProblems = 20;

    private readonly Lock gate = new();
    private readonly Dictionary<DayKey, Kept> days = [];
    private readonly LinkedList<DayKey> byAge = new();

    // Another replica may learn more about these.
    private readonly HashSet<DayKey> notFinal = [];
    private long cost;
    private int count;

    /// <summary>Bytes that the counts take.</summary>
    public long Cost => Volatile.Read(ref cost);

    /// <summary>Keeps the counts of a record that is let go, if it has them and nothing of it is in doubt.</summary>
    public void Keep(DayKey key, DayRecord record)
    {
        if (record is not { Counts: { } counts, IsWhole: true, Doubts.Count: 0, Metadata.Removed.Count: 0, Problems.Count: <= MostProblems })
        {
            return;
        }

        lock (gate)
        {
            Remove(key);
            var kept = new Kept(record.WithoutMessages(), counts, byAge.AddLast(key));
            days.Add(key, kept);
            cost += kept.Cost;
            count++;
            if (!record.IsFinal)
            {
                notFinal.Add(key);
            }

            while (cost > limit && byAge.First is { } oldest)
            {
                Remove(oldest.Value);
            }
        }
    }

    /// <summary>The counts of a day, and its record without the messages.</summary>
    public (DayRecord Day, NumberCounts Counts)? Find(DayKey key)
    {
        if (Volatile.Read(ref count) == 0)
        {
            return null;
        }

        lock (gate)
        {
            return days.TryGetValue(key, out var kept) ? (kept.Day, kept.Counts) : null;
        }
    }

    public void Forget(DayKey key)
    {
        lock (gate)
        {
            Remove(key);
        }
    }

    /// <summary>Forgets the days of a scope that a head from Redis does not have in the same state.</summary>
    public void ForgetOthers(Scope scope, ScopeHead head)
    {
        lock (gate)
        {
            foreach (var key in notFinal.Where(key =>
                key.Scope == scope && !(head.Days.GetValueOrDefault(key.Day)?.IsStateOf(days[key].Day) ?? false)).ToList())
            {
                Remove(key);
            }
        }
    }

    private void Remove(DayKey key)
    {
        if (days.Remove(key, out var kept))
        {
            kept.Day.Validity.Supersede();
            byAge.Remove(kept.Node);
            notFinal.Remove(key);
            cost -= kept.Cost;
            count--;
        }
    }

    private sealed record Kept(DayRecord Day, NumberCounts Counts, LinkedListNode<DayKey> Node)
    {
        public long Cost { get; } = EntryBytes + Day.Cost + Counts.Cost;
    }
}
