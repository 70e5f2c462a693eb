using System.Net;
using System.Net.Sockets;

namespace WebSmsGateway.Tests;

/// <summary>Serves each connection to a port of this machine, until it is disposed.</summary>
internal sealed class AcceptedConnections : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<Socket, CancellationToken, Task> serve;
    private readonly Task accepting;

    /// <param name="address">The address to listen on.</param>
    /// <param name="port">The port, or 0 for any.</param>
    /// <param name="serve">Serves a connection until it ends or the token is cancelled. It owns the socket.</param>
    public AcceptedConnections(IPAddress address, int port, Func<Socket, CancellationToken, Task> serve)
    {
        this.serve = serve;
        listener = new TcpListener(address, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(serve(await listener.AcceptSocketAsync(stopping.Token), stopping.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }
}
