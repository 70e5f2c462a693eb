using Microsoft.Net.Http.Headers;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Says with every answer that it depends on <c>Origin</c>. Otherwise a cache could give a page the answer to a request without an origin,
/// and the browser would refuse it.
/// </summary>
internal sealed class VaryByOrigin(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Endpoints and the framework set the header, so it is completed last.
        context.Response.OnStarting(
            static state =>
            {
                Complete(((HttpContext)state).Response.Headers);
                return Task.CompletedTask;
            },
            context);
        return next(context);
    }

    private static void Complete(IHeaderDictionary headers)
    {
        var named = headers.GetCommaSeparatedValues(HeaderNames.Vary);
        if (!named.Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
        {
            headers.Vary = string.Join(", ", [.. named, HeaderNames.Origin]);
        }
    }
}
