using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Http;

namespace WebSmsGateway.OpenApi;

/// <summary>Describes the bodies of requests that endpoints read themselves.</summary>
internal sealed class Bodies : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var body in context.ApiDescription.Metadata<BodyExample>())
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = body.Description,
                Required = false,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [CachedJson.MediaType] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(body.Type, context.SchemaRepository),
                        Example = JsonNode.Parse(body.Body),
                    },
                },
            };
        }
    }
}
