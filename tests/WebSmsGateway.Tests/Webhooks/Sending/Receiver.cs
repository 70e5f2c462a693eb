using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebSmsGateway.Tests.Webhooks.Sending;

/// <summary>A listener on one of this machine's own addresses that answers each connection with the same bytes.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    public const string NoContent = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

    private readonly AcceptedConnections connections;
    private readonly string answer;

    /// <param name="address">The address to listen on.</param>
    /// <param name="answer">What is answered; where it ends in "…", the part before it is sent for ever.</param>
    /// <param name="port">The port, or 0 for any.</param>
    public Receiver(string address, string answer = NoContent, int port = 0)
    {
        this.answer = answer;
        connections = new AcceptedConnections(IPAddress.Parse(address), port, ServeAsync);
    }

    public int Port => connections.Port;

    /// <summary>The heads of the requests, or an empty text for a connection without one.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        await using (var stream = new NetworkStream(socket, ownsSocket: true))
        {
            try
            {
                var head = new StringBuilder();
                var buffer = new byte[4096];
                int read;
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
                    && (read = await stream.ReadAsync(buffer, stopping)) > 0)
                {
                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                Heads.Enqueue(head.ToString());
                var endless = answer.EndsWith('…');
                var bytes = Encoding.ASCII.GetBytes(answer.TrimEnd('…'));
                do
                {
                    await stream.WriteAsync(bytes, stopping);
                }
                while (endless);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The other side has had enough.
            }
        }
    }
}
