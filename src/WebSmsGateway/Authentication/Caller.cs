using System.Security.Claims;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Who calls.</summary>
/// <param name="Id">Tells callers apart, in rate limits for example. Empty for the anonymous caller, who is anyone.</param>
/// <param name="Name">What logs call it.</param>
/// <param name="Numbers">What it may read.</param>
/// <param name="RequestsPerMinute">Its own rate limit; null for the default.</param>
internal sealed record Caller(string Id, string Name, NumberSet Numbers, int? RequestsPerMinute)
{
    public static readonly Caller Anonymous = new("", "anonymous", NumberSet.All, null);

    /// <summary>What metrics call it: a key by its name; all tokens alike, because what they call their subject is anybody's.</summary>
    public string MetricName => Id.StartsWith("jwt:", StringComparison.Ordinal) ? "token" : Name;

    /// <summary>Whether it has shown no credentials, because none are asked for.</summary>
    public bool IsAnonymous => Id.Length == 0;
}

/// <summary>A caller with a token, as ASP.NET Core's authentication carries it.</summary>
internal sealed class CallerPrincipal(Caller caller) : ClaimsPrincipal
{
    public Caller Caller => caller;
}
