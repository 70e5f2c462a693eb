using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.RateLimiting;

/// <summary>Limits the open waits and streams of each caller. Each keeps a connection, and one caller must not take all of them.</summary>
internal sealed class LongRequests(IOptions<RateLimitingOptions> options) : IDisposable
{
    // The limiter drops callers that have had nothing open for some seconds.
    [Bounded("the callers with something open")]
    private readonly PartitionedRateLimiter<Caller> open = PartitionedRateLimiter.Create<Caller, string>(
        caller => RateLimitPartition.GetConcurrencyLimiter(
            caller.Id, _ => new() { PermitLimit = options.Value.LongRequestsPerCaller, QueueLimit = 0 }),
        StringComparer.Ordinal);

    /// <summary>Counts a wait or stream, unless the caller has reached its limit. Disposing the lease ends the count.</summary>
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
            // The limiter dropped the caller at this moment. The second attempt adds it anew.
            return open.AttemptAcquire(caller);
        }
    }
}
