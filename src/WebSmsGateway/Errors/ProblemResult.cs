using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>
/// A refusal or failure as RFC 9457 has it. It is sent whatever Accept says: a caller that cannot read the answer it asked
/// for is better off with a readable reason than with none.
/// </summary>
internal sealed class ProblemResult : IResult, IEndpointMetadataProvider
{
    public const string ContentType = "application/problem+json";

    private static readonly TimeSpan UnknownDelay = TimeSpan.FromSeconds(5);

    // What an answer that was already being prepared may have said about itself.
    private static readonly string[] HeadersOfTheAnswer =
    [
        HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.Expires, HeaderNames.ContentEncoding, HeaderNames.ContentDisposition,
        "Cache-Status",
    ];

    private readonly ProblemKind kind;
    private readonly string detail;
    private readonly IDictionary<string, string[]>? errors;
    private readonly TimeSpan? retryAfter;
    private readonly int? status;

    private ProblemResult(
        ProblemKind kind, string? detail, IDictionary<string, string[]>? errors = null, TimeSpan? retryAfter = null, int? status = null)
    {
        this.kind = kind;
        this.detail = string.IsNullOrEmpty(detail) ? kind.Cause : detail;
        this.errors = errors;
        this.retryAfter = retryAfter;
        this.status = status;
    }

    /// <summary>Parameters at fault: each name with what is accepted.</summary>
    public static ProblemResult InvalidRequest(IDictionary<string, string[]> errors) =>
        new(
            ProblemTable.Of(ProblemCode.InvalidRequest),
            errors.Count == 1 ? "A parameter is at fault." : $"{errors.Count} parameters are at fault.",
            errors);

    /// <summary>Any problem; without a detail the table's own sentence says what happened.</summary>
    public static ProblemResult Of(ProblemCode code, string? detail = null) =>
        ProblemTable.Of(code) is var kind && kind.Status is 429 or 503 ? new(kind, detail, retryAfter: UnknownDelay) : new(kind, detail);

    /// <summary>What WEBSMS did wrong.</summary>
    public static ProblemResult Of(UpstreamFailure failure)
    {
        var kind = ProblemTable.Of(failure.Error);
        return new(kind, failure.Detail, retryAfter: failure.RetryAfter ?? (kind.Status == 503 ? UnknownDelay : null));
    }

    /// <summary>
    /// The problem that stands for "no messages" where the operator wants one (<c>Upstream:ErrorStatus:4</c>); null otherwise.
    /// </summary>
    public static ProblemResult? OfNoRecords(UpstreamOptions options)
    {
        var kind = ProblemTable.Of(UpstreamError.NoRecords);
        var status = kind.StatusUnder(options.ErrorStatus);
        return status == StatusCodes.Status200OK ? null : new(kind, null, status: status);
    }

    /// <summary>A caller that has to slow down.</summary>
    public static ProblemResult RateLimited(TimeSpan retryAfter, string? detail = null) =>
        new(ProblemTable.Of(ProblemCode.RateLimited), detail, retryAfter: retryAfter);

    /// <summary>A bare status of the framework, which keeps its number: 414 and 431 share a code.</summary>
    public static ProblemResult OfStatus(int status) => new(ProblemTable.OfStatus(status), null, status: status);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var problem = Describe(httpContext);
        foreach (var header in HeadersOfTheAnswer)
        {
            response.Headers.Remove(header);
        }

        if (retryAfter is { } delay)
        {
            response.Headers.RetryAfter = SecondsUntil(delay).ToString();
        }

        var body = problem.ToJson();
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        response.ContentType = ContentType;
        response.ContentLength = body.Length;

        // For HEAD too: the server knows best what is a HEAD and sends no body then.
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <summary>An endpoint that names this type in its signature reads WEBSMS.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(ProblemAnswers.OfUpstream);

    /// <summary>The problem as one line of JSON, for an answer that goes on after it: a stream.</summary>
    public ReadOnlyMemory<byte> ToJson(HttpContext context) => Describe(context).ToJson();

    /// <summary>
    /// Names the request in problems, logs and traces alike: the trace; where none is recorded, the one that the caller is in
    /// (<c>traceparent</c>), so that its logs find the problem; else the connection's name and the request's number.
    /// </summary>
    public static string TraceIdOf(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString()
        ?? (ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var caller)
            ? caller.TraceId.ToHexString()
            : context.TraceIdentifier);

    /// <summary>Whole seconds, rounded up: who waits as long as told is never too early.</summary>
    private static long SecondsUntil(TimeSpan delay) => Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds));

    // Header and body have the status from here, so that they cannot differ.
    private Problem Describe(HttpContext context)
    {
        var chosen = context.RequestServices.GetService<InForce<UpstreamOptions>>()?.Value.ErrorStatus;
        return new(kind.Type, kind.Title, status ?? kind.StatusUnder(chosen), detail, kind.Code, TraceIdOf(context), errors);
    }
}
