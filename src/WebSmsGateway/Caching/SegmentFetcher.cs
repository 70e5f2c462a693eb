using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Caching;

/// <summary>
/// Flies the flights of the memory tier: Redis first, then WEBSMS, under a lease that keeps other replicas from asking the same.
/// The work belongs to no caller and has a deadline of its own.
/// </summary>
internal sealed partial class SegmentFetcher(
    MemoryTier memory, UpstreamClient upstream, MessageFactory factory, SegmentLifetimes lifetimes, AccountZone zone,
    IOptions<UpstreamOptions> options, TimeProvider clock, ILogger<SegmentFetcher> logger, RedisTier? redis = null)
{
    // A replica whose clock is ahead must not make others believe that its answers stay fresh until their clocks get there.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeasePoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts the flights of one scope. They land in the memory tier, whatever happens.</summary>
    public void Fly(string scope, List<SegmentFlight> flights) => _ = Task.Run(() => FlyAsync(scope, flights));

    private async Task FlyAsync(string scope, List<SegmentFlight> flights)
    {
        flights.Sort(static (left, right) => left.Day.CompareTo(right.Day));
        using var deadline = new CancellationTokenSource(DeadlineOf(flights.Count), clock);
        try
        {
            await FlyAsync(scope, flights, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var failure = new UpstreamFailure(UpstreamError.Timeout, "WEBSMS did not answer in time.");
            Land(scope, flights, new SegmentOutcome(null, failure, SegmentSource.Upstream, clock.GetUtcNow()));
        }
#pragma warning disable CA1031 // A defect of ours has to reach those who wait, whatever it is: nobody else could tell them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Crashed(logger, Defect.Describe(exception));
            foreach (var flight in flights)
            {
                memory.Crash(new SegmentKey(scope, flight.Day), flight, exception);
            }
        }
    }

    private async Task FlyAsync(string scope, List<SegmentFlight> flights, CancellationToken cancellationToken)
    {
        var known = new ConcurrentDictionary<DateOnly, DaySegment?>(
            flights.Select(flight => KeyValuePair.Create(flight.Day, memory.Peek(new SegmentKey(scope, flight.Day)))));
        var pending = await LandFromRedisAsync(scope, flights, known, cancellationToken);

        // Apart, because a month of closed days takes its time, and the open day's readers are not to wait for it.
        var now = clock.GetUtcNow();
        await Task.WhenAll(
            pending.GroupBy(flight => now < lifetimes.SettledAt(flight.Day)).Select(
                group => FetchAsync(scope, isOpen: group.Key, [.. group], known, cancellationToken)));
    }

    private async Task FetchAsync(
        string scope, bool isOpen, List<SegmentFlight> pending, ConcurrentDictionary<DateOnly, DaySegment?> known,
        CancellationToken cancellationToken)
    {
        while (redis is not null && pending.Count > 0)
        {
            await using var lease = await redis.LeaseAsync(scope, isOpen, cancellationToken);

            // Whether we got the lease or not: another replica may have brought the days since we looked.
            pending = await LandFromRedisAsync(scope, pending, known, cancellationToken);
            if (lease.IsElsewhere)
            {
                // Leases end by Redis's clock, so this wait is real time in tests too.
                await Task.Delay(LeasePoll, TimeProvider.System, cancellationToken);
                continue;
            }

            await AskAsync(scope, pending, known, cancellationToken);
            return;
        }

        await AskAsync(scope, pending, known, cancellationToken);
    }

    /// <summary>Lands what Redis holds and is good; adds to <paramref name="known"/> what it holds and can be built upon.</summary>
    private async Task<List<SegmentFlight>> LandFromRedisAsync(
        string scope, List<SegmentFlight> flights, ConcurrentDictionary<DateOnly, DaySegment?> known, CancellationToken cancellationToken)
    {
        if (redis is null || flights.Count == 0)
        {
            return flights;
        }

        var stored = await redis.ReadAsync(scope, flights.ConvertAll(flight => flight.Day), known, cancellationToken);
        var pending = new List<SegmentFlight>();
        foreach (var flight in flights)
        {
            var now = clock.GetUtcNow();
            if (!stored.TryGetValue(flight.Day, out var segment)
                || segment.AskedAt > now + ClockTolerance
                || (known[flight.Day] is { } held && held.AskedAt >= segment.AskedAt))
            {
                pending.Add(flight);
                continue;
            }

            known[flight.Day] = segment;
            if (now < lifetimes.ExpiresAt(segment))
            {
                memory.Land(new SegmentKey(scope, flight.Day), flight, new SegmentOutcome(segment, null, SegmentSource.Redis, now));
            }
            else
            {
                pending.Add(flight);
            }
        }

        return pending;
    }

    private async Task AskAsync(
        string scope, List<SegmentFlight> flights, ConcurrentDictionary<DateOnly, DaySegment?> known, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var runs = SegmentRun.Plan(flights, day => lifetimes.CanAskForTail(known[day], now) ? TailStart(known[day]!) : null);
        await Task.WhenAll(runs.Select(run => AskAsync(scope, run, known, cancellationToken)));
    }

    /// <returns>Why there is no answer; null when there is one.</returns>
    private async Task<UpstreamFailure?> AskAsync(
        string scope, SegmentRun run, ConcurrentDictionary<DateOnly, DaySegment?> known, CancellationToken cancellationToken)
    {
        var question = new UpstreamQuestion(
            scope == SegmentKey.Account ? null : scope,
            run.StartsWithTail ? TailStart(known[run.First]!) : run.First.ToDateTime(TimeOnly.MinValue),
            run.Last.ToDateTime(new TimeOnly(23, 59, 59)));
        GatewayMetrics.SegmentsAsked(run.StartsWithTail ? "tail" : run.Last >= zone.DayOf(clock.GetUtcNow()) ? "open" : "closed");
        var answer = await upstream.AskAsync(question, cancellationToken);
        if (answer.Failure is { IsTooLong: true } && run.Flights.Count > 1)
        {
            // Where the earlier half fails, because a single day is too long for example, the later one is not asked any more:
            // whoever reads both has no answer, and a WEBSMS that sends without end is asked a handful of times and not for each day.
            var (earlier, later) = run.Halves();
            if (await AskAsync(scope, earlier, known, cancellationToken) is not { } unanswered)
            {
                return await AskAsync(scope, later, known, cancellationToken);
            }

            Fail(scope, later, unanswered, known);
            return unanswered;
        }

        if (answer.Failure is { } failure)
        {
            Fail(scope, run, failure, known);
            return failure;
        }

        var days = factory.Make(answer.Records, day => known.GetValueOrDefault(day));
        var segments = new List<DaySegment>();
        foreach (var flight in run.Flights)
        {
            var before = known[flight.Day];
            var segment = Build(flight.Day, run, answer, days.GetValueOrDefault(flight.Day) ?? [], before);
            memory.Land(
                new SegmentKey(scope, flight.Day), flight, new SegmentOutcome(segment, null, SegmentSource.Upstream, clock.GetUtcNow()));
            segments.Add(segment);
        }

        if (redis is not null)
        {
            await redis.WriteAsync(scope, segments, cancellationToken);
        }

        return null;
    }

    // With what Redis holds: after a restart it may be the only last good answer.
    private void Fail(string scope, SegmentRun run, UpstreamFailure failure, ConcurrentDictionary<DateOnly, DaySegment?> known)
    {
        foreach (var flight in run.Flights)
        {
            memory.Land(
                new SegmentKey(scope, flight.Day), flight,
                new SegmentOutcome(known.GetValueOrDefault(flight.Day), failure, SegmentSource.Upstream, clock.GetUtcNow()));
        }
    }

    private DaySegment Build(DateOnly day, SegmentRun run, UpstreamAnswer answer, List<Message> messages, DaySegment? before)
    {
        var isTail = run.StartsWithTail && day == run.First;
        var problems = SegmentProblems.Of(answer.Problems, day, isFirst: day == run.First);
        var stamps = new SegmentStamps(
            answer.AskedAt,
            ReceivedAt: clock.GetUtcNow(),
            PreviouslyAskedAt: before?.AskedAt ?? DateTimeOffset.MinValue,
            ReadWholeAt: isTail ? before!.ReadWholeAt : answer.AskedAt,
            answer.IsWhole,
            IsSealed: answer.IsWhole
                && !isTail
                && answer.AskedAt >= lifetimes.SettledAt(day)
                && problems.Count == 0
                && !SegmentProblems.HasUndated(answer.Problems),
            isTail ? SegmentProblems.Join(before!.Problems, problems) : problems);
        if (!isTail)
        {
            return DaySegment.Of(day, messages, stamps);
        }

        messages.RemoveAll(message => before!.At(message.Position) is not null);
        return before!.With(messages, stamps);
    }

    /// <summary>
    /// Where the tail begins: the overlap before the newest known message, or before the last question if that is earlier.
    /// Between the newest known message and now there is nothing but what is new, so the reach costs no bytes, and it makes
    /// the tail independent of how far our clock and that of WEBSMS are apart.
    /// </summary>
    private DateTime TailStart(DaySegment known)
    {
        var dayStart = known.Day.ToDateTime(TimeOnly.MinValue);
        if (known.Newest is not { } newest)
        {
            return dayStart;
        }

        var anchor = newest.ReceivedAt < known.AskedAt ? newest.ReceivedAt : known.AskedAt;
        var start = zone.ToLocal(anchor - CacheOptions.Overlap) - zone.RepeatedTimeAround(anchor, CacheOptions.Overlap);
        start = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerSecond));
        return start < dayStart ? dayStart : start;
    }

    private void Land(string scope, IReadOnlyList<SegmentFlight> flights, SegmentOutcome outcome)
    {
        foreach (var flight in flights)
        {
            if (!flight.Landed.IsCompleted)
            {
                memory.Land(new SegmentKey(scope, flight.Day), flight, outcome);
            }
        }
    }

    private TimeSpan DeadlineOf(int days)
    {
        var upstreamOptions = options.Value;
        var rounds = 1 + (days / SegmentRun.MaxDays / upstreamOptions.MaxConcurrency);
        return (upstreamOptions.Timeout * (upstreamOptions.Retries + 2) * rounds) + TimeSpan.FromSeconds(30);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A defect of the gateway ended a question for messages: {Defect}")]
        public static partial void Crashed(ILogger logger, string defect);
    }
}
