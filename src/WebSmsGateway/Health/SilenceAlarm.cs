using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Model;

namespace WebSmsGateway.Health;

/// <summary>
/// Notices when a number has received nothing for longer than its <c>ExpectWithin</c>. Each number is looked at once per interval,
/// through the archive like any reader, so that the alarm works for a number that nobody reads and costs nothing where it is read.
/// </summary>
/// <remarks>
/// Silence counts up to the moment until which WEBSMS has told everything, not up to now: while WEBSMS fails no alarm is raised,
/// because nobody knows whether anything arrived. Each replica keeps its own alarms; they agree, since they read the same.
/// </remarks>
internal sealed partial class SilenceAlarm : BackgroundService
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    // The last message is nearly always of today or yesterday. Only where it is not, the look goes on, a month at a time.
    private const int DaysOfFirstStep = 2;
    private const int DaysPerStep = 31;

    private readonly MessageArchive archive;
    private readonly AccountZone zone;
    private readonly TimeProvider clock;
    private readonly ILogger<SilenceAlarm> logger;
    private readonly TimeSpan freshness;
    private readonly List<WatchedNumber> watched;

    public SilenceAlarm(
        MessageArchive archive, AccountZone zone, NumberDirectory numbers, IOptions<CacheOptions> cache, TimeProvider clock,
        ILogger<SilenceAlarm> logger)
    {
        this.archive = archive;
        this.zone = zone;
        this.clock = clock;
        this.logger = logger;
        freshness = cache.Value.Freshness;
        watched =
        [
            .. from item in numbers.Listed
               where item.ExpectWithin is not null
               orderby item.Entry.Length, item.Entry
               select new WatchedNumber(item.Entry, item.Number, item.ExpectWithin!.Value),
        ];
    }

    /// <summary>The state of every number with an expectation.</summary>
    public IReadOnlyList<WatchedNumber> Watched => watched;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(watched.Select(number => WatchAsync(number, stoppingToken)));

    private async Task WatchAsync(WatchedNumber number, CancellationToken cancellationToken)
    {
        var interval = IntervalOf(number.ExpectWithin, freshness);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(number, cancellationToken);
                await Task.Delay(interval, clock, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // An alarm that a defect has silenced for good is worse than none: it is trusted.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(logger, Defect.Describe(exception));
                await Task.Delay(interval, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>A tenth of the expectation, at least a minute and the freshness, at most an hour.</summary>
    internal static TimeSpan IntervalOf(TimeSpan expectWithin, TimeSpan freshness)
    {
        var interval = expectWithin / 10;
        interval = interval < LongestInterval ? interval : LongestInterval;
        interval = interval > ShortestInterval ? interval : ShortestInterval;
        return interval > freshness ? interval : freshness;
    }

    private async Task LookAsync(WatchedNumber number, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();

        // From the last known message on; before the first one is known, as far back as it matters.
        var oldest = zone.DayOf(number.LastMessageAt is { } last && last > now - number.ExpectWithin ? last : now - number.ExpectWithin);
        DateTimeOffset? completeUntil = null;
        for (var (end, days) = (zone.DayOf(now), DaysOfFirstStep); end >= oldest; (end, days) = (end.AddDays(-days), DaysPerStep))
        {
            var start = end.AddDays(1 - days);
            var read = await archive.ReadAsync(archive.ScopeOf(number.Number), start > oldest ? start : oldest, end, cancellationToken);
            if (read.Failure is not null)
            {
                return;
            }

            completeUntil ??= read.CompleteUntil;
            if (LastOf(read, number.Number) is { } found)
            {
                Judge(found);
                return;
            }
        }

        Judge(null);

        void Judge(DateTimeOffset? found)
        {
            if (number.Judge(found, zone.StartOf(oldest), completeUntil ?? now))
            {
                Report(number);
            }
        }
    }

    private static DateTimeOffset? LastOf(ArchiveRead read, RentedNumber number)
    {
        for (var day = read.Records.Count - 1; day >= 0; day--)
        {
            var record = read.Records[day];
            for (var i = record.Count - 1; i >= 0; i--)
            {
                if (record[i].RentedNumber == number)
                {
                    return record[i].ReceivedAt;
                }
            }
        }

        return null;
    }

    private void Report(WatchedNumber number)
    {
        if (number.State == SilenceState.Silent)
        {
            Log.Silent(logger, number.Entry, number.Masked, number.ExpectWithin);
        }
        else
        {
            Log.Heard(logger, number.Entry, number.Masked);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "Silence: {Entry} ({Number}) has received nothing for longer than {ExpectWithin}")]
        public static partial void Silent(ILogger logger, string entry, string number, TimeSpan expectWithin);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The silence of {Entry} ({Number}) is over")]
        public static partial void Heard(ILogger logger, string entry, string number);

        [LoggerMessage(
            EventId = 3, Level = LogLevel.Error,
            Message = "A defect of the gateway ended a look for silence; the next one is due: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}
