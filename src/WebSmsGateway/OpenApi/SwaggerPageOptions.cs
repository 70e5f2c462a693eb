using FluentValidation;

namespace WebSmsGateway.OpenApi;

/// <summary>The served description: section <c>Swagger</c>.</summary>
internal sealed class SwaggerPageOptions
{
    public const string Section = "Swagger";

    /// <summary>Whether Swagger UI and the OpenAPI document are served. Default: true.</summary>
    public bool Enabled { get; set; } = true;
}

internal sealed class SwaggerPageOptionsValidator : AbstractValidator<SwaggerPageOptions>;
