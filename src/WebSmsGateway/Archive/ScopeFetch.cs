using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// Runs the fetches of the memory tier. Redis is asked first, then WEBSMS, under a lease that keeps other replicas from asking the
/// same question. The work has its own deadline, independent of the callers.
/// </summary>
internal sealed partial class ScopeFetch(
    MemoryTier memory, IUpstream upstream, MessageFactory factory, Schedule schedule, RecordMerge merge, AccountZone zone,
    IOptions<UpstreamOptions> options, TimeProvider clock, ILogger<ScopeFetch> logger, RedisTier? redis = null)
{
    // A record from a replica whose clock is ahead would seem fresh for too long. It is not used.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeasePoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts the fetches of one scope. Each of them completes in the memory tier, even after a defect.</summary>
    public void Start(Scope scope, List<DayFetch> fetches) => _ = Task.Run(() => RunAsync(scope, fetches));

    private async Task RunAsync(Scope scope, List<DayFetch> fetches)
    {
        fetches.Sort(static (left, right) => left.Day.CompareTo(right.Day));
        using var deadline = new CancellationTokenSource(DeadlineOf(fetches.Count), clock);
        try
        {
            await RunAsync(scope, fetches, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var failure = new UpstreamFailure(UpstreamError.Timeout, "WEBSMS did not answer in time.");
            foreach (var fetch in fetches.Where(fetch => !fetch.Completed.IsCompleted))
            {
                Complete(scope, fetch, null, failure);
            }
        }
#pragma warning disable CA1031 // A defect of any kind has to end the fetches, because callers wait for them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Failed(logger, Defect.Describe(exception));
            foreach (var fetch in fetches)
            {
                memory.Fail(new DayKey(scope, fetch.Day), fetch, exception);
            }
        }
    }

    private async Task RunAsync(Scope scope, List<DayFetch> fetches, CancellationToken cancellationToken)
    {
        var previous = new ConcurrentDictionary<DateOnly, DayRecord?>(
            fetches.Select(fetch => KeyValuePair.Create(fetch.Day, memory.Peek(new DayKey(scope, fetch.Day)))));
        var pending = await CompleteFromRedisAsync(scope, fetches, previous, cancellationToken);

        // Closed days are fetched separately, because readers of the open day must not wait for a month of them.
        var now = clock.GetUtcNow();
        await Task.WhenAll(pending.GroupBy(fetch => now < schedule.SettledAt(fetch.Day)).Select(
                group => FetchAsync(scope, isOpen: group.Key, [.. group], previous, cancellationToken)));
    }

    private async Task FetchAsync(Scope scope, bool isOpen, List<DayFetch> pending,
        ConcurrentDictionary<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        while (redis is not null && pending.Count > 0)
        {
            await using var lease = await redis.LeaseAsync(scope, isOpen, cancellationToken);

            // Another replica may have written the days since the last look, whether the lease was free or not.
            pending = await CompleteFromRedisAsync(scope, pending, previous, cancellationToken);
            if (!lease.IsElsewhere)
            {
                await AskAsync(scope, pending, previous, cancellationToken);
                return;
            }

            // Leases end by the clock of Redis, so this wait is real time in tests too.
            await Task.Delay(LeasePoll, TimeProvider.System, cancellationToken);
        }

        await AskAsync(scope, pending, previous, cancellationToken);
    }

    /// <summary>Completes fetches from good records in Redis. Newer ones that have expired go into <paramref name="previous"/>.</summary>
    private async Task<List<DayFetch>> CompleteFromRedisAsync(
        Scope scope, List<DayFetch> fetches, ConcurrentDictionary<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        if (redis is null || fetches.Count == 0)
        {
            return fetches;
        }

        var stored = await redis.ReadAsync(scope, fetches.ConvertAll(fetch => fetch.Day), previous, cancellationToken);
        var pending = new List<DayFetch>();
        foreach (var fetch in fetches)
        {
            var now = clock.GetUtcNow();
            if (stored.TryGetValue(fetch.Day, out var record)
                && record.AskedAt <= now + ClockTolerance
                && !(previous[fetch.Day]?.AskedAt >= record.AskedAt))
            {
                previous[fetch.Day] = record;
                if (now < schedule.ExpiresAt(record))
                {
                    Complete(scope, fetch, record, null, DaySource.Redis);
                    continue;
                }
            }

            pending.Add(fetch);
        }

        return pending;
    }

    private async Task AskAsync(
        Scope scope, List<DayFetch> fetches, ConcurrentDictionary<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var runs = DayRun.Plan(fetches, day => schedule.TailStart(previous[day], now));
        await Task.WhenAll(runs.Select(run => AskAsync(scope, run, previous, now, cancellationToken)));
    }

    /// <returns>The failure; null if there is an answer.</returns>
    private async Task<UpstreamFailure?> AskAsync(
        Scope scope, DayRun run, ConcurrentDictionary<DateOnly, DayRecord?> previous, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var question = new UpstreamQuestion(
            scope.Number,
            run.StartsWithTail ? schedule.TailStart(previous[run.First], now)!.Value : run.First.ToDateTime(TimeOnly.MinValue),
            run.Last.ToDateTime(new TimeOnly(23, 59, 59)));
        GatewayMetrics.RecordsAsked(run.StartsWithTail ? "tail" : run.Last >= zone.DayOf(clock.GetUtcNow()) ? "open" : "closed");
        var answer = await upstream.AskAsync(question, cancellationToken);
        if (answer.Failure is { Error: UpstreamError.TooLong } && run.Fetches.Count > 1)
        {
            // If the earlier half fails, the later half is not asked for. A reader of both would have no answer anyway. A WEBSMS that
            // sends without end is so asked a few times, and not once for each day.
            var (earlier, later) = run.Halves();
            if (await AskAsync(scope, earlier, previous, now, cancellationToken) is not { } unanswered)
            {
                return await AskAsync(scope, later, previous, now, cancellationToken);
            }

            Fail(scope, later, unanswered, previous);
            return unanswered;
        }

        if (answer.Failure is { } failure)
        {
            Fail(scope, run, failure, previous);
            return failure;
        }

        var days = factory.Make(answer.Records, day => previous.GetValueOrDefault(day));
        var records = new List<DayRecord>();
        foreach (var fetch in run.Fetches)
        {
            var isFirst = fetch.Day == run.First;
            var record = merge.Merge(fetch.Day, previous[fetch.Day], new DayAnswer(
                answer, days.GetValueOrDefault(fetch.Day) ?? [], IsTail: run.StartsWithTail && isFirst, isFirst, clock.GetUtcNow()));
            Complete(scope, fetch, record, null);
            records.Add(record);
        }

        if (redis is not null)
        {
            await redis.WriteAsync(scope, records, cancellationToken);
        }

        return null;
    }

    // The previous record is kept, because after a restart the one from Redis may be the only last good answer.
    private void Fail(Scope scope, DayRun run, UpstreamFailure failure, ConcurrentDictionary<DateOnly, DayRecord?> previous)
    {
        foreach (var fetch in run.Fetches)
        {
            Complete(scope, fetch, previous.GetValueOrDefault(fetch.Day), failure);
        }
    }

    private void Complete(
        Scope scope, DayFetch fetch, DayRecord? record, UpstreamFailure? failure, DaySource source = DaySource.Upstream) =>
        memory.Complete(new DayKey(scope, fetch.Day), fetch, new FetchOutcome(record, failure, source, clock.GetUtcNow()));

    private TimeSpan DeadlineOf(int days)
    {
        var rounds = 1 + (days / DayRun.MaxDays / options.Value.MaxConcurrency);
        return (options.Value.Timeout * (options.Value.Retries + 2) * rounds) + TimeSpan.FromSeconds(30);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A defect of the gateway ended a question for messages: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}
