using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;

namespace WebSmsGateway.Tickets;

/// <summary>A ticket.</summary>
/// <param name="Ticket">The ticket: send it as <c>Authorization: Bearer</c>, or as <c>ticket</c> in the query.</param>
/// <param name="ExpiresAt">The moment from which it does not hold any more.</param>
/// <param name="Numbers">The numbers that it reads; <c>*</c> for all.</param>
internal sealed record TicketAnswer(string Ticket, DateTimeOffset ExpiresAt, IReadOnlyList<string> Numbers);

/// <summary>A new ticket, or why there is none.</summary>
internal sealed class TicketResult : IResult, IEndpointMetadataProvider
{
    private readonly TicketAnswer? answer;
    private readonly IResult? refusing;

    public TicketResult(TicketAnswer answer) => this.answer = answer;

    public TicketResult(IResult refusing) => this.refusing = refusing;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(TicketAnswer), [CachedJson.MediaType]));
        builder.Metadata.Add(new ProblemAnswers(
            ProblemCode.Forbidden, ProblemCode.UnsupportedMediaType, ProblemCode.RequestTooLarge, ProblemCode.RequestTimeout));
        builder.Metadata.Add(new AnswerExample(
            CachedJson.MediaType,
            """{"ticket":"wst_Qm9ndXM","expiresAt":"2026-03-11T13:09:01+00:00","numbers":["79021234567"]}"""));
        builder.Metadata.Add(new BodyExample(
            typeof(TicketRequest), """{"numbers":["79021234567"],"fields":"code","expiresIn":3600}""",
            "What the ticket reads, and how long. Without a body: the caller's own numbers and fields, for an hour."));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (refusing is not null)
        {
            await refusing.ExecuteAsync(httpContext);
            return;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(answer!, TicketJson.Default.TicketAnswer);
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.CacheControl = "no-store";
        response.ContentType = $"{CachedJson.MediaType}; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}

/// <summary>Source-generated JSON of tickets.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TicketAnswer))]
internal sealed partial class TicketJson : JsonSerializerContext;
