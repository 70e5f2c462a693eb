using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;
using WebSmsGateway.Configuration;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.OpenApi;

/// <summary>
/// The public OpenAPI document and Swagger UI. The <c>///</c> comments of endpoints are their summaries, remarks and examples. Problems,
/// headers and credentials, which all endpoints share, are added here.
/// </summary>
internal static class OpenApiFeature
{
    // Hides the selection of document and server, because there is only one of each.
    private const string PageStyle =
        "<style>.swagger-ui .topbar, .swagger-ui .servers-title, .swagger-ui .servers { display: none }</style>";

    public static void AddOpenApi(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<SwaggerPageOptions>(SwaggerPageOptions.Section);
        builder.Services.AddSingleton<ApiDocument>();
        builder.Services.AddSingleton<StaticAnswers>();
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(options =>
        {
            var assembly = typeof(OpenApiFeature).Assembly;
            options.SwaggerDoc(ApiDocument.Name, ApiDocument.Info(assembly));
            options.IncludeXmlComments(assembly);
            options.SupportNonNullableReferenceTypes();
            options.MapType<MessageId>(Text);
            options.MapType<RentedNumber>(Text);
            options.MapType<Sender>(Text);
            options.MapType<ProblemReason>(Text);
            options.CustomSchemaIds(type => type.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName ?? type.Name);

            // Relative to the address of the document, so that it holds behind any prefix of a proxy too.
            options.AddServer(new OpenApiServer { Url = "..", Description = "This gateway" });
            options.TagActionsBy(description => [ApiTags.Of(PathOf(description)).Name]);
            options.OrderActionsBy(description => $"{ApiTags.Of(PathOf(description)).Order} {PathOf(description)}");
            options.AddSecurityDefinition(Credentials.ApiKey, Credentials.OfApiKey());
            options.AddSecurityDefinition(Credentials.Bearer, Credentials.OfToken());
            options.AddSecurityDefinition(Credentials.Ticket, Credentials.OfTicket());
            options.ParameterFilter<ParameterShapes>();
            options.SchemaFilter<AnswerSchemas>();
            options.OperationFilter<Answers>();
            options.OperationFilter<Bodies>();
            options.OperationFilter<Credentials>();
            options.OperationFilter<Problems>();
            options.DocumentFilter<SharedParts>();
            options.DocumentFilter<SentBodies>();
        });
    }

    public static void MapOpenApi(this WebApplication app)
    {
        // A faulty section stops the start, and its faults are reported together with all others.
        if (app.Services.GetRequiredService<InForce<SwaggerPageOptions>>().AtStartIfValid is { Enabled: false })
        {
            return;
        }

        var answers = app.Services.GetRequiredService<StaticAnswers>();
        var pages = app.MapGroup("").ExcludeFromDescription();
        ((IEndpointConventionBuilder)pages).Add(endpoint =>
        {
            var made = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => answers.SendAsync(context, made);
        });
        pages.MapMethods(ApiDocument.Path, [HttpMethods.Get, HttpMethods.Head], ApiDocument.Get);
        pages.MapSwaggerUI("swagger", ConfigurePage).WithMetadata(new StartPage(2, "swagger"));
    }

    /// <summary>Allows only own scripts and calls to this gateway on the page, because the page holds a caller's key.</summary>
    public static void UseSwaggerPagePolicy(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/swagger"))
        {
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
        }

        return next(context);
    });

    private static void ConfigurePage(SwaggerUIOptions page)
    {
        page.DocumentTitle = "WebSmsGateway";
        page.SwaggerEndpoint($"..{ApiDocument.Path}", "WebSmsGateway");
        page.EnableDeepLinking();
        page.DisplayRequestDuration();
        page.DefaultModelsExpandDepth(-1);
        page.HeadContent = PageStyle;
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static string PathOf(ApiDescription description) => "/" + description.RelativePath;
}
