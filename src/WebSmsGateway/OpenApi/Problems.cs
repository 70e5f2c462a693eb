using System.Text.Json.Nodes;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// Lists with each operation the problems that it can answer with, in the words of <see cref="ProblemTable"/>. Which apply follows
/// from the endpoint's metadata and route, so a new endpoint says nothing about them.
/// </summary>
internal sealed class Problems : IOperationFilter
{
    public const string SchemaName = "Problem";

    private static readonly Dictionary<string, ProblemCode[]> Listed = new()
    {
        ["400"] = [ProblemCode.InvalidRequest, ProblemCode.UpstreamInvalidDate],
        ["401"] = [ProblemCode.Unauthenticated],
        ["403"] = [ProblemCode.Forbidden],
        ["404"] = [ProblemCode.NotFound],
        ["429"] = [ProblemCode.RateLimited],
        ["500"] = [ProblemCode.InternalError],
        ["502"] =
        [
            ProblemCode.UpstreamUnreachable, ProblemCode.UpstreamInvalidResponse, ProblemCode.UpstreamCredentialsRejected,
            ProblemCode.UpstreamCredentialsMissing, ProblemCode.UpstreamError,
        ],
        ["503"] = [ProblemCode.UpstreamUnavailable, ProblemCode.AuthenticationUnavailable, ProblemCode.Stopping],
        ["504"] = [ProblemCode.UpstreamTimeout],
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var responses = operation.Responses ??= [];
        foreach (var status in StatusesOf(context.ApiDescription).Where(status => !responses.ContainsKey(status)))
        {
            responses[status] = new OpenApiResponseReference(NameOf(status), context.Document);
        }
    }

    /// <summary>The responses that operations refer to.</summary>
    public static Dictionary<string, IOpenApiResponse> Responses(OpenApiDocument document) =>
        Listed.ToDictionary(pair => NameOf(pair.Key), IOpenApiResponse (pair) => ResponseOf(pair.Key, pair.Value, document));

    /// <summary>What a problem looks like.</summary>
    public static OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why there is no answer (RFC 9457).",
        Required = new SortedSet<string>(["code", "detail", "status", "title", "traceId", "type"], StringComparer.Ordinal),
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Address of a page that explains it."),
            ["title"] = Text("The same few words for every occurrence."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = Text("What happened this time."),
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "What programs go by.",
                Enum = [.. ProblemTable.All.Select(kind => JsonValue.Create(kind.Code))],
            },
            ["traceId"] = Text("Names the request in the gateway's log."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Where parameters are at fault: each one's name, with what is accepted.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
        },
    };

    private static IEnumerable<string> StatusesOf(Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription endpoint)
    {
        // All that needs a caller reads messages, and with them WEBSMS.
        var reads = endpoint.Needs<CallerRequired>();
        var ofNumber = endpoint.HasRouteValue("number");
        return
        [
            .. When(reads, "400", "401"),
            .. When(ofNumber, "403"),
            .. When(ofNumber || endpoint.HasRouteValue("id"), "404"),
            .. When(!endpoint.Needs<DisableRateLimitingAttribute>(), "429"),
            "500",
            .. When(reads, "502", "503", "504"),
        ];

        static string[] When(bool applies, params string[] statuses) => applies ? statuses : [];
    }

    private static string NameOf(string status) => "Problem" + status;

    private static OpenApiResponse ResponseOf(string status, ProblemCode[] codes, OpenApiDocument document)
    {
        var kinds = codes.Select(ProblemTable.Of).ToList();
        return new OpenApiResponse
        {
            Description = string.Join("\n\n", kinds.Select(kind => $"[`{kind.Code}`]({kind.Type}): {kind.Cause}")),
            Headers = SharedParts.Headers(document, HeadersOf(status)),
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [ProblemResult.ContentType] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchemaReference(SchemaName, document),
                    Examples = kinds.ToDictionary(kind => kind.Code, IOpenApiExample (kind) => new OpenApiExample
                    {
                        Summary = kind.Title,
                        Value = ExampleOf(kind),
                    }),
                },
            },
        };
    }

    private static IEnumerable<string> HeadersOf(string status) => status switch
    {
        "401" => ["WWW-Authenticate"],
        "429" => ["Retry-After", .. SharedParts.OfLimited],
        "503" => ["Retry-After"],
        _ => [],
    };

    private static JsonObject ExampleOf(ProblemKind kind)
    {
        var example = new JsonObject
        {
            ["type"] = kind.Type,
            ["title"] = kind.Title,
            ["status"] = kind.Status,
            ["detail"] = kind.Cause,
            ["code"] = kind.Code,
            ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
        };
        if (kind == ProblemTable.Of(ProblemCode.InvalidRequest))
        {
            example["detail"] = "A parameter is at fault.";
            example["errors"] = new JsonObject
            {
                ["limit"] = new JsonArray("accepted is a whole number from 1 to 1000, for example 100"),
            };
        }

        return example;
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
