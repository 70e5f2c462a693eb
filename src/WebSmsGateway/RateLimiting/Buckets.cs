using System.Collections.Concurrent;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.RateLimiting;

/// <summary>
/// A bucket for each caller or address. Their number is bounded, so that an attacker with many addresses cannot fill the memory. At the
/// bound, buckets without a missing token are dropped. If that frees no place, new keys share one bucket.
/// </summary>
internal sealed class Buckets<TKey>(TimeProvider time, int capacity) where TKey : notnull
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    [Bounded("the capacity; at the bound new keys share one bucket")]
    private readonly ConcurrentDictionary<TKey, TokenBucket> buckets = new();
    private readonly TokenBucket shared = new(time);
    private readonly Lock sweeping = new();
    private long sweptAt;
    private int count;

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

    // A sweep runs at most once a second, so that it does not become the load under an attack.
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
