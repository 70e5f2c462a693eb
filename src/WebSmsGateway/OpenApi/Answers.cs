using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Feed;
using WebSmsGateway.Http;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using WebSmsGateway.RentedNumbers;

namespace WebSmsGateway.OpenApi;

/// <summary>Describes what comes with 200 and 304: examples for each media type, and headers.</summary>
internal sealed class Answers : IOperationFilter
{
    private const string Second =
        """{"id":"20130311-XCNAF5CTTMRX","rentedNumber":"79021234567","sender":"79161234567","receivedAt":"2013-03-11T12:13:01+04:00","text":"Тест"}""";

    private const string First =
        """{"id":"20130311-JTEPC20B8Q1W","rentedNumber":"79021234567","sender":"79161234567","receivedAt":"2013-03-11T12:09:01+04:00","text":"Тест"}""";

    private const string Page =
        $$"""{"items":[{{Second}},{{First}}],"nextCursor":null,"completeUntil":"2013-03-12T00:00:00+04:00","stale":false,"problems":[]}""";

    private const string List =
        """{"items":[{"number":"79021234567","label":null,"messageCount":2,"lastMessageAt":"2013-03-11T12:13:01+04:00"}]}""";

    private const string Csv =
        """
        id,rentedNumber,sender,receivedAt,text
        20130311-XCNAF5CTTMRX,79021234567,79161234567,2013-03-11T12:13:01+04:00,Тест
        20130311-JTEPC20B8Q1W,79021234567,79161234567,2013-03-11T12:09:01+04:00,Тест

        """;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var type in context.ApiDescription.SupportedResponseTypes)
        {
            if (operation.Responses?.GetValueOrDefault($"{type.StatusCode}") is not OpenApiResponse response)
            {
                continue;
            }

            if (type.StatusCode == StatusCodes.Status304NotModified)
            {
                response.Description = "Nothing has changed since the answer whose `ETag` was sent in `If-None-Match`.";
                response.Headers = SharedParts.Headers(context.Document, SharedParts.OfCached);
                (operation.Parameters ??= []).Add(IfNoneMatch());
            }
            else if (type.StatusCode == StatusCodes.Status200OK && context.ApiDescription.Needs<Authentication.CallerRequired>())
            {
                Describe(response, type.Type, context.Document);
            }
        }
    }

    private static void Describe(OpenApiResponse response, Type? type, OpenApiDocument document)
    {
        response.Headers = SharedParts.Headers(document, response.Content?.Keys switch
        {
            { } types when types.Contains(AnswerFormats.Csv) => SharedParts.OfDownload,
            { } types when types.Contains(EventWriter.MediaType) => SharedParts.OfLimited,
            _ => SharedParts.OfCached,
        });
        foreach (var (mediaType, content) in response.Content ?? new Dictionary<string, IOpenApiMediaType>())
        {
            if (content is not OpenApiMediaType described)
            {
                continue;
            }

            described.Example = mediaType switch
            {
                CachedJson.MediaType when type == typeof(MessagePage) => JsonNode.Parse(Page),
                CachedJson.MediaType when type == typeof(Message) => JsonNode.Parse(First),
                CachedJson.MediaType when type == typeof(RentedNumberList) => JsonNode.Parse(List),
                AnswerFormats.Csv => Csv,
                AnswerFormats.Ndjson => $"{Second}\n{First}\n",
                EventWriter.MediaType => $"event: message\nid: c3RhcnQ\ndata: {First}\n\n",
                _ => null,
            };
            described.Schema = mediaType switch
            {
                AnswerFormats.Csv => Text(
                    "A heading, then a line for each message. UTF-8; a text that a spreadsheet would run as a formula begins with `'`."),
                AnswerFormats.Ndjson => Text("A line for each message, each a JSON object as in `items` of a page."),
                EventWriter.MediaType => Text("Server-Sent Events; `data` is a message, or with `event: problem` a problem."),
                _ => described.Schema,
            };
        }
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiParameter IfNoneMatch() => new()
    {
        Name = "If-None-Match",
        In = ParameterLocation.Header,
        Description = "`ETag` of an earlier answer: if it still holds, 304 comes instead of the body.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
