using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>The caller of one request. It is one request feature, because each further one would cost every request a search.</summary>
internal sealed class RequestCaller
{
    public RequestCaller(CallerCredentials credentials) => Credentials = credentials;

    public RequestCaller(CredentialFault fault) => Fault = fault;

    /// <summary>The caller; null without valid credentials.</summary>
    public Caller? Caller => Credentials?.Caller;

    /// <summary>The credentials; null without valid ones.</summary>
    public CallerCredentials? Credentials { get; }

    /// <summary>The reason why there is no caller.</summary>
    public CredentialFault? Fault { get; }

    /// <summary>Cancelled when the credentials end while the request runs.</summary>
    public CancellationToken CredentialsEnded { get; set; }

    /// <summary>The rented number in the path; null for a path without one.</summary>
    public RentedNumber? Number { get; set; }

    /// <summary>The numbers that the caller may read; null until the guard has admitted the request.</summary>
    public NumberSet? Numbers { get; set; }

    /// <summary>The caller of a request; null before <see cref="CallerMiddleware"/>.</summary>
    public static RequestCaller? Of(HttpContext context) => context.Features.Get<RequestCaller>();
}

/// <summary>The reason why a request has no caller.</summary>
/// <param name="Code">The problem.</param>
/// <param name="Detail">What is wrong; null for the text of the table.</param>
/// <param name="RetryAfter">When the same credentials may be valid; null where waiting does not help.</param>
internal sealed record CredentialFault(ProblemCode Code, string? Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>Nothing was sent, so nobody tries credentials out.</summary>
    public static readonly CredentialFault NothingSent = new(ProblemCode.Unauthenticated, "The request carries no credentials.");

    /// <summary>What an open request is answered when its credentials end.</summary>
    public static readonly CredentialFault Ended = new(
        ProblemCode.Unauthenticated, "The credentials ended: the key was taken away or changed, or the token or ticket has expired or lost its key.");

    public static CredentialFault Invalid(string detail) => new(ProblemCode.Unauthenticated, detail);
}
