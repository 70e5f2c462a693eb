using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>What is known of the caller of one request. One feature for all of it: each costs every request a search.</summary>
internal sealed class RequestCaller
{
    public RequestCaller(Caller caller) => Caller = caller;

    public RequestCaller(CredentialFault fault) => Fault = fault;

    /// <summary>Who calls; null where the credentials do not say.</summary>
    public Caller? Caller { get; }

    /// <summary>Why there is no caller.</summary>
    public CredentialFault? Fault { get; }

    /// <summary>The rented number in the path; null where the path has none.</summary>
    public RentedNumber? Number { get; set; }

    /// <summary>What may be read; null until the guard has let the request pass.</summary>
    public NumberSet? Numbers { get; set; }

    /// <summary>The caller of a request; null before <see cref="CallerMiddleware"/> has seen it.</summary>
    public static RequestCaller? Of(HttpContext context) => context.Features.Get<RequestCaller>();
}

/// <summary>Why there is no caller.</summary>
internal sealed record CredentialFault(ProblemCode Code, string? Detail);
