using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>Writes a value as the JSON string of its text. Messages are never read from JSON.</summary>
internal sealed class TextConverter<T> : JsonConverter<T> where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Messages are only written.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
