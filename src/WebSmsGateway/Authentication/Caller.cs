using System.Security.Claims;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>A caller.</summary>
/// <param name="Id">A unique id, for example for rate limits. It is empty for the anonymous caller, which all share.</param>
/// <param name="Name">The name in logs.</param>
/// <param name="Numbers">The numbers that the caller may read.</param>
/// <param name="RequestsPerMinute">The caller's own rate limit; null for the default.</param>
/// <param name="Fields">The fields of messages that the caller may read.</param>
internal sealed record Caller(
    string Id, string Name, NumberSet Numbers, int? RequestsPerMinute, MessageFields Fields = MessageFields.All)
{
    public static readonly Caller Anonymous = new("", "anonymous", NumberSet.All, null);

    /// <summary>The name in metrics. All tokens share one, because an issuer can give any number of subjects.</summary>
    public string MetricName => Id.StartsWith("jwt:", StringComparison.Ordinal) ? "token" : Name;

    /// <summary>Who has a share of what all callers use. Anonymous callers share one.</summary>
    public string Owner => IsAnonymous ? Name : Id;

    /// <summary>Whether no credentials are required, so that the caller is unknown.</summary>
    public bool IsAnonymous => Id.Length == 0;
}

/// <summary>Carries a caller with a token through ASP.NET Core's authentication.</summary>
internal sealed class CallerPrincipal(Caller caller) : ClaimsPrincipal
{
    public Caller Caller => caller;
}
