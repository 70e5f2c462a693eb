using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Records;

/// <summary>What a reader does about one day.</summary>
internal enum Need
{
    /// <summary>The record is good as it is.</summary>
    Nothing,

    /// <summary>WEBSMS is asked. A reader with a last good answer waits for a short time only.</summary>
    Fetch,

    /// <summary>The last good answer is served. It is too early for another question.</summary>
    ServeStale,
}

/// <summary>
/// Everything that decides about time, and nothing else: what is asked for again, when, and how, from a record, a moment and the options.
/// A record is open while its day lasts, settling until SettleTime has passed, closed after that, and final after its last recheck.
/// </summary>
/// <remarks>
/// Ages and pauses are in our clock. What is compared with the date of a message is in the clock of WEBSMS. A day closes by the one of the two
/// clocks that is behind. A clock that steps back makes records due and never fresh.
/// </remarks>
internal sealed class Schedule(IOptions<CacheOptions> options, IOptions<UpstreamOptions> upstream, AccountZone zone)
{
    /// <summary>How long after a doubt a second whole answer may remove what it lacks too.</summary>
    public static readonly TimeSpan DoubtInterval = TimeSpan.FromMinutes(1);

    // All numbers have their rechecks at the same ages after midnight.
    private static readonly TimeSpan RecheckSpread = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);

    // Clocks of replicas that share no Redis differ a little.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    private readonly CacheOptions options = options.Value;
    private readonly UpstreamOptions upstream = upstream.Value;
    private readonly TimeSpan retryInterval = Shorter(options.Value.Freshness, TimeSpan.FromSeconds(5));

    private readonly TimeSpan[] recheckAges = [.. options.Value.Ages.Where(age => age > options.Value.SettleTime).Order()];

    /// <summary>How long a record of a day may still be of use to other replicas after the day.</summary>
    public TimeSpan Lifetime => LastAge + options.ClosedLifetime;

    /// <inheritdoc cref="CacheOptions.ClosedLifetime"/>
    public TimeSpan ClosedLifetime => options.ClosedLifetime;

    /// <summary>The age after its end at which a day is asked for the last time.</summary>
    public TimeSpan LastAge => recheckAges.Length > 0 ? recheckAges[^1] : options.SettleTime;

    /// <summary>The earliest moment at which the answer about a day can close it.</summary>
    public DateTimeOffset SettledAt(DateOnly day) => zone.EndOf(day) + options.SettleTime;

    /// <summary>Whether no recheck is left for a day that was read whole at a moment of the clock that is behind.</summary>
    public bool IsLastRead(DateOnly day, DateTimeOffset readAt) => readAt >= zone.EndOf(day) + LastAge && readAt >= SettledAt(day);

    /// <summary>Whether the record was asked for after its day had settled.</summary>
    public bool IsClosed(DayRecord record) => record.AskedEarliest >= SettledAt(record.Day);

    /// <summary>From when on WEBSMS is asked about a day again.</summary>
    public DateTimeOffset DueAt(DayRecord record) => DueAt(record.Day, record.Metadata);

    /// <inheritdoc cref="DueAt(DayRecord)"/>
    public DateTimeOffset DueAt(DateOnly day, RecordMetadata record)
    {
        if (record.CutAt is { } cutAt)
        {
            return cutAt + (cutAt < SettledAt(day) ? options.Freshness : Longer(options.Freshness, CacheOptions.WholeReadInterval));
        }

        if (record.IsFinal)
        {
            return record.ReceivedAt + options.ClosedLifetime;
        }

        if (record.AskedEarliest < SettledAt(day))
        {
            return record.AskedAt + options.Freshness;
        }

        if (record.Doubts.Count > 0)
        {
            return record.AskedAt + DoubtInterval;
        }

        if (!record.IsWhole || (record.Problems.Count > 0 && !record.AreProblemsLasting))
        {
            return record.AskedAt + Longer(options.Freshness, CacheOptions.WholeReadInterval);
        }

        var behind = record.Ahead < TimeSpan.Zero ? record.Ahead : TimeSpan.Zero;
        var (end, readAt) = (zone.EndOf(day), record.ReadWholeAt + behind);
        foreach (var age in recheckAges)
        {
            if (readAt < end + age)
            {
                return end + age - behind;
            }
        }

        return record.ReceivedAt + options.ClosedLifetime;
    }

    /// <summary>When the first question that is sent from a moment on has been answered, where somebody keeps the day fresh.</summary>
    public DateTimeOffset AnswerBy(DateTimeOffset moment) => moment + options.Freshness + upstream.AnswerWithin;

    /// <summary>Whether WEBSMS has to be asked about a day again.</summary>
    public bool IsDue(DayRecord record, DateTimeOffset now, TimeSpan delay = default) => now >= DueAt(record) + delay || now < record.LookedAt - ClockTolerance;

    /// <summary>How long after a day became due a watch asks about it again. Scopes of single numbers are spread; a reader does not wait for that.</summary>
    public static TimeSpan RecheckDelay(Scope scope) => scope.Number is { } number
        ? RecheckSpread * (XxHash32.HashToUInt32(Encoding.ASCII.GetBytes(number.ToString())) / (double)uint.MaxValue)
        : TimeSpan.Zero;

    /// <summary>Until when a record may be served while WEBSMS fails.</summary>
    public DateTimeOffset StaleUntil(DayRecord record) =>
        IsClosed(record) && record.IsWhole ? DateTimeOffset.MaxValue : record.LookedAt + options.MaxStale;

    /// <summary>
    /// Whether an answer from a record is stale, if the last question failed or is not answered yet. A closed day stays as it is when its
    /// recheck fails.
    /// </summary>
    public bool IsStale(DayRecord record, bool isFailing, DateTimeOffset now) =>
        !(IsClosed(record) && record.IsWhole) && (isFailing || now - record.LookedAt > options.Freshness + upstream.Timeout);

    /// <summary>Up to when a record holds everything that WEBSMS reported, by the clock that is behind.</summary>
    public DateTimeOffset CompleteUntil(DayRecord record)
    {
        var end = zone.EndOf(record.Day);
        return !record.IsWhole ? zone.StartOf(record.Day) : record.AskedEarliest < end ? record.AskedEarliest : end;
    }

    /// <summary>Up to when records of consecutive days hold everything; null without a record.</summary>
    public DateTimeOffset? CompleteUntil(IEnumerable<DayRecord> records)
    {
        DateTimeOffset? until = null;
        foreach (var record in records)
        {
            until = CompleteUntil(record);
            if (until < zone.EndOf(record.Day))
            {
                break;
            }
        }

        return until;
    }

    /// <summary>Whether a day was read after its end, by the clock of WEBSMS.</summary>
    public bool IsReadPastEnd(DayRecord record) => record.AskedThere >= zone.EndOf(record.Day);

    /// <summary>What a reader does about a day.</summary>
    /// <param name="record">What is known; null where nothing is.</param>
    /// <param name="lastFailure">The failure of the last question, if it failed.</param>
    /// <param name="isWatching">Whether the reader keeps the day fresh for those who wait. It has its own pauses after failures.</param>
    /// <param name="now">The moment.</param>
    public Need NeedOf(DayRecord? record, LastFailure? lastFailure, bool isWatching, DateTimeOffset now)
    {
        if (record is not null && !IsDue(record, now))
        {
            return Need.Nothing;
        }

        if (record is null || lastFailure is null || isWatching || now >= StaleUntil(record))
        {
            return Need.Fetch;
        }

        var pause = Shorter(retryInterval, lastFailure.Failure.RetryAfter ?? retryInterval);
        return now - lastFailure.At < pause ? Need.ServeStale : Need.Fetch;
    }

    /// <summary>Where the tail of a day begins, if only its tail has to be asked for; null for a day that is read whole.</summary>
    /// <remarks>
    /// This is the overlap before the newest known message, or before the last question if that is earlier. The newest message makes the
    /// tail independent of a difference between our clock and that of WEBSMS. This costs no bytes, because only new messages follow it.
    /// </remarks>
    public DateTime? TailStart(DayRecord? record, DateTimeOffset now)
    {
        if (record is not { IsWhole: true, IsFinal: false } || now >= SettledAt(record.Day))
        {
            return null;
        }

        var dayStart = record.Day.ToDateTime(TimeOnly.MinValue);
        if (record.Newest is not { } newest)
        {
            return dayStart;
        }

        var anchor = newest.ReceivedAt < record.AskedThere ? newest.ReceivedAt : record.AskedThere;
        var start = zone.ToLocal(anchor - CacheOptions.Overlap) - zone.RepeatedTimeAround(anchor, CacheOptions.Overlap);
        start = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerSecond));
        return start < dayStart ? dayStart : start;
    }

    /// <summary>
    /// Whether a day of which tails are read has to be read whole as well: after a while, and where known messages are doubted. A doubt from a
    /// tail needs a first whole answer at once, and one from a whole answer a second whole answer after a minute.
    /// </summary>
    public bool IsWholeReadDue(DayRecord record, DateTimeOffset now) =>
        record.IsWhole && !IsClosed(record) && (now - record.ReadWholeAt >= CacheOptions.WholeReadInterval
            || (record.Doubts.Count > 0 && now - record.ReadWholeAt >= DoubtInterval)
            || record.Doubts.Any(doubt => doubt.Since is null));

    /// <summary>
    /// Whether a listed day that is not final leaves the head: nobody asked for it since its last age. It stays a value of its own, with its
    /// stamps and one recheck owed.
    /// </summary>
    public bool IsLeft(ListedDay day, DateTimeOffset now) => day.Metadata is not null && now >= zone.EndOf(day.Day) + LastAge + TimeSpan.FromDays(1);

    /// <summary>The first day that a watch keeps fresh. Late messages of yesterday count as new until yesterday has settled.</summary>
    public DateOnly FirstWatchedDay(DateTimeOffset now) => zone.DayOf(now - options.SettleTime - CacheOptions.Overlap);

    /// <summary>How long a watch pauses after an answer.</summary>
    /// <param name="records">The watched days. The one that is due first decides.</param>
    /// <param name="now">The moment.</param>
    public TimeSpan PauseAfter(IReadOnlyList<DayRecord> records, DateTimeOffset now)
    {
        var due = records.Min(DueAt) - now;

        // Timers count whole milliseconds. A timer that ends too early would find nothing due, and the loop would spin. A new day begins
        // within the freshness interval.
        var pause = due < options.Freshness ? due : options.Freshness;
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(pause.TotalMilliseconds)));
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
