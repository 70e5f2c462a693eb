using Microsoft.Extensions.Options;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// How long a record is good, by its state: open (its day is not over), settling (over for less than SettleTime), final
/// (read whole and without a problem after that), or closed but not final, because the answer had a problem.
/// </summary>
internal sealed class RecordLifetimes(IOptions<CacheOptions> options, AccountZone zone)
{
    private readonly CacheOptions options = options.Value;

    /// <summary>The earliest moment at which the answer about a day is final.</summary>
    public DateTimeOffset SettledAt(DateOnly day) => zone.EndOf(day) + options.SettleTime;

    /// <summary>Until when a record may be served without a question.</summary>
    public DateTimeOffset ExpiresAt(DayRecord record)
    {
        if (record.IsFinal)
        {
            return record.ReceivedAt + options.ClosedLifetime;
        }

        return record.AskedAt >= SettledAt(record.Day)
            ? record.ReceivedAt + Max(options.Freshness, CacheOptions.WholeReadInterval)
            : record.ReceivedAt + options.Freshness;
    }

    /// <summary>
    /// From when on a record that is still asked for is renewed in the background: at half its freshness, but never more than
    /// one question per freshness interval on the long run, so that a day under constant load is asked at the full interval.
    /// </summary>
    public DateTimeOffset RenewsAt(DayRecord record)
    {
        if (record.IsFinal || record.AskedAt >= SettledAt(record.Day))
        {
            return ExpiresAt(record);
        }

        var half = record.AskedAt + (options.Freshness / 2);
        var pace = record.PreviouslyAskedAt + (options.Freshness * 2);
        return pace > half ? pace : half;
    }

    /// <summary>Until when a record may be served in place of an answer that WEBSMS does not give.</summary>
    public DateTimeOffset StaleUntil(DayRecord record) => record.IsFinal ? DateTimeOffset.MaxValue : record.AskedAt + options.MaxStale;

    /// <summary>Whether only the tail of the day has to be asked for.</summary>
    public bool CanAskForTail(DayRecord? known, DateTimeOffset now) =>
        known is { IsWhole: true, IsFinal: false }
        && now < SettledAt(known.Day)
        && now - known.ReadWholeAt < CacheOptions.WholeReadInterval;

    /// <summary>Up to when a record holds everything that WEBSMS reported.</summary>
    public DateTimeOffset CompleteUntil(DayRecord record)
    {
        var (start, end) = (zone.StartOf(record.Day), zone.EndOf(record.Day));
        return !record.IsWhole ? start : record.AskedAt < end ? record.AskedAt : end;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
