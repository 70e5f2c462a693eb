using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.OpenApi;

/// <summary>Adds the credentials to each operation that <see cref="CallerGuard"/> protects.</summary>
internal sealed class Credentials : IOperationFilter
{
    public const string ApiKey = "ApiKey";
    public const string Bearer = "Bearer";

    public static OpenApiSecurityScheme OfApiKey() => new()
    {
        Type = SecuritySchemeType.ApiKey,
        In = ParameterLocation.Header,
        Name = CallerKeys.Header,
        Description = "A key of this gateway. In the sandbox: `sandbox`. Send a key or a token, not both.",
    };

    public static OpenApiSecurityScheme OfToken() => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = "JWT",
        Description = "A token of the issuer that the gateway trusts; without the word Bearer here. The sandbox takes none.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.Needs<CallerRequired>())
        {
            operation.Security = [Requirement(ApiKey, context.Document), Requirement(Bearer, context.Document)];
        }
        else
        {
            // An empty list says that none is needed. Without a list nobody knows.
            operation.Security = [];
        }
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
