using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.WebUtilities;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Feedback;

/// <summary>
/// Writes an HTTP/1.1 answer directly to the connection, and ends the connection. Kestrel refuses such answers: without a length, or
/// shorter than announced.
/// </summary>
internal sealed class RawConnection(HttpContext context)
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(30);

    private readonly PipeWriter output = context.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
    private readonly CancellationToken closed = context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed;

    public async Task WriteHeadAsync(FeedbackAnswer answer, Transport transport, long length)
    {
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Type: {answer.ContentType}\r\nConnection: close\r\n");
        if (answer.Location is { } location)
        {
            head.Append(CultureInfo.InvariantCulture, $"Location: {location}\r\n");
        }

        if (answer.RetryAfter is { } seconds)
        {
            head.Append(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n");
        }

        if (transport == Transport.ContentLength)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        }
        else if (transport == Transport.Chunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }

        await SendAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> block, Transport transport)
    {
        if (transport != Transport.Chunked)
        {
            await SendAsync(block);
            return;
        }

        var size = Encoding.ASCII.GetBytes(block.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await SendAsync((byte[])[.. size, .. block.Span, (byte)'\r', (byte)'\n']);
    }

    /// <summary>Ends the connection: with a reset, or regularly after everything is sent.</summary>
    public async Task EndAsync(bool isReset)
    {
        if (!isReset)
        {
            if (context.Request.IsHttps)
            {
                // With TLS the end of the output does not end the connection. The flushed bytes are already sent.
                context.Features.Get<IConnectionSocketFeature>()!.Socket.Shutdown(SocketShutdown.Send);
            }
            else
            {
                await output.CompleteAsync();
            }

            // Every caller can read the rest and close its side within this time.
            await Task.Delay(LongestFarewell, TimeProvider.System, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Also prevents a second answer by Kestrel.
        context.Abort();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var result = await output.WriteAsync(bytes, context.RequestAborted);
        if (result.IsCompleted)
        {
            throw new IOException("The caller left.");
        }
    }
}
