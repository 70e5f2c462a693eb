using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Codes;

/// <summary>The next code with its message.</summary>
/// <param name="Code">The code alone.</param>
/// <param name="Message">The message.</param>
/// <param name="NextCursor">The place right behind the message, as in the header <c>Next-Cursor</c>.</param>
internal sealed record CodeAnswer(string Code, Message Message, string NextCursor);

/// <summary>The next code: alone as text, or as JSON with its message. Without a code it is 204.</summary>
internal sealed class CodeResult(MessageQuery query, CodeReading reading) : IResult, IEndpointMetadataProvider
{
    private const string PlainText = "text/plain";

    private const string Cursor = "c3RhcnQ";

    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly AnswerExample Text = new(PlainText, "482913", "The code alone, without a line end.");

    private static readonly AnswerExample Json = new(
        CachedJson.MediaType, $$"""{"code":"482913","message":{{AnswerExample.MessageWithCode}},"nextCursor":"{{Cursor}}"}""");

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status200OK, typeof(CodeAnswer), [PlainText, CachedJson.MediaType]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)));
        builder.Metadata.Add(new ProblemAnswers(ProblemCode.Stopping));
        builder.Metadata.Add(Text);
        builder.Metadata.Add(Json);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = CacheHeaders.Vary;
        if (reading.Found is not { } message)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var isJson = PrefersJson(httpContext.Request);
        var body = isJson ? JsonOf(message, query.Code!.CodeOf(message)!) : Encoding.UTF8.GetBytes(query.Code!.CodeOf(message)!);
        response.ContentType = $"{(isJson ? CachedJson.MediaType : PlainText)}; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private static bool PrefersJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return MediaPreference.For(CachedJson.MediaType, accepted).IsAbove(MediaPreference.For(PlainText, accepted));
    }

    private ReadOnlyMemory<byte> JsonOf(Message message, string code)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WritePropertyName("message"u8);
            json.WriteRawValue(message.JsonWith(query.Fields).Span, skipInputValidation: true);
            json.WriteString("nextCursor"u8, reading.NextCursor);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
