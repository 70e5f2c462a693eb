using Microsoft.Extensions.Options;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// Keeps watched scopes fresh: one poll loop per scope while anyone watches, none when nobody does. It hands nothing out; who
/// watches is told that something changed and reads the archive like anyone else.
/// </summary>
internal sealed partial class ArchiveWatch(
    MessageArchive archive, AccountZone zone, IOptions<CacheOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<ArchiveWatch> logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Scope, ScopeWatch> watches = [];

    /// <summary>Loops that poll at the moment.</summary>
    public int Polls
    {
        get
        {
            lock (gate)
            {
                return watches.Count;
            }
        }
    }

    /// <summary>Watches a scope until the subscription is disposed.</summary>
    public ArchiveSubscription Subscribe(Scope scope)
    {
        lock (gate)
        {
            if (!watches.TryGetValue(scope, out var watch))
            {
                watches.Add(scope, watch = new ScopeWatch());
                _ = Task.Run(() => PollAsync(scope, watch));
            }

            watch.Watchers++;
            return new ArchiveSubscription(watch, () => Leave(scope, watch));
        }
    }

    private void Leave(Scope scope, ScopeWatch watch)
    {
        lock (gate)
        {
            if (--watch.Watchers > 0)
            {
                return;
            }

            watches.Remove(scope);
        }

        watch.Dispose();
    }

    private async Task PollAsync(Scope scope, ScopeWatch watch)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(watch.Stopped, lifetime.ApplicationStopping);
        var failures = 0;
        using var open = GatewayMetrics.PollOpened();
        GatewayTraces.LeaveRequest();
        while (!stopping.IsCancellationRequested)
        {
            var pause = options.Value.Freshness;
            try
            {
                using var poll = GatewayTraces.Poll();
                var read = await archive.WatchAsync(scope, FirstDay(), stopping.Token);
                var failure = read.Failure ?? read.Freshness.StaleBecause;
                failures = failure is null ? 0 : failures + 1;
                watch.Report(SignatureOf(read), failure);
                pause = PauseAfter(read, failure, failures);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A defect must not end the loop: whoever watches would wait for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(logger, Defect.Describe(exception));
            }

            await Task.Delay(pause, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // While yesterday settles, its late messages are part of what is new.
    private DateOnly FirstDay() => zone.DayOf(clock.GetUtcNow() - options.Value.SettleTime - CacheOptions.Overlap);

    private TimeSpan PauseAfter(ArchiveRead read, UpstreamFailure? failure, int failures)
    {
        var freshness = options.Value.Freshness;
        if (failure is null)
        {
            // Rounded up, because timers count whole milliseconds: one that ends too early would find nothing due, and the loop spin.
            var next = AskedAt(read) + freshness - clock.GetUtcNow();
            return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(next.TotalMilliseconds)));
        }

        // An outage is asked after ever more rarely, but soon enough that its end is noticed at once by human measure.
        var backOff = freshness * Math.Min(8, 1 << Math.Min(failures - 1, 3));
        var longest = freshness > TimeSpan.FromSeconds(10) ? freshness : TimeSpan.FromSeconds(10);
        backOff = backOff < longest ? backOff : longest;
        return failure.RetryAfter > backOff ? failure.RetryAfter.Value : backOff;
    }

    // While yesterday settles both days are polled, each at its own pace: the one that is due first says when.
    private static DateTimeOffset AskedAt(ArchiveRead read)
    {
        var askedAt = read.Records[^1].AskedAt;
        foreach (var record in read.Records)
        {
            askedAt = !record.IsFinal && record.AskedAt < askedAt ? record.AskedAt : askedAt;
        }

        return askedAt;
    }

    private static long SignatureOf(ArchiveRead read)
    {
        var signature = new HashCode();
        foreach (var record in read.Records)
        {
            signature.Add(record.Day);
            signature.Add(record.Count);
            signature.Add(record.Problems.Count);
            signature.Add(record.ReadWholeAt);
        }

        return signature.ToHashCode();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A defect of the gateway ended a poll; the next one is due: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}

/// <summary>The state of one watched scope.</summary>
internal sealed class ScopeWatch : IDisposable
{
    private readonly CancellationTokenSource stopped = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UpstreamFailure? failure;
    private long signature;

    // The token outlives its source: a loop may start after its last watcher left.
    public ScopeWatch() => Stopped = stopped.Token;

    /// <summary>Guarded by the lock of <see cref="ArchiveWatch"/>.</summary>
    public int Watchers { get; set; }

    /// <summary>Ends the loop.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Ends with the next change. Take it before reading, or a change between the two is missed.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Why the last poll brought nothing; null when it did.</summary>
    public UpstreamFailure? Failure => Volatile.Read(ref failure);

    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }

    /// <summary>Tells those who watch, if something is new. Only the loop calls it.</summary>
    public void Report(long newSignature, UpstreamFailure? newFailure)
    {
        var isNew = newSignature != signature || newFailure?.Error != failure?.Error;
        signature = newSignature;
        Volatile.Write(ref failure, newFailure);
        if (isNew)
        {
            Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }
}

/// <summary>One watcher's hold on a scope.</summary>
internal sealed class ArchiveSubscription(ScopeWatch watch, Action leave) : IDisposable
{
    private int isLeft;

    /// <summary>Ends with the next change. Take it before reading, or a change between the two is missed.</summary>
    public Task Changed => watch.Changed;

    /// <summary>Why the last poll brought nothing; null when it did. The archive may still hold an answer that is fresh enough.</summary>
    public UpstreamFailure? Failure => watch.Failure;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isLeft, 1) == 0)
        {
            leave();
        }
    }
}
