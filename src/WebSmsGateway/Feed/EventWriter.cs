using System.Buffers;
using System.Text;
using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>
/// Writes Server-Sent Events. The response's own buffer is the only one. If a reader does not empty it in time, its connection is cut,
/// and it can resume with its last id.
/// </summary>
internal sealed class EventWriter(HttpContext context, TimeProvider clock)
{
    public const string MediaType = "text/event-stream";

    /// <summary>
    /// Server-Sent Events are UTF-8 by definition. A client that goes by the rules of HTTP for text alone, such as requests of Python, takes
    /// them for Latin-1 unless the header says so, and finds a line end within each <c>х</c>.
    /// </summary>
    public const string ContentType = MediaType + "; charset=utf-8";

    // A burst of messages is sent in parts of about this size.
    private const int PartLength = 16 * 1024;

    private int unsent;
    private bool isFlushing;

    /// <summary>The time that a reader has to empty the buffer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LastTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Writes a message, then its id. A reader that takes ids line by line has the message before the id, so an event that was cut is
    /// sent again.
    /// </summary>
    public void Message(string id, ReadOnlySpan<byte> json)
    {
        Write("event: message\n"u8);
        Data(json);
        Place(id);
    }

    public void Problem(ReadOnlySpan<byte> json)
    {
        Write("event: problem\n"u8);
        Data(json);
        Write("\n"u8);
    }

    /// <summary>Writes the place of the reader. A place alone is no event, but readers keep it as their last id.</summary>
    public void Place(string id)
    {
        Write("id: "u8);
        unsent += (int)Encoding.ASCII.GetBytes(id, context.Response.BodyWriter);
        Write("\n\n"u8);
    }

    /// <summary>Writes a comment line. Readers skip it, and proxies keep the connection open.</summary>
    public void WriteHeartbeat() => Write(": \n\n"u8);

    /// <summary>Whether enough was written to be sent.</summary>
    public bool HasPart => unsent >= PartLength;

    /// <summary>Sends what was written. The result is false if the reader was too slow and its connection was cut.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (unsent == 0)
        {
            return true;
        }

        return await FlushAsync(Timeout, cancellationToken);
    }

    /// <summary>
    /// Ends the stream with a last problem, for a reader that may not read on. Events that it has not taken yet must not reach it either, so
    /// a connection that holds some is cut.
    /// </summary>
    public async Task EndAsync(ReadOnlyMemory<byte> problem)
    {
        if (unsent > 0 || isFlushing)
        {
            context.Abort();
            return;
        }

        Problem(problem.Span);
        await FlushAsync(LastTimeout, CancellationToken.None);
    }

    private async Task<bool> FlushAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        (unsent, isFlushing) = (0, true);
        var flush = context.Response.BodyWriter.FlushAsync(cancellationToken);
        if (flush.IsCompleted)
        {
            await flush;
            isFlushing = false;
            return true;
        }

        try
        {
            await flush.AsTask().WaitAsync(timeout, clock, cancellationToken);
            isFlushing = false;
            return true;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }

    // The JSON contains no line breaks, so one data line is enough.
    private void Data(ReadOnlySpan<byte> json)
    {
        Write("data: "u8);
        Write(json);
        Write("\n"u8);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        context.Response.BodyWriter.Write(bytes);
        unsent += bytes.Length;
    }
}
