using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// Keeps watched scopes fresh. A scope has one poll loop while anyone watches it, and none otherwise. A watcher is told that
/// something changed, and then reads the archive like any other caller.
/// </summary>
internal sealed partial class ArchiveWatch(
    MessageArchive archive, ScopeHeads heads, Schedule schedule, IOptions<CacheOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<ArchiveWatch> logger, ISharedStore? store = null)
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
                Background.Start(() => PollAsync(scope, watch));
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
        using var notices = store?.Subscribe(scope, watch.Notice);
        while (!stopping.IsCancellationRequested)
        {
            var pause = options.Value.Freshness;
            var noticed = watch.Noticed;
            try
            {
                using var poll = GatewayTraces.Poll();
                var read = await archive.WatchAsync(scope, stopping.Token);
                var failure = read.Unread ?? read.Freshness.StaleBecause;
                failures = failure is null ? 0 : failures + 1;
                watch.Report(SignatureOf(read), failure);
                pause = failure is null
                    ? schedule.PauseAfter([.. read.Records], archive.Now)
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

            await PauseAsync(scope, pause, noticed, stopping.Token);
        }
    }

    /// <summary>Pauses until the next poll. A notice of another replica ends the pause, so that its news is here at once.</summary>
    private async Task PauseAsync(Scope scope, TimeSpan pause, Task noticed, CancellationToken cancellationToken)
    {
        try
        {
            await noticed.WaitAsync(pause, clock, cancellationToken);
            await heads.SyncAsync(scope, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The next poll is due, or the loop ends.
        }
    }

    private static long SignatureOf(ArchiveRead read)
    {
        var signature = new HashCode();
        signature.Add(read.Head.Epoch);
        signature.Add(read.Head.LastStamp);
        foreach (var record in read.Records)
        {
            signature.Add(record.Day);
            signature.Add(record.Problems.Count);
            signature.Add(record.Doubts.Count);
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
    private TaskCompletionSource polled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UpstreamFailure? failure;
    private long signature;

    // A loop may start after its last watcher left. The token stays usable then, and its source does not.
    public ScopeWatch() => Stopped = stopped.Token;

    /// <summary>Guarded by the lock of <see cref="ArchiveWatch"/>.</summary>
    public int Watchers { get; set; }

    public CancellationToken Stopped { get; }

    /// <summary>Completes with the next change. A caller takes it before it reads, or it misses a change between the two.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Completes with the next poll, whether it brings a change or not.</summary>
    public Task Polled => Volatile.Read(ref polled).Task;

    /// <summary>Completes with the next notice of another replica.</summary>
    public Task Noticed => Volatile.Read(ref noticed).Task;

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
            Complete(ref changed);
        }

        Complete(ref polled);
    }

    /// <summary>Ends the pause of the loop, because another replica replaced the head.</summary>
    public void Notice() => Complete(ref noticed);

    private static void Complete(ref TaskCompletionSource source) =>
        Interlocked.Exchange(ref source, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}

/// <summary>The subscription of one watcher to a scope.</summary>
internal sealed class ArchiveSubscription(ScopeWatch watch, Action leave) : IDisposable
{
    private int isLeft;

    /// <summary>Completes with the next change. A caller takes it before it reads, or it misses a change between the two.</summary>
    public Task Changed => watch.Changed;

    /// <summary>Completes with the next poll, whether it brings a change or not.</summary>
    public Task Polled => watch.Polled;

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
