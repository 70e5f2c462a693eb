using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A connection whose answers are read only as far as a test says. Its system buffer is small, so the rest stays at the gateway.</summary>
internal sealed class UnreadClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };

    /// <param name="gateway">The address of the gateway.</param>
    /// <param name="from">The address that it comes from, one of 127.0.0.0/8.</param>
    public static async Task<UnreadClient> ConnectAsync(Uri gateway, string from = "127.0.0.1")
    {
        var client = new UnreadClient();
        client.socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        using var timeout = new CancellationTokenSource(Deadline);
        await client.socket.ConnectAsync(IPAddress.Loopback, gateway.Port, timeout.Token);
        return client;
    }

    /// <summary>Connects, sends a request and reads the head of its answer.</summary>
    public static async Task<(UnreadClient Client, string Head)> AskAsync(
        Uri gateway, string path, string? key = null, string from = "127.0.0.1", string headers = "")
    {
        var client = await ConnectAsync(gateway, from);
        return (client, await client.AskAsync(path, key, headers));
    }

    /// <summary>Sends a request and reads the head of its answer.</summary>
    public async Task<string> AskAsync(string path, string? key = null, string headers = "")
    {
        await SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n{(key is null ? "" : $"X-Api-Key: {key}\r\n")}{headers}\r\n");
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await ReadAsync(one) == 0)
            {
                break;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public async Task SendAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), timeout.Token);
    }

    /// <summary>Reads some bytes; 0 at the end, also where the connection was cut.</summary>
    public async Task<int> ReadAsync(byte[] buffer)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            return await socket.ReceiveAsync(buffer, timeout.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Reads everything that comes until the connection ends.</summary>
    /// <returns>The number of bytes.</returns>
    public async Task<long> DrainAsync()
    {
        var (buffer, total) = (new byte[16 * 1024], 0L);
        while (await ReadAsync(buffer) is > 0 and var length)
        {
            total += length;
        }

        return total;
    }

    /// <summary>Whether the gateway has closed it. Bytes that wait to be read hide that.</summary>
    public bool IsClosed
    {
        get
        {
            try
            {
                return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
