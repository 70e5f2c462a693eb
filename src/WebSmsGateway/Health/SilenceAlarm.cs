using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Health;

/// <summary>
/// Raises an alarm when a number has received nothing for longer than its <c>ExpectWithin</c>. Each number is checked once per interval.
/// The check reads the archive, so it works for a number without readers and costs WEBSMS no call for a number with readers.
/// </summary>
/// <remarks>
/// Silence counts up to the moment until which WEBSMS has reported everything. While WEBSMS fails no alarm is raised, because a message
/// may have arrived. Each replica has its own alarms. They agree, because all replicas read the same messages.
/// </remarks>
internal sealed partial class SilenceAlarm(
    MessageArchive archive, Schedule schedule, AccountZone zone, NumberDirectory numbers, IOptions<CacheOptions> cache, TimeProvider clock,
    ILogger<SilenceAlarm> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    // The last message is nearly always of today or yesterday. Otherwise the search continues a month at a time.
    private const int DaysOfFirstStep = 2;
    private const int DaysPerStep = 31;

    private readonly TimeSpan freshness = cache.Value.Freshness;

    /// <summary>The numbers with an <c>ExpectWithin</c>.</summary>
    public IReadOnlyList<WatchedNumber> Watched { get; } =
    [
        .. from item in numbers.Listed
           where item.ExpectWithin is not null
           orderby item.Entry.Length, item.Entry
           select new WatchedNumber(item.Entry, item.Number, item.ExpectWithin!.Value),
    ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Watched.Select(number => WatchAsync(number, stoppingToken)));

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
#pragma warning disable CA1031 // A defect must not end the checks, because operators rely on the alarm.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(logger, Defect.Describe(exception));
                await Task.Delay(interval, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>A tenth of the expectation, at most an hour, at least a minute and at least the freshness.</summary>
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

        // The search ends at the last known message, or where the silence would be longer than expected.
        var oldest = zone.DayOf(number.LastMessageAt is { } last && last > now - number.ExpectWithin ? last : now - number.ExpectWithin);
        DateTimeOffset? completeUntil = null;
        for (var (end, days) = (zone.DayOf(now), DaysOfFirstStep); end >= oldest; (end, days) = (end.AddDays(-days), DaysPerStep))
        {
            var start = end.AddDays(1 - days);
            var read = await archive.ReadAsync(
                archive.ScopeOf(number.Number), start > oldest ? start : oldest, end, DayReader.GatewayOf(number.Number), cancellationToken);
            if (read.Failure is not null)
            {
                return;
            }

            completeUntil ??= schedule.CompleteUntil(read.Records);
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
        foreach (var record in read.Records.Reverse())
        {
            var view = record.Of(number);
            if (view.Count > 0)
            {
                return view[view.Count - 1].ReceivedAt;
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
            Message = "A defect of the gateway ended a check for silence. The next check takes place as planned: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}
