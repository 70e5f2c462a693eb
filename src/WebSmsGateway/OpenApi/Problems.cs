using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// Lists with each operation the problems that it can answer with: those of its result types, and those of the middleware before it.
/// Statuses and texts come from <see cref="ProblemTable"/>.
/// </summary>
internal sealed class Problems : IOperationFilter
{
    // Every operation can be asked wrongly. Where nothing more is known, the range of statuses says so.
    private const string Malformed = "4XX";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var responses = operation.Responses ??= [];
        foreach (var kind in KindsOf(context.ApiDescription))
        {
            responses.TryAdd($"{kind.Status}", new OpenApiResponseReference(NameOf($"{kind.Status}"), context.Document));
        }

        if (!responses.Keys.Any(status => status.StartsWith('4')))
        {
            responses.TryAdd(Malformed, new OpenApiResponseReference(NameOf(Malformed), context.Document));
        }
    }

    /// <summary>The shared responses to which operations refer.</summary>
    public static Dictionary<string, IOpenApiResponse> Responses(DocumentFilterContext context, OpenApiDocument document)
    {
        var schema = SchemaOf(context);
        var listed = context.ApiDescriptions.SelectMany(KindsOf).ToHashSet();
        var responses = ProblemTable.Rows.Where(listed.Contains).GroupBy(kind => kind.Status).ToDictionary(
            group => NameOf($"{group.Key}"), IOpenApiResponse (group) => ResponseOf(group.Key, [.. group], schema, document));
        responses[NameOf(Malformed)] = new OpenApiResponse
        {
            Description = "The request is malformed, too large, or sent too slowly.",
            Content = new Dictionary<string, IOpenApiMediaType> { [ProblemResult.ContentType] = new OpenApiMediaType { Schema = schema } },
        };
        return responses;
    }

    private static IEnumerable<ProblemKind> KindsOf(ApiDescription endpoint)
    {
        HashSet<ProblemCode> codes =
        [
            .. endpoint.Metadata<ProblemAnswers>().SelectMany(answers => answers.Codes),
            .. When(
                endpoint.Needs<CallerRequired>(),
                ProblemCode.InvalidRequest, ProblemCode.Unauthenticated, ProblemCode.AuthenticationUnavailable),
            .. When(endpoint.HasRouteValue("number"), ProblemCode.Forbidden, ProblemCode.NotFound),
            .. When(endpoint.HasRouteValue("id"), ProblemCode.NotFound),
            .. When(!endpoint.Needs<DisableRateLimitingAttribute>(), ProblemCode.RateLimited, ProblemCode.Overloaded),
            ProblemCode.InternalError,
        ];
        return ProblemTable.Rows.Where(kind => codes.Contains(kind.Problem));

        static ProblemCode[] When(bool applies, params ProblemCode[] codes) => applies ? codes : [];
    }

    private static string NameOf(string status) => $"Problem{status}";

    private static IOpenApiSchema SchemaOf(DocumentFilterContext context)
    {
        var reference = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        var schema = (OpenApiSchema)context.SchemaRepository.Schemas[nameof(Problem)];
        schema.Required!.Remove("errors");
        ((OpenApiSchema)schema.Properties!["errors"]).Type = JsonSchemaType.Object;
        ((OpenApiSchema)schema.Properties["code"]).Enum = [.. ProblemTable.All.Select(kind => JsonValue.Create(kind.Code))];
        return reference;
    }

    private static OpenApiResponse ResponseOf(int status, ProblemKind[] kinds, IOpenApiSchema schema, OpenApiDocument document) => new()
    {
        Description = string.Join("\n\n", kinds.Select(kind => $"[`{kind.Code}`](..{kind.Type}): {kind.Cause}")),
        Headers = SharedParts.Headers(document, HeadersOf(status)),
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [ProblemResult.ContentType] = new OpenApiMediaType
            {
                Schema = schema,
                Examples = kinds.ToDictionary(
                    kind => kind.Code,
                    IOpenApiExample (kind) => new OpenApiExample { Summary = kind.Title, Value = ExampleOf(kind) }),
            },
        },
    };

    private static IEnumerable<string> HeadersOf(int status) => status switch
    {
        401 => ["WWW-Authenticate"],
        429 => ["Retry-After", .. SharedParts.OfLimited],
        503 => ["Retry-After"],
        _ => [],
    };

    private static JsonNode ExampleOf(ProblemKind kind)
    {
        var example = new Problem(kind.Type, kind.Title, kind.Status, kind.Cause, kind.Code, "0af7651916cd43dd8448eb211c80319c");
        if (kind.Problem == ProblemCode.InvalidRequest)
        {
            var errors = new Dictionary<string, string[]> { ["limit"] = ["accepted is a whole number from 1 to 1000, for example 100"] };
            example = example with { Detail = "A parameter is at fault.", Errors = errors };
        }

        return JsonSerializer.SerializeToNode(example, ProblemJson.Default.Problem)!;
    }
}
