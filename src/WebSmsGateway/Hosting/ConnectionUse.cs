using Microsoft.Net.Http.Headers;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Marks a connection as used while a request is in progress on it. A connection of the reserve answers health checks, so that a full gateway
/// is not taken for a dead one, and refuses everything else.
/// </summary>
internal sealed class ConnectionUse(RequestDelegate next)
{
    private const string Health = "/health";

    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<OpenConnection>() is { } connection ? ServeAsync(context, connection) : next(context);

    /// <summary>Belongs behind the authentication: from here on it is known whether the request is one of a caller.</summary>
    public static Task MarkCallerAsync(HttpContext context, RequestDelegate next)
    {
        if (IsOfCaller(context))
        {
            context.Features.Get<OpenConnection>()?.BeginOfCaller();
        }

        return next(context);
    }

    private static bool IsOfCaller(HttpContext context) => RequestCaller.Of(context)?.Caller is not null;

    private async Task ServeAsync(HttpContext context, OpenConnection connection)
    {
        connection.Begin();
        try
        {
            if (connection.IsReserved && !context.Request.Path.StartsWithSegments(Health))
            {
                context.Response.Headers[HeaderNames.Connection] = "close";
                await ProblemResult.Of(ProblemCode.Overloaded, "As many connections are open as may be.").ExecuteAsync(context);
                return;
            }

            await next(context);
        }
        finally
        {
            connection.End(IsOfCaller(context));
        }
    }
}
