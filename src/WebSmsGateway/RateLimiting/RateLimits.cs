using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.RateLimiting;

/// <summary>
/// Counts requests: those of callers by their id, all others by address. Requests without credentials, requests with wrong ones and
/// preflights have buckets of their own, so no kind uses up what another one needs, and none of them holds up a caller with valid credentials.
/// </summary>
internal sealed class RateLimits(IOptions<RateLimitingOptions> options, IOptions<AuthenticationOptions> authentication, TimeProvider time)
{
    /// <summary>Preflights a minute and address. Browsers send one for each new URL.</summary>
    public const int PreflightsPerMinute = 600;

    private const int MaxCallers = 20_000;
    private const int MaxAddresses = 100_000;

    private readonly RateLimitingOptions limits = options.Value;

    // If no credentials are required, each address has the limit of a caller.
    private readonly int addressQuota =
        authentication.Value.AllowAnonymous ? options.Value.RequestsPerMinute : options.Value.UnauthenticatedPerMinute;

    private readonly Buckets<string> callers = new(time, MaxCallers);
    private readonly Buckets<AddressKey> withoutCredentials = new(time, MaxAddresses);
    private readonly Buckets<AddressKey> withWrongCredentials = new(time, MaxAddresses);
    private readonly Buckets<AddressKey> preflights = new(time, MaxAddresses);

    /// <summary>Takes a token of a caller.</summary>
    /// <returns>The grant, and the quota that it belongs to.</returns>
    public (Grant Grant, int PerMinute) Take(Caller caller)
    {
        var own = caller.RequestsPerMinute ?? limits.RequestsPerMinute;
        return (callers.Of(caller.Id).Take(own), own);
    }

    /// <summary>Takes a token of an address, for a request without a caller.</summary>
    public (Grant Grant, int PerMinute) Take(AddressKey address, bool hasCredentials) =>
        ((hasCredentials ? withWrongCredentials : withoutCredentials).Of(address).Take(addressQuota), addressQuota);

    /// <summary>Takes a token of an address for a preflight.</summary>
    public (Grant Grant, int PerMinute) TakePreflight(AddressKey address) =>
        (preflights.Of(address).Take(PreflightsPerMinute), PreflightsPerMinute);
}
