using System.Collections.Concurrent;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>Keeps state for the life of the process.</summary>
internal sealed class MemoryStates(TimeProvider clock) : IStateStore
{
    [Bounded("two values for each configured endpoint")]
    private readonly ConcurrentDictionary<(string Endpoint, StateSlot Slot), StoredState> values = new();
    private readonly DateTimeOffset made = clock.GetUtcNow();
    private long writes;

    public string Description => "in memory, so that a restart loses it";

    public TimeProvider Time => clock;

    public Task<StateReply?> LookAsync(string endpoint, KnownTags known, LeaseRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<StateReply?>(new(
            request.Sender is not null, Read(endpoint, StateSlot.State, known.State), Read(endpoint, StateSlot.Orders, known.Orders)));

    public Task<StateWrite> ReplaceAsync(
        string endpoint, StateSlot slot, string tag, byte[] payload, CancellationToken cancellationToken)
    {
        var written = new StoredState($"{Interlocked.Increment(ref writes)}", payload);
        var isWritten = values.TryGetValue((endpoint, slot), out var before)
            ? before.Tag == tag && values.TryUpdate((endpoint, slot), written, before)
            : tag.Length == 0 && values.TryAdd((endpoint, slot), written);
        return Task.FromResult(isWritten ? new StateWrite(StateWriteOutcome.Written, written.Tag) : new StateWrite(StateWriteOutcome.Lost, ""));
    }

    public Task ReleaseAsync(string endpoint, string sender, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<(bool Answered, TimeSpan? Age)> AgeAsync(CancellationToken cancellationToken) =>
        Task.FromResult<(bool, TimeSpan?)>((true, clock.GetUtcNow() - made));

    private StoredState Read(string endpoint, StateSlot slot, string known)
    {
        var value = values.GetValueOrDefault((endpoint, slot), new StoredState("", null));
        return value.Tag == known ? value with { Payload = null } : value;
    }
}
