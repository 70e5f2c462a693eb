using System.Security.Authentication;

namespace WebSmsGateway.Upstream;

/// <summary>The result of one attempt.</summary>
/// <param name="Answer">The answer, or the failure. A cut answer with whole records is one, and a network fault too.</param>
/// <param name="IsNetworkFault">Whether the network or a server that is down caused the failure. Another attempt may succeed then.</param>
internal readonly record struct Attempt(UpstreamAnswer Answer, bool IsNetworkFault = false)
{
    /// <summary>A body that ended too early. The next attempt may bring it whole.</summary>
    public static readonly Attempt Cut = Fault(UpstreamError.Truncated, "The answer was cut before its end.");

    public static readonly Attempt ServerError = Fault(UpstreamError.Unreachable, "WEBSMS answered with a server error.");

    public static readonly Attempt TimedOut = Fault(UpstreamError.Timeout, "WEBSMS did not answer in time.");

    public static Attempt Failed(UpstreamFailure failure) => new(UpstreamAnswer.Failed(failure));

    public static Attempt Invalid(string detail) => Failed(new(UpstreamError.InvalidResponse, detail));

    /// <summary>A call that ended before there was a response.</summary>
    public static Attempt Broken(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Fault(UpstreamError.Unreachable, "The name of the WEBSMS host could not be resolved."),
        HttpRequestError.ConnectionError => Fault(UpstreamError.Unreachable, "No connection to WEBSMS could be made."),

        // No retry: a certificate that is not trusted now is not trusted by the next attempt either.
        HttpRequestError.SecureConnectionError when exception.InnerException is AuthenticationException => Failed(
            new(UpstreamError.Unreachable, "No secure connection to WEBSMS: its certificate is not trusted, or no TLS version is common.")),
        HttpRequestError.SecureConnectionError => Fault(UpstreamError.Unreachable, "The secure connection to WEBSMS could not be made."),
        HttpRequestError.InvalidResponse => Invalid("The answer is not HTTP."),
        HttpRequestError.ConfigurationLimitExceeded => Invalid("The headers of the answer are too long."),
        _ => Fault(UpstreamError.Unreachable, "The connection to WEBSMS broke before the answer."),
    };

    private static Attempt Fault(UpstreamError error, string detail) =>
        new(UpstreamAnswer.Failed(new(error, detail)), IsNetworkFault: true);
}
