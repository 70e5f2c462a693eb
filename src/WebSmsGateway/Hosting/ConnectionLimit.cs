using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebSmsGateway.Hosting;

/// <summary>Counts each connection before anything is read from it. The server's own limit counts each listener alone and knows no addresses.</summary>
internal static class ConnectionLimit
{
    public static void LimitConnections(this ListenOptions listener) => listener.Use(next =>
    {
        var all = listener.ApplicationServices.GetRequiredService<OpenConnections>();
        return connection => ServeAsync(connection, all, next);
    });

    private static async Task ServeAsync(ConnectionContext connection, OpenConnections all, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (all.Open(address, () => Close(connection, "Another connection needed its place.")) is not { } opened)
        {
            Close(connection, "Its address has too many connections.");
            return;
        }

        try
        {
            connection.Features.Set(opened);

            // The server calls this about once a second.
            connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(CloseIfSilent, opened);
            await next(connection);
        }
        finally
        {
            all.End(opened);
        }
    }

    private static void CloseIfSilent(object state)
    {
        if (state is OpenConnection { IsSilent: true } connection)
        {
            connection.Close();
        }
    }

    private static void Close(ConnectionContext connection, string reason) => connection.Abort(new ConnectionAbortedException(reason));
}
