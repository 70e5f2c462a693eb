namespace WebSmsGateway.Upstream;

/// <summary>
/// Keeps a wrong password from locking the account. An error_num 2 stops further calls for 30 s. The pause doubles up to 10 min, until
/// an answer proves that the credentials are right.
/// </summary>
/// <remarks>
/// A call that was sent cannot be taken back. While the credentials are not proven (after the start and after each pause), one call
/// therefore goes first and the others wait for its answer. A wrong password costs one call per pause, however many callers there
/// are. If credentials that worked become invalid, several calls may have been sent already. Their failures count as one rejection.
/// </remarks>
internal sealed partial class CredentialGuard(TimeProvider time, ILogger<CredentialGuard> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private TaskCompletionSource<UpstreamFailure?>? proof;
    private bool proven;
    private TimeSpan pause;
    private TimeSpan nextPause = FirstPause;
    private long pausedAt;

    // Grows with each rejection and each new password. The answer to a call of an earlier period proves nothing about the current one.
    private int period;
    private int rejections;

    /// <summary>Whether an answer has proven that the credentials are right.</summary>
    public bool AreProven
    {
        get
        {
            lock (gate)
            {
                return proven;
            }
        }
    }

    /// <summary>How long calls are still held back after a rejection; null if they are not held back.</summary>
    public TimeSpan? HeldBackFor
    {
        get
        {
            lock (gate)
            {
                return Remaining();
            }
        }
    }

    /// <summary>Begins anew with another password, without a pause.</summary>
    public void Renew()
    {
        lock (gate)
        {
            period++;
            proven = false;
            pause = TimeSpan.Zero;
            nextPause = FirstPause;
        }
    }

    /// <summary>Waits until a call may be made, or may not because of a failure.</summary>
    public async ValueTask<Permit> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<UpstreamFailure?> otherProof;
            lock (gate)
            {
                if (Remaining() is { } remaining)
                {
                    return new Permit(this, period, rejections, false, Rejected(remaining));
                }

                if (proven || proof is null)
                {
                    var proves = !proven;
                    proof = proves ? new(TaskCreationOptions.RunContinuationsAsynchronously) : proof;
                    return new Permit(this, period, rejections, proves, null);
                }

                otherProof = proof.Task;
            }

            if (await otherProof.WaitAsync(cancellationToken) is { } failure)
            {
                return new Permit(this, period, rejections, false, failure);
            }
        }
    }

    private UpstreamAnswer Settle(Permit permit, UpstreamAnswer answer, bool isFailureItsOwn)
    {
        lock (gate)
        {
            if (permit.Period == period && answer.Failure is null)
            {
                proven = true;
                nextPause = FirstPause;
            }
            else if (permit.Period == period && answer.Failure is { Error: UpstreamError.CredentialsRejected } rejection)
            {
                period++;
                rejections++;
                proven = false;
                pausedAt = time.GetTimestamp();
                pause = nextPause;
                nextPause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                Log.CredentialsRejected(logger, pause);
                answer = UpstreamAnswer.Failed(rejection with { RetryAfter = pause });
            }

            // The waiting calls fail with this one if WEBSMS does not answer. Otherwise each would wait for its own timeout in turn.
            Release(permit, !isFailureItsOwn && answer.Failure?.Error is (UpstreamError.Unreachable or UpstreamError.Timeout or UpstreamError.Unavailable)
                ? answer.Failure
                : null);
        }

        return answer;
    }

    private void Release(Permit permit, UpstreamFailure? failure)
    {
        lock (gate)
        {
            if (permit.TryEndProof())
            {
                proof?.TrySetResult(failure);
                proof = null;
            }
        }
    }

    private TimeSpan? Remaining()
    {
        var remaining = pause - time.GetElapsedTime(pausedAt);
        return remaining > TimeSpan.Zero && pause > TimeSpan.Zero ? remaining : null;
    }

    private static UpstreamFailure Rejected(TimeSpan retryAfter) => new(UpstreamError.CredentialsRejected,
        "WEBSMS rejected the gateway's login or password; calls are held back for a while.", 2, retryAfter);

    /// <summary>The right to make a call, to be settled with the answer. If it is disposed without one, the next call goes first.</summary>
    internal sealed class Permit(CredentialGuard guard, int period, int rejections, bool proves, UpstreamFailure? failure)
        : IDisposable
    {
        private bool proves = proves;

        /// <summary>The reason why the call may not be made; null if it may.</summary>
        public UpstreamFailure? Failure => failure;

        public int Period => period;

        /// <summary>The failure, if the credentials were rejected while the call was queued or waited for a retry.</summary>
        public UpstreamFailure? Revoked()
        {
            lock (guard.gate)
            {
                return guard.rejections == rejections ? null : Rejected(guard.Remaining() ?? FirstPause);
            }
        }

        /// <param name="answer">The answer.</param>
        /// <param name="isFailureItsOwn">Whether a failure says nothing about the calls that wait.</param>
        public UpstreamAnswer Settle(UpstreamAnswer answer, bool isFailureItsOwn = false) => guard.Settle(this, answer, isFailureItsOwn);

        public bool TryEndProof()
        {
            var was = proves;
            proves = false;
            return was;
        }

        public void Dispose() => guard.Release(this, null);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "WEBSMS rejected the login or password: no calls for {Pause}")]
        public static partial void CredentialsRejected(ILogger logger, TimeSpan pause);
    }
}
