using System.Net;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.RateLimiting;

/// <summary>Counts requests: those of callers by their id, all others by address.</summary>
internal sealed class RateLimits(IOptions<RateLimitingOptions> options, IOptions<AuthenticationOptions> authentication, TimeProvider time)
{
    private const int MaxCallers = 20_000;
    private const int MaxAddresses = 100_000;

    private readonly RateLimitingOptions limits = options.Value;

    // If no credentials are required, each address has the limit of a caller.
    private readonly int addressQuota =
        authentication.Value.AllowAnonymous ? options.Value.RequestsPerMinute : options.Value.UnauthenticatedPerMinute;

    private readonly Buckets<string> callers = new(time, MaxCallers);
    private readonly Buckets<AddressKey> addresses = new(time, MaxAddresses);

    /// <summary>Takes a token of a caller.</summary>
    /// <returns>The grant, and the quota that it belongs to.</returns>
    public (Grant Grant, int PerMinute) Take(Caller caller)
    {
        var own = caller.RequestsPerMinute ?? limits.RequestsPerMinute;
        return (callers.Of(caller.Id).Take(own), own);
    }

    /// <summary>Takes a token of an address, for a request without a caller.</summary>
    public (Grant Grant, int PerMinute) Take(IPAddress? address) => (addresses.Of(AddressKey.Of(address)).Take(addressQuota), addressQuota);

    /// <summary>Whether an address has used up its requests without valid credentials.</summary>
    public bool IsExhausted(IPAddress? address) => !addresses.Of(AddressKey.Of(address)).HasToken(addressQuota);
}
