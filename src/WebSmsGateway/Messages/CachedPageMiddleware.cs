using WebSmsGateway.Authentication;

namespace WebSmsGateway.Messages;

/// <summary>
/// Answers from <see cref="CachedPages"/>. It stands behind the guard, so the caller is known, may read the number and has a
/// token of its rate limit; and before the endpoints, so nothing is bound, validated or read.
/// </summary>
internal sealed class CachedPageMiddleware(RequestDelegate next, CachedPages pages, AuditLog audit, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (RequestCaller.Of(context) is { Numbers: { } view, Caller: { } caller } && HttpMethods.IsGet(context.Request.Method)
            && pages.Find(context, view) is { } page)
        {
            audit.Read(caller, page.Query.Number, page.Query.From, page.Query.To ?? clock.GetUtcNow(), page.Count);
            return page.SendAsync(context, clock.GetUtcNow());
        }

        return next(context);
    }
}
