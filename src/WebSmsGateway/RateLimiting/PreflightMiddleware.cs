using WebSmsGateway.Authentication;

namespace WebSmsGateway.RateLimiting;

/// <summary>Limits preflights, which are answered before anything else is known about a request.</summary>
internal sealed class PreflightMiddleware(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext context) =>
        IsPreflight(context.Request) && limits.TakePreflight(AddressKey.Of(context)) is { Grant.IsGranted: false } taken
            ? RateLimitMiddleware.RefuseAsync(context, taken)
            : next(context);

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;
}
