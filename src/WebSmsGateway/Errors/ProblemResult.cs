using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Errors;

/// <summary>
/// A refusal or failure as RFC 9457 has it. It is sent whatever Accept says: a caller that cannot read the answer it asked
/// for is better off with a readable reason than with none.
/// </summary>
internal sealed class ProblemResult : IResult
{
    public const string ContentType = "application/problem+json";

    private static readonly TimeSpan UnknownDelay = TimeSpan.FromSeconds(5);

    // The relaxed encoder leaves Cyrillic and quotes readable; the media type and nosniff keep browsers from seeing HTML in it.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What an answer that was already being prepared may have said about itself.
    private static readonly string[] HeadersOfTheAnswer =
    [
        HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.Expires, HeaderNames.ContentEncoding, HeaderNames.ContentDisposition,
        "Cache-Status",
    ];

    private readonly string detail;
    private readonly IDictionary<string, string[]>? errors;
    private readonly TimeSpan? retryAfter;
    private readonly int? status;

    private ProblemResult(
        ProblemCode code, string? detail, IDictionary<string, string[]>? errors = null, TimeSpan? retryAfter = null, int? status = null)
    {
        Code = code;
        this.detail = detail ?? ProblemTable.Of(code).Cause;
        this.errors = errors;
        this.retryAfter = retryAfter;
        this.status = status;
    }

    public ProblemCode Code { get; }

    /// <summary>Parameters at fault: each name with what is accepted.</summary>
    public static ProblemResult InvalidRequest(IDictionary<string, string[]> errors) =>
        new(
            ProblemCode.InvalidRequest,
            errors.Count == 1 ? "A parameter is at fault." : $"{errors.Count} parameters are at fault.",
            errors);

    /// <summary>Any problem; without a detail the table's own sentence says what happened.</summary>
    public static ProblemResult Of(ProblemCode code, string? detail = null) =>
        new(code, detail, retryAfter: ProblemTable.Of(code).Status is 429 or 503 ? UnknownDelay : null);

    /// <summary>What WEBSMS did wrong.</summary>
    public static ProblemResult Of(UpstreamFailure failure)
    {
        var code = ProblemTable.CodeOf(failure.Error);
        var detail = string.IsNullOrEmpty(failure.Detail) ? ProblemTable.Of(code).Cause : failure.Detail;
        if (code == ProblemCode.UpstreamError && failure.ErrorNumber is { } number)
        {
            detail = $"WEBSMS answered error_num {number}.";
        }

        return new(code, detail, retryAfter: failure.RetryAfter ?? (code == ProblemCode.UpstreamUnavailable ? UnknownDelay : null));
    }

    /// <summary>
    /// The problem that stands for "no messages" where the operator wants one (<c>Upstream:ErrorStatus:4</c>); null otherwise.
    /// </summary>
    public static ProblemResult? OfNoRecords(UpstreamOptions options) =>
        ProblemTable.StatusOf(ProblemCode.UpstreamNoRecords, options.ErrorStatus) == StatusCodes.Status200OK
            ? null
            : new(ProblemCode.UpstreamNoRecords, null);

    /// <summary>A caller that has to slow down.</summary>
    public static ProblemResult RateLimited(TimeSpan retryAfter, string? detail = null) =>
        new(ProblemCode.RateLimited, detail, retryAfter: retryAfter);

    /// <summary>A bare status of the framework, which keeps its number: 414 and 431 share a code.</summary>
    public static ProblemResult OfStatus(int status) => new(ProblemTable.CodeOf(status), null, status: status);

    /// <summary>The status that this problem has under the given options.</summary>
    public int StatusUnder(UpstreamOptions? options) => status ?? ProblemTable.StatusOf(Code, options?.ErrorStatus);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var body = new ArrayBufferWriter<byte>(512);
        response.StatusCode = StatusUnder(httpContext.RequestServices.GetService<IOptions<UpstreamOptions>>()?.Value);
        WriteTo(body, response.StatusCode, TraceIdOf(httpContext));

        foreach (var header in HeadersOfTheAnswer)
        {
            response.Headers.Remove(header);
        }

        if (retryAfter is { } delay)
        {
            response.Headers.RetryAfter = SecondsUntil(delay).ToString();
        }

        response.Headers.CacheControl = "no-store";
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;

        // For HEAD too: the server knows best what is a HEAD and sends no body then.
        await response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    /// <summary>The problem as one line of JSON, for an answer that goes on after it: a stream.</summary>
    public ReadOnlyMemory<byte> ToJson(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>(512);
        WriteTo(
            body, StatusUnder(context.RequestServices.GetService<IOptionsMonitor<UpstreamOptions>>()?.CurrentValue), TraceIdOf(context));
        return body.WrittenMemory;
    }

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

    private void WriteTo(IBufferWriter<byte> body, int httpStatus, string traceId)
    {
        var kind = ProblemTable.Of(Code);
        using var json = new Utf8JsonWriter(body, WriterOptions);
        json.WriteStartObject();
        json.WriteString("type"u8, kind.Type);
        json.WriteString("title"u8, kind.Title);
        json.WriteNumber("status"u8, httpStatus);
        json.WriteString("detail"u8, detail);
        json.WriteString("code"u8, kind.Code);
        json.WriteString("traceId"u8, traceId);
        if (errors is not null)
        {
            json.WriteStartObject("errors"u8);
            foreach (var (name, messages) in errors)
            {
                json.WriteStartArray(name);
                foreach (var message in messages)
                {
                    json.WriteStringValue(message);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
