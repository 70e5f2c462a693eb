using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Http;

namespace WebSmsGateway.OpenApi;

/// <summary>What receivers of webhooks get, as <c>x-webhooks</c>: OpenAPI 3.0 has no field for it yet.</summary>
internal sealed class SentBodies : IDocumentFilter
{
    private const string Description =
        "Sent as Standard Webhooks 1.0 have it: verify `webhook-signature` with a library before you read the body, answer 2xx once the message is "
        + "safe, and drop what you have already by `webhook-id`.";

    private static readonly (string Name, string Description)[] Headers =
    [
        ("webhook-id", "The id of the message, the same on every attempt, replica, restart and replay."),
        ("webhook-timestamp", "When this attempt was made, in seconds of Unix time."),
        ("webhook-signature", "`v1,` and a signature in base64 for each secret, with a space between them."),
    ];

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        var sent = new JsonObject();
        foreach (var body in context.ApiDescriptions.SelectMany(endpoint => endpoint.Metadata<SentBody>()).DistinctBy(body => body.Type))
        {
            if (body.Data is not null)
            {
                context.SchemaGenerator.GenerateSchema(body.Data, context.SchemaRepository);
            }

            sent[body.Type] = new JsonObject { ["post"] = Operation(body) };
        }

        if (sent.Count > 0)
        {
            (document.Extensions ??= new Dictionary<string, IOpenApiExtension>())["x-webhooks"] = new JsonNodeExtension(sent);
        }
    }

    private static JsonObject Operation(SentBody body) => new()
    {
        ["summary"] = body.Summary,
        ["description"] = Description,
        ["operationId"] = string.Concat(("on." + body.Type).Split('.').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..])),
        ["tags"] = new JsonArray(ApiTags.Of("/webhooks").Name),
        ["security"] = new JsonArray(),
        ["parameters"] = new JsonArray([.. Headers.Select(JsonNode (header) => new JsonObject
        {
            ["name"] = header.Name,
            ["in"] = "header",
            ["required"] = true,
            ["description"] = header.Description,
            ["schema"] = Text(),
        })]),
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["schema"] = Schema(body), ["example"] = JsonNode.Parse(body.Example) },
            },
        },
        ["responses"] = new JsonObject
        {
            ["2XX"] = new JsonObject { ["description"] = "The receiver has it. Its body is not read." },
            ["410"] = new JsonObject { ["description"] = "The receiver wants nothing more: the webhook is disabled." },
            ["default"] = new JsonObject { ["description"] = "It is sent again, later." },
        },
    };

    private static JsonObject Schema(SentBody body)
    {
        var properties = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(body.Type) },
            ["timestamp"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["data"] = body.Data is null
                ? new JsonObject { ["type"] = "object" }
                : new JsonObject { ["$ref"] = $"#/components/schemas/{body.Data.Name}" },
        };
        if (body.Data is not null)
        {
            properties["cursor"] = Text();
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. properties.Select(JsonNode (property) => property.Key)]),
            ["properties"] = properties,
        };
    }

    private static JsonObject Text() => new() { ["type"] = "string" };
}
