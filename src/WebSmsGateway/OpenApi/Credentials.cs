using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.OpenApi;

/// <summary>Adds the credentials to each operation that <see cref="CallerGuard"/> protects.</summary>
internal sealed class Credentials : IOperationFilter
{
    public const string ApiKey = "ApiKey";
    public const string Bearer = "Bearer";
    public const string Ticket = "Ticket";

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
        Description = "A token of the issuer that the gateway trusts, or a ticket; without the word Bearer here. The sandbox takes tickets only.",
    };

    public static OpenApiSecurityScheme OfTicket() => new()
    {
        Type = SecuritySchemeType.ApiKey,
        In = ParameterLocation.Query,
        Name = "ticket",
        Description = "A ticket of `POST /tickets`, for what a browser opens without headers (`EventSource`). Send nothing beside it.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.Needs<CallerRequired>())
        {
            operation.Security = [Requirement(ApiKey, context.Document), Requirement(Bearer, context.Document)];
            if (context.ApiDescription.Needs<TicketAccepted>())
            {
                operation.Security.Add(Requirement(Ticket, context.Document));
            }
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
