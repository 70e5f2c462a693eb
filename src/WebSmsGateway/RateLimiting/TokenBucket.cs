namespace WebSmsGateway.RateLimiting;

/// <summary>
/// A token bucket that holds one number: the moment at which it will be full again. Taking a token moves that moment on by
/// the time one token needs to come back; it must never lie further away than the whole bucket needs. So there is nothing
/// to refill, no timer and no lock, and a changed limit applies at once. The framework's bucket reads a clock of its own,
/// which a test cannot turn, and allocates to tell what is left.
/// </summary>
internal sealed class TokenBucket(TimeProvider time)
{
    private const int SecondsPerMinute = 60;

    private long fullAt;

    /// <summary>Whether nothing is missing: such a bucket can be forgotten.</summary>
    public bool IsFull => Volatile.Read(ref fullAt) <= time.GetTimestamp();

    /// <summary>Whether a token is there, without taking it.</summary>
    public bool HasToken(int perMinute) =>
        Volatile.Read(ref fullAt) - time.GetTimestamp() <= (perMinute - 1) * TicksPerToken(perMinute);

    /// <summary>Takes a token, or says when one will be there.</summary>
    public Grant Take(int perMinute)
    {
        var token = TicksPerToken(perMinute);
        while (true)
        {
            var now = time.GetTimestamp();
            var seen = Volatile.Read(ref fullAt);
            var missing = Math.Max(seen - now, 0) + token;
            var excess = missing - (perMinute * token);
            if (excess > 0)
            {
                return new Grant(false, 0, Seconds(excess));
            }

            if (Interlocked.CompareExchange(ref fullAt, now + missing, seen) == seen)
            {
                return new Grant(true, (int)(-excess / token), Seconds(missing));
            }
        }
    }

    private long TicksPerToken(int perMinute) => time.TimestampFrequency * SecondsPerMinute / perMinute;

    private int Seconds(long ticks) => (int)((ticks + time.TimestampFrequency - 1) / time.TimestampFrequency);
}

/// <summary>What a bucket gave.</summary>
/// <param name="IsGranted">Whether there was a token.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="Seconds">If granted, until the bucket is full; otherwise until there is a token.</param>
internal readonly record struct Grant(bool IsGranted, int Remaining, int Seconds);
