using Microsoft.Extensions.Options;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// Keeps watched scopes fresh. A scope has one poll loop while anyone watches it, and none otherwise. A watcher is told that
/// something changed, and then reads the archive like any other caller.
/// </summary>
internal sealed partial class ArchiveWatch(
    MessageArchive archive, Schedule schedule, IOptions<CacheOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<ArchiveWatch> logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Scope, ScopeWatch> watches = [];

    /// <summary>How many poll loops run now.</summary>
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
                var read = await archive.WatchAsync(scope, stopping.Token);
                var failure = read.Failure ?? read.Freshness.StaleBecause;
                failures = failure is null ? 0 : failures + 1;
                watch.Report(SignatureOf(read), failure);
                pause = failure is null
                    ? schedule.PauseAfter(read.Records, clock.GetUtcNow())
                    : schedule.PauseAfter(failure, failures);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A defect must not end the loop, because its watchers would wait for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(logger, Defect.Describe(exception));
            }

            await Task.Delay(pause, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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

    // A loop may start after its last watcher left. The token stays usable then, and its source does not.
    public ScopeWatch() => Stopped = stopped.Token;

    /// <summary>Guarded by the lock of <see cref="ArchiveWatch"/>.</summary>
    public int Watchers { get; set; }

    public CancellationToken Stopped { get; }

    /// <summary>Completes with the next change. A caller takes it before it reads, or it misses a change between the two.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>The failure of the last poll; null if it succeeded.</summary>
    public UpstreamFailure? Failure => Volatile.Read(ref failure);

    public void Dispose()
    {
        stopped.Cancel();
        stopped.Dispose();
    }

    /// <summary>Notifies the watchers if something is new. Only the loop calls it.</summary>
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

/// <summary>The subscription of one watcher to a scope.</summary>
internal sealed class ArchiveSubscription(ScopeWatch watch, Action leave) : IDisposable
{
    private int isLeft;

    /// <summary>Completes with the next change. A caller takes it before it reads, or it misses a change between the two.</summary>
    public Task Changed => watch.Changed;

    /// <summary>The failure of the last poll; null if it succeeded. The archive may still hold an answer that is fresh enough.</summary>
    public UpstreamFailure? Failure => watch.Failure;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isLeft, 1) == 0)
        {
            leave();
        }
    }
}
