using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>Consecutive messages of a day that are stored and shared as one value.</summary>
internal sealed class MessageBlock(Message[] messages)
{
    // A message has a place in the block, and one in the index by number.
    private const int BytesPerPlace = 8 + 12;

    public Message[] Messages => messages;

    /// <summary>The name under which replicas share the block; null if it has none yet.</summary>
    public string? Name { get; set; }

    /// <summary>The latest stamp of its messages, so that a reader of news can skip the block.</summary>
    public Stamp Newest { get; } = messages.Max(message => message.Stamp);

    /// <summary>Bytes that the block takes in memory.</summary>
    public long Cost { get; } = 96 + messages.Sum(message => (long)message.Cost + BytesPerPlace);
}
