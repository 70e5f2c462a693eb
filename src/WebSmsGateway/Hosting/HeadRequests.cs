namespace WebSmsGateway.Hosting;

/// <summary>
/// Routes HEAD as GET, so that every resource answers it as RFC 9110 wants, without a second endpoint for each. The server leaves
/// the body away by itself; behind routing the method is HEAD again, for those whose answer would have no end.
/// </summary>
internal static class HeadRequests
{
    private static readonly object Mark = new();

    public static void UseRoutingOfHead(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Items[Mark] = Mark;
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.Items.Remove(Mark))
            {
                context.Request.Method = HttpMethods.Head;
            }

            return next(context);
        });
    }
}
