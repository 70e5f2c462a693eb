namespace WebSmsGateway.Errors;

/// <summary>Answers every failure with <c>application/problem+json</c>.</summary>
internal static class ErrorsFeature
{
    // By default a binding fault throws in development only. Here it is a bare 400 everywhere, which becomes a problem.
    public static void AddErrors(this WebApplicationBuilder builder) =>
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);

    public static void UseErrors(this WebApplication app) => app.UseMiddleware<ProblemMiddleware>();

    /// <summary>The pages that explain problems. They are public and not part of the OpenAPI document.</summary>
    public static void MapProblemPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/problems").ExcludeFromDescription();
        pages.MapMethods("", [HttpMethods.Get, HttpMethods.Head], ProblemPages.GetIndex);
        pages.MapMethods("/{code}", [HttpMethods.Get, HttpMethods.Head], ProblemPages.Get);
    }
}
