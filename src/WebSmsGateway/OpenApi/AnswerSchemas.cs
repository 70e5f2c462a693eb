using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace WebSmsGateway.OpenApi;

/// <summary>Answers always have each of their fields, null ones included. A later version may add fields.</summary>
internal sealed class AnswerSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema { Properties.Count: > 0 } answer)
        {
            answer.AdditionalPropertiesAllowed = true;
            answer.Required = new SortedSet<string>(answer.Properties.Keys, StringComparer.Ordinal);
        }
    }
}
