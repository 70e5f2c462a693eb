using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WebSmsGateway.Tests;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>
/// A server that sends exactly the bytes of a script on a real socket, so that a test can send invalid answers. Each connection has one
/// request. The last reply of the script is repeated.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly AcceptedConnections connections;
    private readonly X509Certificate2? certificate;
    private readonly Func<Stream, CancellationToken, Task>[] script;
    private int next;

    public ScriptedServer(params Func<Stream, CancellationToken, Task>[] script)
        : this(null, script)
    {
    }

    public ScriptedServer(X509Certificate2? certificate, params Func<Stream, CancellationToken, Task>[] script)
    {
        this.certificate = certificate;
        this.script = script;
        connections = new AcceptedConnections(IPAddress.Loopback, 0, ServeAsync);
    }

    /// <summary>Request heads, in the order of their arrival.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Intermediate authorities to send along with the certificate.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    public int Port => connections.Port;

    public string Address(string host = "127.0.0.1") => $"{(certificate is null ? "http" : "https")}://{host}:{Port}/";

    public async Task WaitForRequestsAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Requests.Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        using var connection = socket;
        try
        {
            await using var network = new NetworkStream(socket);
            Stream stream = network;
            if (certificate is not null)
            {
                var secure = new SslStream(network);
                await secure.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, Intermediates, offline: true),
                    },
                    stopping);
                stream = secure;
            }

            await using (stream)
            {
                var head = await ReadHeadAsync(stream, stopping);
                if (head.Length == 0)
                {
                    // With TLS 1.3 the server learns of a refused certificate only here.
                    return;
                }

                Requests.Enqueue(head);
                await script[Math.Min(Interlocked.Increment(ref next), script.Length) - 1](stream, stopping);
                await stream.FlushAsync(stopping);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException
            or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
        {
            // The client left, or the test is over.
        }
    }

    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken stopping)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, stopping) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
