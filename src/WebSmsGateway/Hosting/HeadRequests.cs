namespace WebSmsGateway.Hosting;

/// <summary>
/// Routes HEAD as GET, so that every resource answers it (RFC 9110) without a second endpoint. The server omits the body. After routing
/// the method is HEAD again, because a stream must not start for it.
/// </summary>
internal static class HeadRequests
{
    public static void UseRoutingOfHead(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Features.Set(HeadRequest.Mark);
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.Features.Get<HeadRequest>() is not null)
            {
                context.Request.Method = HttpMethods.Head;
            }

            return next(context);
        });
    }

    /// <summary>Marks a request that came as HEAD. A feature is cheaper than an entry in the items of the request.</summary>
    private sealed class HeadRequest
    {
        public static readonly HeadRequest Mark = new();
    }
}
