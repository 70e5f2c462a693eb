using System.Net;
using System.Net.Sockets;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A proxy that delays the answers of a server on this machine.</summary>
internal sealed class SlowProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly int target;
    private readonly Task accepting;

    /// <param name="target">The server's port.</param>
    /// <param name="delay">The delay of each block of an answer.</param>
    public SlowProxy(int target, TimeSpan delay)
    {
        this.target = target;
        Delay = delay;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public TimeSpan Delay { get; set; }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
        await accepting;
        stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopped.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, stopped.Token);
                var there = CopyAsync(client.GetStream(), server.GetStream(), isLate: false, either.Token);
                var back = CopyAsync(server.GetStream(), client.GetStream(), isLate: true, either.Token);
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
