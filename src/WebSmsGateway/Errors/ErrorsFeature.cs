namespace WebSmsGateway.Errors;

/// <summary>Every failure leaves as <c>application/problem+json</c>.</summary>
internal static class ErrorsFeature
{
    // Off in every environment: a binding fault sets a bare 400, which becomes a problem, instead of throwing in development only.
    public static void AddErrors(this WebApplicationBuilder builder) =>
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);

    public static void UseErrors(this WebApplication app) => app.UseMiddleware<ProblemMiddleware>();

    /// <summary>The pages that explain problems: public, and no part of the described API.</summary>
    public static void MapProblemPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/problems").ExcludeFromDescription();
        pages.MapMethods("", [HttpMethods.Get, HttpMethods.Head], ProblemPages.GetIndex);
        pages.MapMethods("/{code}", [HttpMethods.Get, HttpMethods.Head], ProblemPages.Get);
    }
}
