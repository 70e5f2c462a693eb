using Microsoft.Extensions.Options;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Caching;

/// <summary>
/// How long a segment is good, by its state: open (its day is not over), settling (over for less than SettleTime), sealed
/// (read whole and without a problem after that), or closed but not sealed, because the answer had a problem.
/// </summary>
internal sealed class SegmentLifetimes(IOptions<CacheOptions> options, AccountZone zone)
{
    private readonly CacheOptions options = options.Value;

    /// <summary>The earliest moment at which the answer about a day is final.</summary>
    public DateTimeOffset SettledAt(DateOnly day) => zone.EndOf(day) + options.SettleTime;

    /// <summary>Until when a segment may be served without a question.</summary>
    public DateTimeOffset ExpiresAt(DaySegment segment)
    {
        if (segment.IsSealed)
        {
            return segment.ReceivedAt + options.ClosedLifetime;
        }

        return segment.AskedAt >= SettledAt(segment.Day)
            ? segment.ReceivedAt + Max(options.Freshness, CacheOptions.WholeReadInterval)
            : segment.ReceivedAt + options.Freshness;
    }

    /// <summary>
    /// From when on a segment that is still asked for is renewed in the background: at half its freshness, but never more than
    /// one question per freshness interval on the long run, so that a day under constant load is asked at the full interval.
    /// </summary>
    public DateTimeOffset RenewsAt(DaySegment segment)
    {
        if (segment.IsSealed || segment.AskedAt >= SettledAt(segment.Day))
        {
            return ExpiresAt(segment);
        }

        var half = segment.AskedAt + (options.Freshness / 2);
        var pace = segment.PreviouslyAskedAt + (options.Freshness * 2);
        return pace > half ? pace : half;
    }

    /// <summary>Until when a segment may be served in place of an answer that WEBSMS does not give.</summary>
    public DateTimeOffset StaleUntil(DaySegment segment) => segment.IsSealed ? DateTimeOffset.MaxValue : segment.AskedAt + options.MaxStale;

    /// <summary>Whether only the tail of the day has to be asked for.</summary>
    public bool CanAskForTail(DaySegment? known, DateTimeOffset now) =>
        known is { IsWhole: true, IsSealed: false }
        && now < SettledAt(known.Day)
        && now - known.ReadWholeAt < CacheOptions.WholeReadInterval;

    /// <summary>Up to when a segment holds everything that WEBSMS reported.</summary>
    public DateTimeOffset CompleteUntil(DaySegment segment)
    {
        var (start, end) = (zone.StartOf(segment.Day), zone.EndOf(segment.Day));
        return !segment.IsWhole ? start : segment.AskedAt < end ? segment.AskedAt : end;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
