namespace WebSmsGateway.Hosting;

/// <summary>
/// Closes the connection after a request with a body, which few requests here have. A proxy and Kestrel may disagree where a body ends
/// (Kestrel accepts <c>Content-Length: +5</c>), and then its rest would become a second request.
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
