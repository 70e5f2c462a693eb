using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Model;

/// <summary>One SMS that a rented number received.</summary>
internal class Message
{
    private const int First = int.MinValue;
    private const int CodeCost = 96;

    private long second;
    private int rank;
    private long learnedAt;
    private int ordinal;

    /// <summary>
    /// Name of the message: its local day, then a keyed hash of number, sender, time and text. The same message has the same id on
    /// every call, replica and restart; two equal SMS of one second have two ids. Letter case does not matter.
    /// </summary>
    public required MessageId Id { get; init; }

    /// <summary>The rented number that received it: <c>7XXXYYYYYYY</c>.</summary>
    public required RentedNumber RentedNumber { get; init; }

    /// <summary>Who sent it: digits without <c>+</c> for a number, otherwise the name or short code as received.</summary>
    public required Sender Sender { get; init; }

    /// <summary>When WEBSMS received it, with the offset that the account's zone had at that time.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The text; empty for an empty SMS, and left out for a caller whose key reads codes only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string Text { get; init; }

    /// <summary>The one-time code of the text; left out where it has none, or more than one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OneTimeCode? Code { get; private set; }

    /// <summary>The place of the message in the order of time.</summary>
    [JsonIgnore]
    public MessagePosition Position => new(second, rank);

    /// <summary>The place of the message in the order of discovery.</summary>
    [JsonIgnore]
    public Stamp Stamp => new(learnedAt, ordinal & ~First);

    /// <summary>
    /// Whether the first question after its date brought the message, so that WEBSMS did not report it late. It is no news to those who began
    /// after its date.
    /// </summary>
    [JsonIgnore]
    public bool IsFirst => (ordinal & First) != 0;

    /// <summary>Whether the message has its places, so that others may read it and nothing may change it.</summary>
    [JsonIgnore]
    public bool IsPlaced => learnedAt != 0;

    /// <summary>The message as JSON. It is made once, and every page and event copies these bytes.</summary>
    [JsonIgnore]
    public byte[] Json { get; private set; } = [];

    /// <summary>The memory that the message and its objects take, in bytes.</summary>
    [JsonIgnore]
    public int Cost => 304 + Json.Length + (2 * Text.Length) + (Code is null ? 0 : CodeCost);

    public Message()
    {
    }

    [SetsRequiredMembers]
    protected Message(Message other)
    {
        (Id, RentedNumber, Sender, ReceivedAt, Text, Code, Json) =
            (other.Id, other.RentedNumber, other.Sender, other.ReceivedAt, other.Text, other.Code, other.Json);
        (second, rank, learnedAt, ordinal) = (other.second, other.rank, other.learnedAt, other.ordinal);
    }

    /// <summary>Whether the number received the message or, without a number, whether one of the set did.</summary>
    public bool IsOf(RentedNumber? number, NumberSet numbers) => number is { } one ? RentedNumber == one : numbers.Includes(RentedNumber);

    /// <summary>Finds the code of the text and serialises the message.</summary>
    public Message Serialised()
    {
        Code = OneTimeCode.Find(Text);
        Json = JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Default.Message);
        return this;
    }

    /// <summary>The JSON with the fields that a caller may read.</summary>
    public ReadOnlyMemory<byte> JsonWith(MessageFields fields) => fields == MessageFields.All ? Json : JsonWithoutText();

    /// <summary>The JSON without what only the receiver of the message should see.</summary>
    public ReadOnlyMemory<byte> JsonWithoutTextAndCode() => (byte[])[.. Json.AsSpan(0, StartOfText), (byte)'}'];

    /// <summary>Gives the message its two places. A message that has them already is copied, because others may read it.</summary>
    public Message Placed(int rankInSecond, Stamp stamp, bool isFirst)
    {
        var placed = IsPlaced ? new Message(this) : this;
        placed.Place(rankInSecond, stamp, isFirst);
        return placed;
    }

    // A quote within a string is escaped, so these bytes can only be the beginnings of the fields.
    private int StartOfText => Json.AsSpan().IndexOf(",\"text\":\""u8);

    private byte[] JsonWithoutText()
    {
        var end = Code is null ? Json.Length - 1 : Json.AsSpan().LastIndexOf(",\"code\":{"u8);
        return [.. Json.AsSpan(0, StartOfText), .. Json.AsSpan(end)];
    }

    protected void Place(int rankInSecond, Stamp stamp, bool isFirst)
    {
        second = ReceivedAt.ToUnixTimeSeconds();
        (rank, learnedAt, ordinal) = (rankInSecond, stamp.Moment, stamp.Ordinal | (isFirst ? First : 0));
    }
}

/// <summary>
/// A message that a whole answer of WEBSMS lacked twice, so that it was taken off, and that a later answer had again. It is news for
/// walks that began while it was absent, and for no others.
/// </summary>
internal sealed class ReturnedMessage : Message
{
    [SetsRequiredMembers]
    public ReturnedMessage(Message message, Stamp stamp, Stamp firstLearned, long removedAt)
        : base(message)
    {
        (FirstLearned, RemovedAt) = (firstLearned, removedAt);
        Place(message.Position.Rank, stamp, isFirst: false);
    }

    /// <summary>When the message was learned first.</summary>
    [JsonIgnore]
    public Stamp FirstLearned { get; }

    /// <summary>The moment of the stamp at which it was taken off.</summary>
    [JsonIgnore]
    public long RemovedAt { get; }
}

/// <summary>
/// The place of a message in the order of time, and within one second in the order in which WEBSMS lists messages. The order within a second
/// is fixed when the message is learned. Messages that are reported later follow.
/// </summary>
/// <param name="Second">Unix time.</param>
/// <param name="Rank">The place within the second, from 0.</param>
[ImmutableObject(true)]
internal readonly record struct MessagePosition(long Second, int Rank) : IComparable<MessagePosition>
{
    /// <summary>The place right behind this one.</summary>
    public MessagePosition Behind() => Rank == int.MaxValue ? new MessagePosition(Second + 1, 0) : this with { Rank = Rank + 1 };

    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeSeconds(Second);

    public static MessagePosition AtOrAfter(DateTimeOffset instant)
    {
        var second = instant.ToUnixTimeSeconds();
        return new MessagePosition(DateTimeOffset.FromUnixTimeSeconds(second) < instant ? second + 1 : second, 0);
    }

    public int CompareTo(MessagePosition other) => Second == other.Second ? Rank.CompareTo(other.Rank) : Second.CompareTo(other.Second);

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
