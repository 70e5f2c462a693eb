using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Model;

/// <summary>One SMS that a rented number received.</summary>
internal sealed class Message
{
    /// <summary>
    /// Name of the message: its local day, then a hash of number, sender, time and text. The same message has the same id on
    /// every call, replica and restart; two equal SMS of one second have two ids. Letter case does not matter.
    /// </summary>
    public required MessageId Id { get; init; }

    /// <summary>The rented number that received it: <c>7XXXYYYYYYY</c>.</summary>
    public required RentedNumber RentedNumber { get; init; }

    /// <summary>Who sent it: digits without <c>+</c> for a number, otherwise the name or short code as received.</summary>
    public required Sender Sender { get; init; }

    /// <summary>When WEBSMS received it, with the offset that the account's zone had at that time.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The text; empty for an empty SMS.</summary>
    public required string Text { get; init; }

    /// <summary>The place of the message in the order that all pages share.</summary>
    [JsonIgnore]
    public MessagePosition Position { get; init; }

    /// <summary>The message as JSON. It is made once, and every page and event copies these bytes.</summary>
    [JsonIgnore]
    public byte[] Json { get; private set; } = [];

    /// <summary>The memory that the message and its objects take, in bytes.</summary>
    [JsonIgnore]
    public int Cost => 280 + Json.Length + (2 * Text.Length);

    /// <summary>Whether the number received the message or, without a number, whether one of the set did.</summary>
    public bool IsOf(RentedNumber? number, NumberSet numbers) => number is { } one ? RentedNumber == one : numbers.Includes(RentedNumber);

    public Message Serialised()
    {
        Json = JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Default.Message);
        return this;
    }
}

/// <summary>
/// The place of a message: by time, and within one second by the hash of its id. The order in an answer of WEBSMS carries no meaning.
/// </summary>
/// <param name="Second">Unix time.</param>
/// <param name="Hash">The hash of the id.</param>
[ImmutableObject(true)]
internal readonly record struct MessagePosition(long Second, ulong Hash) : IComparable<MessagePosition>
{
    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeSeconds(Second);

    public static MessagePosition AtOrAfter(DateTimeOffset instant)
    {
        var second = instant.ToUnixTimeSeconds();
        return new MessagePosition(DateTimeOffset.FromUnixTimeSeconds(second) < instant ? second + 1 : second, 0);
    }

    public int CompareTo(MessagePosition other) => Second == other.Second ? Hash.CompareTo(other.Hash) : Second.CompareTo(other.Second);

    public static bool operator <(MessagePosition left, MessagePosition right) => left.CompareTo(right) < 0;
    public static bool operator >(MessagePosition left, MessagePosition right) => left.CompareTo(right) > 0;
    public static bool operator <=(MessagePosition left, MessagePosition right) => left.CompareTo(right) <= 0;
    public static bool operator >=(MessagePosition left, MessagePosition right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// The JSON of messages. Its relaxed encoder keeps Cyrillic readable: besides what JSON demands, it escapes only emoji and line separators.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessageProblem))]
internal sealed partial class MessageJson : JsonSerializerContext
{
    static MessageJson() =>
        Default = new MessageJson(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
