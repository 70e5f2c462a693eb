namespace WebSmsGateway.Upstream;

/// <summary>
/// The time-out of one attempt. It stands still while the answer waits for room: WEBSMS is not slow then, and must not count as failing.
/// </summary>
internal sealed class AttemptDeadline : IDisposable
{
    private readonly CancellationTokenSource timeout;
    private readonly CancellationTokenSource both;
    private readonly CancellationToken caller;
    private readonly TimeProvider time;
    private TimeSpan left;
    private long runningSince;

    public AttemptDeadline(TimeSpan length, TimeProvider time, CancellationToken caller)
    {
        (this.time, this.caller, left) = (time, caller, length);
        runningSince = time.GetTimestamp();
        timeout = new CancellationTokenSource(length, time);
        both = CancellationTokenSource.CreateLinkedTokenSource(caller, timeout.Token);
    }

    /// <summary>Ends with the time-out or with the caller.</summary>
    public CancellationToken Token => both.Token;

    /// <summary>Whether the time-out has passed.</summary>
    public bool HasPassed => timeout.IsCancellationRequested;

    /// <summary>Waits for something of ours.</summary>
    public async Task PauseAsync(Func<CancellationToken, Task> wait)
    {
        Token.ThrowIfCancellationRequested();
        left -= time.GetElapsedTime(runningSince);
        timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        await wait(caller);
        runningSince = time.GetTimestamp();
        timeout.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        both.Dispose();
        timeout.Dispose();
    }
}
