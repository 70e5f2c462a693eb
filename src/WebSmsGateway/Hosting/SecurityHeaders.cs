namespace WebSmsGateway.Hosting;

/// <summary>
/// Headers that keep browsers from doing clever things with answers. An endpoint that serves pages may set a stricter
/// Content-Security-Policy of its own; this one leaves scripts alone, because Swagger UI has some.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
}
