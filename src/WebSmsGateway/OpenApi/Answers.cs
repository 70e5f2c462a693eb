using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Authentication;
using WebSmsGateway.Http;

namespace WebSmsGateway.OpenApi;

/// <summary>Describes the answers with 200 and 304: their headers, and the examples in the metadata of endpoints.</summary>
internal sealed class Answers : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var endpoint = context.ApiDescription;
        if (!endpoint.Needs<CallerRequired>() || operation.Responses is not { } responses
            || (responses.GetValueOrDefault("200") ?? responses.GetValueOrDefault("201")) is not OpenApiResponse answer)
        {
            return;
        }

        var headers = SharedParts.OfLimited;
        if (responses.GetValueOrDefault("304") is OpenApiResponse notModified)
        {
            notModified.Description = "Nothing has changed since the answer whose `ETag` was sent in `If-None-Match`.";
            notModified.Headers = SharedParts.Headers(context.Document, SharedParts.OfCached);
            (operation.Parameters ??= []).Add(IfNoneMatch());

            // Every format except JSON is a download.
            headers = answer.Content?.Count > 1 ? SharedParts.OfDownload : SharedParts.OfCached;
        }

        if (responses.GetValueOrDefault("204") is OpenApiResponse nothing)
        {
            nothing.Headers = SharedParts.Headers(context.Document, SharedParts.OfStep);
            headers = SharedParts.OfStep;
        }

        answer.Headers = SharedParts.Headers(context.Document, headers);
        foreach (var example in endpoint.Metadata<AnswerExample>())
        {
            var content = (OpenApiMediaType)answer.Content![example.MediaType];
            content.Example = example.Description is null ? JsonNode.Parse(example.Body) : example.Body;
            content.Schema = example.Description is null ? content.Schema : Text(example.Description);
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
