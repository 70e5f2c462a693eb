using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// Gives query parameters their real types. They are bound as text, so that all faults of a request are reported together. Their
/// <c>[Range]</c>, <c>[AllowedValues]</c> and <c>[DefaultValue]</c> only describe the text and validate nothing.
/// </summary>
internal sealed class ParameterShapes : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        ICustomAttributeProvider? source = (ICustomAttributeProvider?)context.PropertyInfo ?? context.ParameterInfo;
        if (source is null || parameter is not OpenApiParameter { Schema: OpenApiSchema schema })
        {
            return;
        }

        if (Find<RangeAttribute>(source) is { } range)
        {
            var isWhole = range.OperandType == typeof(int);
            schema.Type = isWhole ? JsonSchemaType.Integer : JsonSchemaType.Number;
            schema.Format = isWhole ? "int32" : "double";
            schema.Minimum = range.Minimum.ToString();
            schema.Maximum = range.Maximum.ToString();
        }

        if (Find<AllowedValuesAttribute>(source) is { } allowed)
        {
            schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create(value!.ToString())!)];
        }

        if (Find<DefaultValueAttribute>(source)?.Value is { } value)
        {
            schema.Type = value is bool ? JsonSchemaType.Boolean : schema.Type;
            schema.Default = value switch
            {
                bool isTrue => JsonValue.Create(isTrue),
                int number => JsonValue.Create(number),
                _ => JsonValue.Create(value.ToString()),
            };
        }
    }

    private static TAttribute? Find<TAttribute>(ICustomAttributeProvider source)
        where TAttribute : Attribute => source.GetCustomAttributes(typeof(TAttribute), inherit: true).OfType<TAttribute>().FirstOrDefault();
}
