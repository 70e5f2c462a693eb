namespace WebSmsGateway.Hosting;

/// <summary>
/// No request here needs a body, so one that announces a body is the last on its connection. Whatever a proxy and Kestrel
/// may think differently about where that body ends (Kestrel takes <c>Content-Length: +5</c>, for one), the rest of it can
/// never become a second request.
/// </summary>
internal sealed class BodyEndsConnection(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && (headers.ContentLength is not null || headers.TransferEncoding.Count > 0))
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }
}
