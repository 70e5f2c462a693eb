using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream;

/// <summary>
/// Keeps a wrong password from locking the account: error_num 2 stops further calls for 30 s, doubling to 10 min,
/// until an answer proves the credentials right.
/// </summary>
/// <remarks>
/// Calls in flight cannot be taken back, so concurrency itself must be earned. While nothing is proven (after the start, and
/// after each pause) one call goes first and the others wait for what it learns: a wrong password costs one call per pause,
/// however many callers there are. Only where credentials that worked are withdrawn do the calls already sent fail together;
/// they count as one rejection.
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

    // Grows with each rejection. A call let through in an earlier period neither proves nor refutes anything now.
    private int period;

    /// <summary>Whether the credentials have proven right; while they have not, one call goes first.</summary>
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

    /// <summary>How long calls are still held back because the credentials were rejected; null when they are not.</summary>
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

    /// <summary>Waits for leave to call, or for the reason why not.</summary>
    public async ValueTask<Permit> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<UpstreamFailure?> otherProof;
            lock (gate)
            {
                if (Remaining() is { } remaining)
                {
                    return new Permit(this, period, false, Rejected(remaining));
                }

                if (proven || proof is null)
                {
                    var proves = !proven;
                    proof = proves ? new(TaskCreationOptions.RunContinuationsAsynchronously) : proof;
                    return new Permit(this, period, proves, null);
                }

                otherProof = proof.Task;
            }

            if (await otherProof.WaitAsync(cancellationToken) is { } failure)
            {
                return new Permit(this, period, false, failure);
            }
        }
    }

    private UpstreamAnswer Settle(Permit permit, UpstreamAnswer answer)
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
                proven = false;
                pausedAt = time.GetTimestamp();
                pause = nextPause;
                nextPause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                Log.CredentialsRejected(logger, pause);
                answer = UpstreamAnswer.Failed(rejection with { RetryAfter = pause });
            }

            // No answer at all is what the waiting calls would get too: one after the other they would wait for hours.
            Release(permit, answer.Failure?.Error is UpstreamError.Unreachable or UpstreamError.Timeout or UpstreamError.Unavailable
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

    private static UpstreamFailure Rejected(TimeSpan retryAfter) =>
        new(UpstreamError.CredentialsRejected, "WEBSMS rejected the gateway's login or password; calls are held back for a while.", 2,
            retryAfter);

    /// <summary>Leave to call, to be settled with the answer. Disposed without one, the next call in line goes first.</summary>
    internal sealed class Permit(CredentialGuard guard, int period, bool proves, UpstreamFailure? failure) : IDisposable
    {
        private bool proves = proves;

        /// <summary>Why the call may not be made; null where it may.</summary>
        public UpstreamFailure? Failure => failure;

        public int Period => period;

        /// <summary>The failure that came up since, while the call was queued or waiting to be repeated.</summary>
        public UpstreamFailure? Revoked()
        {
            lock (guard.gate)
            {
                return guard.period == period ? null : Rejected(guard.Remaining() ?? FirstPause);
            }
        }

        public UpstreamAnswer Settle(UpstreamAnswer answer) => guard.Settle(this, answer);

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
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "WEBSMS rejected the login or password: no calls for {Pause}")]
        public static partial void CredentialsRejected(ILogger logger, TimeSpan pause);
    }
}
