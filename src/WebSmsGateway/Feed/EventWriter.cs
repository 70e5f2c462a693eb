using System.Buffers;
using System.Text;
using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>
/// Writes Server-Sent Events. The only buffer of a stream is the response's own, and a reader that does not empty it in time is
/// too slow: its connection is cut, and it resumes with the last id that it has.
/// </summary>
internal sealed class EventWriter(HttpContext context, TimeProvider clock)
{
    public const string MediaType = "text/event-stream";

    // A burst of messages is sent in parts of this size, not message by message.
    private const int PartLength = 16 * 1024;

    private int unsent;

    /// <summary>How long a reader may take to make room.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A message. Its id comes behind it: even a reader that takes ids line by line has the message before it has the id, so an
    /// event that it got half of is sent again.
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

    /// <summary>Where the reader stands. On its own it is no event, but readers remember it as the last id.</summary>
    public void Place(string id)
    {
        Write("id: "u8);
        unsent += (int)Encoding.ASCII.GetBytes(id, context.Response.BodyWriter);
        Write("\n\n"u8);
    }

    /// <summary>A line that readers skip and proxies count as life.</summary>
    public void WriteHeartbeat() => Write(": \n\n"u8);

    /// <summary>Whether so much was written that it should be sent before more is.</summary>
    public bool HasPart => unsent >= PartLength;

    /// <summary>Sends what was written; false for a reader that is too slow, whose connection is gone then.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (unsent == 0)
        {
            return true;
        }

        unsent = 0;
        var flush = context.Response.BodyWriter.FlushAsync(cancellationToken);
        if (flush.IsCompleted)
        {
            await flush;
            return true;
        }

        try
        {
            await flush.AsTask().WaitAsync(Timeout, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }

    // JSON has no line breaks of its own, so one data line carries it.
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
