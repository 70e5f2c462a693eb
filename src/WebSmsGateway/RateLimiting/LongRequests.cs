using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.RateLimiting;

/// <summary>How many waits and streams a caller holds open: each keeps a connection, and one caller must not keep them all.</summary>
internal sealed class LongRequests(IOptions<RateLimitingOptions> options)
{
    private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);

    /// <summary>Enters, unless the caller has as many open as it may; disposing the lease leaves.</summary>
    public bool TryEnter(Caller caller, [NotNullWhen(true)] out IDisposable? lease)
    {
        var max = options.Value.LongRequestsPerCaller;
        while (true)
        {
            if (!open.TryGetValue(caller.Id, out var count))
            {
                if (open.TryAdd(caller.Id, 1))
                {
                    break;
                }
            }
            else if (count >= max)
            {
                lease = null;
                return false;
            }
            else if (open.TryUpdate(caller.Id, count + 1, count))
            {
                break;
            }
        }

        lease = new Lease(this, caller.Id);
        return true;
    }

    // The last one out takes the entry along, so that callers who are gone leave nothing behind.
    private void Leave(string id)
    {
        while (open.TryGetValue(id, out var count))
        {
            var isDone = count == 1
                ? open.TryRemove(KeyValuePair.Create(id, count))
                : open.TryUpdate(id, count - 1, count);
            if (isDone)
            {
                return;
            }
        }
    }

    private sealed class Lease(LongRequests owner, string id) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0)
            {
                owner.Leave(id);
            }
        }
    }
}
