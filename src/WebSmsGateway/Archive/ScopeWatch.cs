using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

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

    /// <summary>The callers who watch, and how often each. Guarded by the lock of <see cref="ArchiveWatch"/>.</summary>
    [Bounded("the callers with open waits and streams")]
    public Dictionary<string, int> Callers { get; } = new(StringComparer.Ordinal);

    public CancellationToken Stopped { get; }

    /// <summary>Completes with the next change. A caller takes it before it reads, or it misses a change between the two.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Completes with the next poll, whether it brings a change or not.</summary>
    public Task Polled => Volatile.Read(ref polled).Task;

    /// <summary>Completes with the next notice of another replica.</summary>
    public Task Noticed => Volatile.Read(ref noticed).Task;

    /// <summary>Whether there was a poll yet.</summary>
    public bool HasPolled { get; private set; }

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
        HasPolled = true;
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

    /// <summary>Whether there was a poll since somebody began to watch.</summary>
    public bool HasPolled => watch.HasPolled;

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
