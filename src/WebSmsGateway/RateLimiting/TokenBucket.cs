namespace WebSmsGateway.RateLimiting;

/// <summary>
/// A token bucket that stores only the moment at which it will be full again. Taking a token moves that moment on by the time in which one
/// token returns. It may never be further away than the time in which the whole bucket fills. The bucket therefore needs no refill, no
/// timer and no lock, and a changed limit applies at once. The framework's bucket reads its own clock, which a test cannot set, and
/// allocates to report the rest.
/// </summary>
internal sealed class TokenBucket(TimeProvider time)
{
    private const int SecondsPerMinute = 60;

    private long fullAt;

    /// <summary>Whether no token is missing. A full bucket can be dropped.</summary>
    public bool IsFull => Volatile.Read(ref fullAt) <= time.GetTimestamp();

    /// <summary>Takes a token. Otherwise the grant says when one will be available.</summary>
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

/// <summary>The result of taking a token.</summary>
/// <param name="IsGranted">Whether a token was taken.</param>
/// <param name="Remaining">The number of tokens left.</param>
/// <param name="Seconds">If granted, the time until the bucket is full; otherwise the time until a token is available.</param>
internal readonly record struct Grant(bool IsGranted, int Remaining, int Seconds);
