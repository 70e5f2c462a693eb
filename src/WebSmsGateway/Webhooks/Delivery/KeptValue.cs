using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>One of the two values of an endpoint in the store, and the tag of what is known of it.</summary>
internal sealed class KeptValue<T>(string endpoint, StateSlot slot, IStateStore store, JsonTypeInfo<T> type)
    where T : class
{
    /// <summary>The tag of what the store had last; empty for nothing.</summary>
    public string Tag { get; private set; } = "";

    /// <summary>Replaces the value if it is still the known one.</summary>
    public async Task<StateWriteOutcome> WriteAsync(T next, CancellationToken cancellationToken)
    {
        var write = await store.ReplaceAsync(endpoint, slot, Tag, JsonSerializer.SerializeToUtf8Bytes(next, type), cancellationToken);
        Tag = write.Outcome == StateWriteOutcome.Written ? write.Tag : Tag;
        return write.Outcome;
    }

    /// <summary>Takes what the store has.</summary>
    /// <param name="stored">What it has.</param>
    /// <param name="value">The value; null if there is none, or if it is damaged.</param>
    /// <returns>Whether it has changed.</returns>
    public bool Take(StoredState stored, out T? value)
    {
        value = null;
        if (stored.Tag == Tag)
        {
            return false;
        }

        Tag = stored.Tag;
        try
        {
            value = stored.Payload is null ? null : JsonSerializer.Deserialize(stored.Payload, type);
        }
        catch (JsonException)
        {
            // It counts as none.
        }

        return true;
    }
}
