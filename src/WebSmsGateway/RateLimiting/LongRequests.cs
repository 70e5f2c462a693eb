using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.RateLimiting;

/// <summary>How many waits and streams a caller holds open: each keeps a connection, and one caller must not keep them all.</summary>
internal sealed class LongRequests(IOptions<RateLimitingOptions> options) : IDisposable
{
    // The limiter drops callers who have had nothing open for some seconds.
    private readonly PartitionedRateLimiter<Caller> open = PartitionedRateLimiter.Create<Caller, string>(
        caller => RateLimitPartition.GetConcurrencyLimiter(
            caller.Id, _ => new() { PermitLimit = options.Value.LongRequestsPerCaller, QueueLimit = 0 }),
        StringComparer.Ordinal);

    /// <summary>Enters, unless the caller has as many open as it may; disposing the lease leaves.</summary>
    public bool TryEnter(Caller caller, [NotNullWhen(true)] out IDisposable? lease)
    {
        var attempt = Attempt(caller);
        lease = attempt.IsAcquired ? attempt : null;
        return attempt.IsAcquired;
    }

    public void Dispose() => open.Dispose();

    private RateLimitLease Attempt(Caller caller)
    {
        try
        {
            return open.AttemptAcquire(caller);
        }
        catch (ObjectDisposedException)
        {
            // The caller came back in the instant in which it was dropped. It is a new one now.
            return open.AttemptAcquire(caller);
        }
    }
}
