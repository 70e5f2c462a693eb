using Microsoft.Extensions.Options;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// How long a record is good. This depends on its state: open (its day is not over), settling (its day is over for less than
/// SettleTime), final (read whole and without a problem after that), or closed with a problem.
/// </summary>
internal sealed class RecordLifetimes(IOptions<CacheOptions> options, AccountZone zone)
{
    private readonly CacheOptions options = options.Value;

    /// <summary>The earliest moment at which the answer about a day is final.</summary>
    public DateTimeOffset SettledAt(DateOnly day) => zone.EndOf(day) + options.SettleTime;

    /// <summary>Until when a record may be served without a new question.</summary>
    public DateTimeOffset ExpiresAt(DayRecord record) => record.ReceivedAt + (
        record.IsFinal ? options.ClosedLifetime
        : record.AskedAt >= SettledAt(record.Day) ? Max(options.Freshness, CacheOptions.WholeReadInterval)
        : options.Freshness);

    /// <summary>
    /// From when on a reader causes a renewal of a record in the background. This is half the freshness interval after the last question,
    /// but at least two intervals after the question before, so that constant load causes one question per interval on average.
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

    /// <summary>Until when a record may be served while WEBSMS fails.</summary>
    public DateTimeOffset StaleUntil(DayRecord record) => record.IsFinal ? DateTimeOffset.MaxValue : record.AskedAt + options.MaxStale;

    /// <summary>Whether only the tail of the day has to be asked for.</summary>
    public bool CanAskForTail(DayRecord? known, DateTimeOffset now) =>
        known is { IsWhole: true, IsFinal: false }
        && now < SettledAt(known.Day)
        && now - known.ReadWholeAt < CacheOptions.WholeReadInterval;

    /// <summary>Up to when a record holds everything that WEBSMS reported.</summary>
    public DateTimeOffset CompleteUntil(DayRecord record)
    {
        var end = zone.EndOf(record.Day);
        return !record.IsWhole ? zone.StartOf(record.Day) : record.AskedAt < end ? record.AskedAt : end;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
