using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Writes a page as JSON. Messages are copied from the bytes that were made when they arrived.</summary>
internal static class PageWriter
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static ReadOnlySpan<byte> Opening => "{\"items\":["u8;

    /// <summary>The messages of a page as JSON: the bytes that were made when they arrived, where the caller may read all fields.</summary>
    public static ReadOnlyMemory<byte>[] ItemsOf(MessagePage page, MessageFields fields) => [.. page.Items.Select(message => message.JsonWith(fields))];

    /// <summary>What stands in a page behind its messages.</summary>
    public static byte[] ClosingOf(MessagePage page)
    {
        var target = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(target, Options))
        {
            WriteClosing(json, page);
        }

        // The writer begins an object of its own. Its brace becomes the end of the items.
        var closing = target.WrittenSpan.ToArray();
        closing[0] = (byte)',';
        return [(byte)']', .. closing];
    }

    /// <summary>The length of a page.</summary>
    public static long LengthOf(ReadOnlyMemory<byte>[] items, byte[] closing) =>
        Opening.Length + items.Sum(item => (long)item.Length) + Math.Max(0, items.Length - 1) + closing.Length;

    /// <summary>Copies a whole page.</summary>
    public static byte[] Whole(ReadOnlyMemory<byte>[] items, byte[] closing)
    {
        var bytes = new byte[LengthOf(items, closing)];
        Opening.CopyTo(bytes);
        var length = Opening.Length;
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
            {
                bytes[length++] = (byte)',';
            }

            items[i].Span.CopyTo(bytes.AsSpan(length));
            length += items[i].Length;
        }

        closing.CopyTo(bytes, length);
        return bytes;
    }

    /// <summary>Sends a page from the shared bytes of its messages, through one small buffer.</summary>
    public static async Task SendAsync(AnswerWriting writing, ReadOnlyMemory<byte>[] items, byte[] closing)
    {
        var slice = ArrayPool<byte>.Shared.Rent(AnswerSender.SliceBytes);
        try
        {
            var used = Add(slice, 0, Opening);
            for (var i = 0; i < items.Length; i++)
            {
                used = i > 0 ? Add(slice, used, ","u8) : used;
                for (var rest = items[i]; rest.Length > 0;)
                {
                    var part = Math.Min(rest.Length, AnswerSender.SliceBytes - used);
                    used = Add(slice, used, rest.Span[..part]);
                    rest = rest[part..];
                    if (used == AnswerSender.SliceBytes)
                    {
                        if (!await writing.WriteSliceAsync(slice.AsMemory(0, used)))
                        {
                            return;
                        }

                        used = 0;
                    }
                }
            }

            if (await writing.WriteSliceAsync(slice.AsMemory(0, used)))
            {
                await writing.WriteAsync(closing);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }

    private static int Add(byte[] slice, int used, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(slice.AsSpan(used));
        return used + bytes.Length;
    }

    private static void WriteClosing(Utf8JsonWriter json, MessagePage page)
    {
        json.WriteStartObject();
        json.WriteString("nextCursor"u8, page.NextCursor);
        json.WriteString("completeUntil"u8, page.CompleteUntil);
        json.WriteBoolean("stale"u8, page.Stale);
        json.WriteStartArray("problems"u8);
        foreach (var problem in page.Problems)
        {
            JsonSerializer.Serialize(json, problem, MessageJson.Default.MessageProblem);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
