using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>
/// A failure in the form of RFC 9457. It is sent whatever <c>Accept</c> says, because a reason in an unexpected format is better than none.
/// </summary>
internal sealed class ProblemResult : IResult, IEndpointMetadataProvider
{
    public const string ContentType = "application/problem+json";

    private static readonly TimeSpan UnknownDelay = TimeSpan.FromSeconds(5);

    // An answer that was already being prepared may have set these.
    private static readonly string[] HeadersOfTheAnswer =
    [
        HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.Expires, HeaderNames.ContentEncoding, HeaderNames.ContentDisposition,
        "Cache-Status",
    ];

    private readonly ProblemKind kind;
    private readonly string detail;
    [Bounded("the parameters of a request")]
    private readonly IDictionary<string, string[]>? errors;
    private readonly TimeSpan? retryAfter;
    private readonly int? status;

    private ProblemResult(
        ProblemKind kind, string? detail, IDictionary<string, string[]>? errors = null, TimeSpan? retryAfter = null, int? status = null)
    {
        (this.kind, this.errors, this.retryAfter, this.status) = (kind, errors, retryAfter, status);
        this.detail = string.IsNullOrEmpty(detail) ? kind.Cause : detail;
    }

    /// <summary>Faulty parameters: the name of each with what is accepted.</summary>
    public static ProblemResult InvalidRequest(IDictionary<string, string[]> errors) =>
        new(
            ProblemTable.Of(ProblemCode.InvalidRequest),
            errors.Count == 1 ? "A parameter is at fault." : $"{errors.Count} parameters are at fault.",
            errors);

    /// <summary>Any problem. Without a detail it says the cause of the table.</summary>
    public static ProblemResult Of(ProblemCode code, string? detail = null, TimeSpan? retryAfter = null) =>
        ProblemTable.Of(code) is var kind && kind.Status is 429 or 503
            ? new(kind, detail, retryAfter: retryAfter ?? UnknownDelay)
            : new(kind, detail);

    public static ProblemResult Of(UpstreamFailure failure)
    {
        var kind = ProblemTable.Of(failure.Error);
        return new(kind, failure.Detail, retryAfter: failure.RetryAfter ?? (kind.Status == 503 ? UnknownDelay : null));
    }

    /// <summary>The problem for "no messages" if the operator configured one (<c>Upstream:ErrorStatus:4</c>); null otherwise.</summary>
    public static ProblemResult? OfNoRecords(UpstreamOptions options)
    {
        var kind = ProblemTable.Of(UpstreamError.NoRecords);
        var status = kind.StatusUnder(options.ErrorStatus);
        return status == StatusCodes.Status200OK ? null : new(kind, null, status: status);
    }

    public static ProblemResult RateLimited(TimeSpan retryAfter, string? detail = null) =>
        new(ProblemTable.Of(ProblemCode.RateLimited), detail, retryAfter: retryAfter);

    /// <summary>The problem of a request that a budget has no room for: 429 where the caller used up its share, 503 where all used up the total.</summary>
    public static ProblemResult OfBudget(ChargeOutcome outcome, string? detail = null) =>
        Of(outcome == ChargeOutcome.ShareUsedUp ? ProblemCode.RateLimited : ProblemCode.Overloaded, detail);

    /// <summary>The problem for a bare status of the framework. The status stays, because several share a code (414 and 431).</summary>
    public static ProblemResult OfStatus(int status) => new(ProblemTable.OfStatus(status), null, status: status);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        foreach (var header in HeadersOfTheAnswer)
        {
            response.Headers.Remove(header);
        }

        if (retryAfter is { } delay)
        {
            // Whole seconds, rounded up, so that a caller that waits as long is not too early.
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString();
        }

        var problem = Describe(httpContext);
        var body = problem.ToJson();
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <summary>An endpoint that names this type in its signature reads WEBSMS.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(ProblemAnswers.OfUpstream);

    /// <summary>The problem as one line of JSON, for a stream, which continues after it.</summary>
    public ReadOnlyMemory<byte> ToJson(HttpContext context) => Describe(context).ToJson();

    /// <summary>
    /// The name of the request in problems, logs and traces: the id of its trace; without a recorded trace that of the caller
    /// (<c>traceparent</c>); else the id of the connection with the number of the request.
    /// </summary>
    public static string TraceIdOf(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString()
        ?? (ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var caller)
            ? caller.TraceId.ToHexString()
            : context.TraceIdentifier);

    // Header and body take the status from here, so that they cannot differ.
    private Problem Describe(HttpContext context)
    {
        var chosen = context.RequestServices.GetService<InForce<UpstreamOptions>>()?.Value.ErrorStatus;
        return new(kind.Type, kind.Title, status ?? kind.StatusUnder(chosen), detail, kind.Code, TraceIdOf(context), errors);
    }
}
