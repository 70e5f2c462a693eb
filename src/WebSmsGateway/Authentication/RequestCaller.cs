using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>The caller of one request. It is one request feature, because each further one would cost every request a search.</summary>
internal sealed class RequestCaller
{
    public RequestCaller(Caller caller) => Caller = caller;

    public RequestCaller(CredentialFault fault) => Fault = fault;

    /// <summary>The caller; null without valid credentials.</summary>
    public Caller? Caller { get; }

    /// <summary>The reason why there is no caller.</summary>
    public CredentialFault? Fault { get; }

    /// <summary>The rented number in the path; null for a path without one.</summary>
    public RentedNumber? Number { get; set; }

    /// <summary>The numbers that the caller may read; null until the guard has admitted the request.</summary>
    public NumberSet? Numbers { get; set; }

    /// <summary>The caller of a request; null before <see cref="CallerMiddleware"/>.</summary>
    public static RequestCaller? Of(HttpContext context) => context.Features.Get<RequestCaller>();
}

/// <summary>The reason why a request has no caller.</summary>
internal sealed record CredentialFault(ProblemCode Code, string? Detail);
