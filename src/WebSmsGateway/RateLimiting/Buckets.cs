using System.Collections.Concurrent;

namespace WebSmsGateway.RateLimiting;

/// <summary>
/// A bucket for each caller or address, and never more than a fixed number of them: who can make up addresses must not be
/// able to fill the memory. When full, buckets that lack nothing are dropped; if that does not help, newcomers share one.
/// </summary>
internal sealed class Buckets<TKey>(TimeProvider time, int capacity)
    where TKey : notnull
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TKey, TokenBucket> buckets = new();
    private readonly TokenBucket shared = new(time);
    private readonly Lock sweeping = new();
    private long sweptAt;
    private int count;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref count);

    public TokenBucket Of(TKey key) => buckets.TryGetValue(key, out var bucket) ? bucket : Add(key);

    private TokenBucket Add(TKey key)
    {
        if (Count >= capacity)
        {
            Sweep();
            if (Count >= capacity)
            {
                return shared;
            }
        }

        var fresh = new TokenBucket(time);
        var kept = buckets.GetOrAdd(key, fresh);
        if (ReferenceEquals(kept, fresh))
        {
            Interlocked.Increment(ref count);
        }

        return kept;
    }

    // At most once a second: under attack the sweep itself must not become the load.
    private void Sweep()
    {
        lock (sweeping)
        {
            if (sweptAt != 0 && time.GetElapsedTime(sweptAt) < SweepInterval)
            {
                return;
            }

            sweptAt = Math.Max(time.GetTimestamp(), 1);
            foreach (var (key, bucket) in buckets)
            {
                if (bucket.IsFull && buckets.TryRemove(key, out _))
                {
                    Interlocked.Decrement(ref count);
                }
            }
        }
    }
}
