using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// Runs the fetches of the memory tier. Redis is asked first, then WEBSMS, under a lease that keeps other replicas from asking the
/// same question. The work has its own deadline, independent of the callers.
/// </summary>
internal sealed partial class ScopeFetch(
    MemoryTier memory, ScopeHeads heads, DayQuestions questions, Schedule schedule, IOptions<UpstreamOptions> options, ArchiveClock clock,
    TimeProvider time, ILogger<ScopeFetch> logger, ISharedStore? store = null)
{
    private static readonly TimeSpan LeasePoll = TimeSpan.FromMilliseconds(50);

    private readonly RangeLength lengths = new(time);

    /// <summary>Starts the fetches of one scope. Each of them completes in the memory tier, even after a defect.</summary>
    public void Start(Scope scope, List<DayFetch> fetches) => Background.Start(() => RunAsync(scope, fetches));

    private async Task RunAsync(Scope scope, List<DayFetch> fetches)
    {
        fetches.Sort(static (left, right) => left.Day.CompareTo(right.Day));
        using var deadline = new CancellationTokenSource(DeadlineOf(fetches), time);
        try
        {
            await RunAsync(scope, fetches, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var failure = new UpstreamFailure(UpstreamError.Timeout, "WEBSMS did not answer in time.");
            foreach (var fetch in fetches.Where(fetch => !fetch.Completed.IsCompleted))
            {
                Complete(scope, fetch, memory.Peek(new DayKey(scope, fetch.Day)), failure, DaySource.Upstream);
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
        // Records are held here as well, because a small memory tier may drop them before the answer is there.
        var previous = new ConcurrentDictionary<DateOnly, DayRecord>();
        var pending = await CompleteFromStoreAsync(scope, fetches, previous, cancellationToken);

        // Closed days are fetched separately, because readers of the open day must not wait for a month of them.
        var now = clock.There(memory.HeadOf(scope));
        await Task.WhenAll(pending.GroupBy(fetch => now < schedule.SettledAt(fetch.Day)).Select(
            group => FetchAsync(scope, group.Key ? LeaseFor.OpenDays : LeaseFor.ClosedDays, [.. group], previous, cancellationToken)));
    }

    private async Task FetchAsync(
        Scope scope, LeaseFor work, List<DayFetch> pending, ConcurrentDictionary<DateOnly, DayRecord> previous, CancellationToken cancellationToken)
    {
        while (store is { IsUp: true } && pending.Count > 0)
        {
            await using var lease = await store.LeaseAsync(scope, work, cancellationToken);

            // Another replica may have asked since the last look, whether the lease was free or not.
            pending = await CompleteFromStoreAsync(scope, pending, previous, cancellationToken);
            if (!lease.IsElsewhere)
            {
                await AskAsync(scope, pending, previous, cancellationToken);
                return;
            }

            await Task.Delay(LeasePoll, store.Time, cancellationToken);
        }

        await AskAsync(scope, pending, previous, cancellationToken);
    }

    /// <summary>Completes the fetches that the shared head has made needless. Records that are due go into <paramref name="previous"/>.</summary>
    private async Task<List<DayFetch>> CompleteFromStoreAsync(
        Scope scope, List<DayFetch> fetches, ConcurrentDictionary<DateOnly, DayRecord> previous, CancellationToken cancellationToken)
    {
        if (fetches.Count > 0 && await heads.SyncAsync(scope, cancellationToken))
        {
            await heads.LoadAsync(
                scope, [.. fetches.Where(fetch => memory.Peek(new DayKey(scope, fetch.Day)) is null).Select(fetch => fetch.Day)], cancellationToken);
        }

        var pending = new List<DayFetch>();
        foreach (var fetch in fetches)
        {
            if (memory.Peek(new DayKey(scope, fetch.Day)) is { } record)
            {
                previous[fetch.Day] = record;
                if (!schedule.IsDue(record, clock.Now))
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
        Scope scope, List<DayFetch> fetches, ConcurrentDictionary<DateOnly, DayRecord> previous, CancellationToken cancellationToken)
    {
        var now = clock.There(memory.HeadOf(scope));
        DayRecord? Previous(DateOnly day) => memory.Peek(new DayKey(scope, day)) ?? previous.GetValueOrDefault(day);
        var runs = DayRun.Plan(fetches, day => schedule.TailStart(Previous(day), now));
        await Task.WhenAll(runs.Select(run => AskAsync(scope, run, Previous, cancellationToken)));
        foreach (var fetch in fetches)
        {
            var known = memory.Peek(new DayKey(scope, fetch.Day)) ?? (fetch.Completed.IsCompletedSuccessfully ? (await fetch.Completed).Record : null);
            if (known is { } record && schedule.IsWholeReadDue(record, clock.Now)
                && memory.TryBeginWholeRead(scope, record, clock.Now, Schedule.DoubtInterval))
            {
                Background.Start(() => ReadWholeAsync(scope, record));
            }
        }
    }

    /// <returns>The failure; null if there is an answer.</returns>
    private async Task<UpstreamFailure?> AskAsync(
        Scope scope, DayRun run, Func<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        if (run.Fetches.Count > lengths.Days)
        {
            return await AskInPartsAsync(scope, run.SplitAfter(lengths.Days), previous, cancellationToken);
        }

        var (records, failure) = await questions.AskAsync(scope, run, previous, cancellationToken);
        if (failure is { Error: UpstreamError.Timeout } && !run.StartsWithTail)
        {
            lengths.TimedOut(run.Fetches.Count);
        }

        if (failure is { Error: UpstreamError.TooLong or UpstreamError.Timeout } && run.Fetches.Count > 1)
        {
            return await AskInPartsAsync(scope, run.Halves(), previous, cancellationToken);
        }

        Complete(scope, run, records, failure, previous);
        return failure;
    }

    /// <summary>Asks for the two parts of a run. If the earlier one fails, the later one is not asked for.</summary>
    /// <remarks>
    /// A reader of both would have no answer anyway. A WEBSMS that sends without end, or does not answer, is so asked a few times, and not once
    /// for each day.
    /// </remarks>
    private async Task<UpstreamFailure?> AskInPartsAsync(
        Scope scope, (DayRun Earlier, DayRun Later) parts, Func<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        if (await AskAsync(scope, parts.Earlier, previous, cancellationToken) is not { } failure)
        {
            return await AskAsync(scope, parts.Later, previous, cancellationToken);
        }

        Complete(scope, parts.Later, [], failure, previous);
        return failure;
    }

    private void Complete(
        Scope scope, DayRun run, IReadOnlyList<DayRecord> records, UpstreamFailure? failure, Func<DateOnly, DayRecord?> previous)
    {

        foreach (var fetch in run.Fetches)
        {
            // The previous record is kept: it is the last good answer.
            var record = records.FirstOrDefault(record => record.Day == fetch.Day);
            Complete(scope, fetch, record ?? previous(fetch.Day), record is null ? failure : null, DaySource.Upstream);
        }
    }

    /// <summary>
    /// Reads an open day whole. Nobody waits for it, and its failure leaves the tails as they are. Its lease is one of its own, because readers at
    /// other replicas wait for the lease of their days.
    /// </summary>
    private async Task ReadWholeAsync(Scope scope, DayRecord record)
    {
        using var deadline = new CancellationTokenSource(DeadlineOf([]), time);
        try
        {
            while (true)
            {
                await using var lease = store is { IsUp: true } ? await store.LeaseAsync(scope, LeaseFor.WholeRead, deadline.Token) : null;
                if (lease is { IsElsewhere: true })
                {
                    // The holder may read another day. Without this wait the day might not be read whole for hours.
                    await Task.Delay(LeasePoll, store!.Time, deadline.Token);
                    continue;
                }

                await heads.SyncAsync(scope, deadline.Token);
                if (memory.Peek(new DayKey(scope, record.Day)) is { } held && schedule.IsWholeReadDue(held, clock.Now))
                {
                    await questions.AskAsync(
                        scope, new DayRun([new DayFetch(record.Day, time.GetTimestamp())], StartsWithTail: false),
                        day => memory.Peek(new DayKey(scope, day)) ?? (day == record.Day ? record : null), deadline.Token);
                }

                return;
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // The day is due still.
        }
#pragma warning disable CA1031 // Nobody waits for this work, so nobody else would see its defect.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Failed(logger, Defect.Describe(exception));
        }
        finally
        {
            memory.EndWholeRead(new DayKey(scope, record.Day));
        }
    }

    private void Complete(Scope scope, DayFetch fetch, DayRecord? record, UpstreamFailure? failure, DaySource source) =>
        memory.Complete(new DayKey(scope, fetch.Day), fetch, new FetchOutcome(record, failure, source, clock.Now));

    private TimeSpan DeadlineOf(List<DayFetch> fetches)
    {
        // Each gap between the days makes one more question.
        var gaps = fetches.Where((fetch, i) => i > 0 && fetches[i - 1].Day.AddDays(1) != fetch.Day).Count();
        var rounds = 1 + (((fetches.Count / DayRun.MaxDays) + gaps) / options.Value.MaxConcurrency);
        return (options.Value.Timeout * (options.Value.Retries + 2) * rounds) + TimeSpan.FromSeconds(30);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A defect of the gateway ended a question for messages: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}
