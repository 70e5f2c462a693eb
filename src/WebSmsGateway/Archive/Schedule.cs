using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>What a reader does about one day.</summary>
internal enum Need
{
    /// <summary>The record is good as it is.</summary>
    Nothing,

    /// <summary>The record is good, and is renewed in the background.</summary>
    Renew,

    /// <summary>The reader waits for a new answer.</summary>
    Fetch,

    /// <summary>The last good answer is served. It is too early for another question.</summary>
    ServeStale,

    /// <summary>The last good answer is served, and is renewed in the background.</summary>
    ServeStaleAndRetry,
}

/// <summary>
/// Everything that decides about time, and nothing else: what is asked for again, when, and how, from a record, a moment and the options.
/// A record is open (its day is not over), settling (its day is over for less than SettleTime), final (read whole and without a
/// problem after that), or closed with a problem.
/// </summary>
internal sealed class Schedule(IOptions<CacheOptions> options, AccountZone zone)
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);

    private readonly CacheOptions options = options.Value;
    private readonly TimeSpan retryInterval = Shorter(options.Value.Freshness, TimeSpan.FromSeconds(5));

    /// <summary>The earliest moment at which the answer about a day is final.</summary>
    public DateTimeOffset SettledAt(DateOnly day) => zone.EndOf(day) + options.SettleTime;

    /// <summary>Until when a record may be served without a new question.</summary>
    public DateTimeOffset ExpiresAt(DayRecord record) => record.ReceivedAt + (
        record.IsFinal ? options.ClosedLifetime
        : record.AskedAt >= SettledAt(record.Day) ? Longer(options.Freshness, CacheOptions.WholeReadInterval)
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

    /// <summary>Up to when a record holds everything that WEBSMS reported.</summary>
    public DateTimeOffset CompleteUntil(DayRecord record)
    {
        var end = zone.EndOf(record.Day);
        return !record.IsWhole ? zone.StartOf(record.Day) : record.AskedAt < end ? record.AskedAt : end;
    }

    /// <summary>What a reader does about a day.</summary>
    /// <param name="record">What is known; null where nothing is.</param>
    /// <param name="lastFailure">The failure of the last question, if it failed.</param>
    /// <param name="isAsked">Whether a question is on its way.</param>
    /// <param name="isWatching">Whether the reader keeps the day fresh for those who wait.</param>
    /// <param name="now">The moment.</param>
    public Need NeedOf(DayRecord? record, LastFailure? lastFailure, bool isAsked, bool isWatching, DateTimeOffset now)
    {
        if (record is null)
        {
            return Need.Fetch;
        }

        var isDue = isWatching && !record.IsFinal && now - record.AskedAt >= options.Freshness;
        if (now < ExpiresAt(record) && !isDue)
        {
            return lastFailure is null && now >= RenewsAt(record) ? Need.Renew : Need.Nothing;
        }

        // While WEBSMS fails, a reader gets the last good answer at once. It is renewed in the background.
        if (lastFailure is null || now >= StaleUntil(record))
        {
            return Need.Fetch;
        }

        var since = now - lastFailure.At;
        if ((isAsked && !isWatching) || since < Shorter(retryInterval, lastFailure.Failure.RetryAfter ?? retryInterval))
        {
            return Need.ServeStale;
        }

        // An old failure says nothing about the present, so a reader waits for a new answer. A watcher always waits, so that it
        // learns of the end of an outage at once.
        return !isWatching && since < 2 * retryInterval ? Need.ServeStaleAndRetry : Need.Fetch;
    }

    /// <summary>Where the tail of a day begins, if only its tail has to be asked for; null for a day that is read whole.</summary>
    /// <remarks>
    /// This is the overlap before the newest known message, or before the last question if that is earlier. The newest message makes the
    /// tail independent of a difference between our clock and that of WEBSMS. This costs no bytes, because only new messages follow it.
    /// </remarks>
    public DateTime? TailStart(DayRecord? record, DateTimeOffset now)
    {
        if (record is not { IsWhole: true, IsFinal: false }
            || now >= SettledAt(record.Day) || now - record.ReadWholeAt >= CacheOptions.WholeReadInterval)
        {
            return null;
        }

        var dayStart = record.Day.ToDateTime(TimeOnly.MinValue);
        if (record.Newest is not { } newest)
        {
            return dayStart;
        }

        var anchor = newest.ReceivedAt < record.AskedAt ? newest.ReceivedAt : record.AskedAt;
        var start = zone.ToLocal(anchor - CacheOptions.Overlap) - zone.RepeatedTimeAround(anchor, CacheOptions.Overlap);
        start = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerSecond));
        return start < dayStart ? dayStart : start;
    }

    /// <summary>The first day that a watch keeps fresh. Late messages of yesterday count as new until yesterday has settled.</summary>
    public DateOnly FirstWatchedDay(DateTimeOffset now) => zone.DayOf(now - options.SettleTime - CacheOptions.Overlap);

    /// <summary>How long a watch pauses after an answer.</summary>
    /// <param name="records">The watched days. The one that is due first decides.</param>
    /// <param name="now">The moment.</param>
    public TimeSpan PauseAfter(IReadOnlyList<DayRecord> records, DateTimeOffset now)
    {
        var askedAt = records.Where(record => !record.IsFinal).Append(records[^1]).Min(record => record.AskedAt);

        // Timers count whole milliseconds. A timer that ends too early would find nothing due, and the loop would spin.
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((askedAt + options.Freshness - now).TotalMilliseconds)));
    }

    /// <summary>
    /// How long a watch pauses after a failure. The pause grows with each failure in a row. Its bound of ten seconds lets watchers notice
    /// the end of an outage soon.
    /// </summary>
    public TimeSpan PauseAfter(UpstreamFailure failure, int failures)
    {
        var backOff = Shorter(options.Freshness * (1 << Math.Min(failures - 1, 3)), Longer(options.Freshness, LongestBackOff));
        return Longer(backOff, failure.RetryAfter ?? backOff);
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
