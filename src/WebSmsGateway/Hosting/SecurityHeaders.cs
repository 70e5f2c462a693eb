namespace WebSmsGateway.Hosting;

/// <summary>
/// Headers that keep browsers from guessing content types, framing answers and sending the address on. Endpoints that serve pages set a
/// stricter Content-Security-Policy themselves.
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
