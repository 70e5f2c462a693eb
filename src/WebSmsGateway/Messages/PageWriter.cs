using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Writes a page as JSON. Messages are copied from the bytes that were made when they arrived.</summary>
internal static class PageWriter
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(IBufferWriter<byte> target, MessagePage page, MessageFields fields)
    {
        using var json = new Utf8JsonWriter(target, Options);
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var message in page.Items)
        {
            json.WriteRawValue(message.JsonWith(fields).Span, skipInputValidation: true);
        }

        json.WriteEndArray();
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
