using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Http;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// Answers always have each of their fields, null ones included, but for those that are left out where they mean nothing. A later version may
/// add fields. Bodies of requests have no others.
/// </summary>
internal sealed class AnswerSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema value && context.MemberInfo?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            value.Enum = [.. allowed.Values.Select(item => JsonValue.Create(item!.ToString())!)];
        }

        if (schema is OpenApiSchema { Properties.Count: > 0 } answer)
        {
            answer.AdditionalPropertiesAllowed = !typeof(IRequestBody).IsAssignableFrom(context.Type);
            answer.Required = new SortedSet<string>(answer.Properties.Keys, StringComparer.Ordinal);
            foreach (var name in LeftOut(context.Type))
            {
                answer.Required.Remove(name);
                if (answer.Properties.TryGetValue(name, out var property) && property is OpenApiSchema optional)
                {
                    optional.Type &= ~JsonSchemaType.Null;
                }
            }
        }
    }

    private static IEnumerable<string> LeftOut(Type type) =>
        from property in type.GetProperties()
        where property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull
        select JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
