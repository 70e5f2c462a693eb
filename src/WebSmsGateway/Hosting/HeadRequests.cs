namespace WebSmsGateway.Hosting;

/// <summary>
/// Routes HEAD as GET, so that every resource answers it as RFC 9110 wants, without a second endpoint for each. The server leaves
/// the body away by itself; behind routing the method is HEAD again, for those whose answer would have no end.
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

    /// <summary>Marks a request that came as HEAD. A feature, because the items of a request would be made for every one of them.</summary>
    private sealed class HeadRequest
    {
        public static readonly HeadRequest Mark = new();
    }
}
