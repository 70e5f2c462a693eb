using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebSmsGateway.Model;

namespace WebSmsGateway.Webhooks;

/// <summary>The types of what is sent.</summary>
internal static class WebhookTypes
{
    public const string Received = "message.received";
    public const string Test = "webhook.test";
    public const string Silent = "number.silent";
    public const string Heard = "number.heard";
    public const string Unavailable = "upstream.unavailable";
    public const string Recovered = "upstream.recovered";

    /// <summary>The types that are sent only where they are asked for.</summary>
    public static readonly string[] Optional = [Silent, Heard, Unavailable, Recovered];
}

/// <summary>Writes bodies.</summary>
internal static class WebhookBody
{
    // Cyrillic stays readable, as on a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="payload">What of it is sent.</param>
    /// <param name="fields">What the owner may read.</param>
    /// <param name="cursor">The cursor behind it.</param>
    public static byte[] Of(Message message, WebhookPayload payload, MessageFields fields, string cursor) => Write(
        WebhookTypes.Received,
        message.ReceivedAt,
        writer =>
        {
            writer.WriteRawValue((payload == WebhookPayload.Thin ? message.JsonWithoutTextAndCode() : message.JsonWith(fields)).Span, skipInputValidation: true);
            writer.WriteString("cursor"u8, cursor);
        });

    /// <summary>The body of everything that is no message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="data">Writes the properties of its data.</param>
    public static byte[] Of(string type, DateTimeOffset at, Action<Utf8JsonWriter> data) => Write(
        type,
        at,
        writer =>
        {
            writer.WriteStartObject();
            data(writer);
            writer.WriteEndObject();
        });

    private static byte[] Write(string type, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteString("timestamp"u8, at);
            writer.WritePropertyName("data"u8);
            data(writer);
            writer.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}
