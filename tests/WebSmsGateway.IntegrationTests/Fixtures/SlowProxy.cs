using System.Net;
using System.Net.Sockets;
using WebSmsGateway.Tests;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A proxy that delays the answers of a server on this machine.</summary>
internal sealed class SlowProxy : IAsyncDisposable
{
    private readonly AcceptedConnections connections;
    private readonly int target;

    /// <param name="target">The server's port.</param>
    /// <param name="delay">The delay of each block of an answer.</param>
    public SlowProxy(int target, TimeSpan delay)
    {
        this.target = target;
        Delay = delay;
        connections = new AcceptedConnections(IPAddress.Loopback, 0, ServeAsync);
    }

    public int Port => connections.Port;

    public TimeSpan Delay { get; set; }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken stopped)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        await using (var client = new NetworkStream(socket, ownsSocket: true))
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, stopped);
                var there = CopyAsync(client, server.GetStream(), isLate: false, either.Token);
                var back = CopyAsync(server.GetStream(), client, isLate: true, either.Token);
                await Task.WhenAny(there, back);
                await either.CancelAsync();
                await Task.WhenAll(there, back);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One of the sides closed its connection.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isLate, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            if (isLate)
            {
                await Task.Delay(Delay, TimeProvider.System, cancellationToken);
            }

            await to.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }
    }
}
