using System.Buffers.Binary;
using System.Text;
using WebSmsGateway.Simulation.Store;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>
/// The state of webhooks in the modelled Redis, as one process has it, by the rules of the scripts of <c>RedisStates</c>: leases that end, values that
/// are replaced by their tags, and a mark of the first one. What the store loses, it loses of these too.
/// </summary>
internal sealed class WebhookStates(World world, ReplicaRun run) : IStateStore
{
    private const int TagLength = 8;
    private const string Mark = "webhooks first-state";

    private readonly SharedStore store = world.Store!;
    private readonly SharedStoreView view = world.Store!.ViewOf(run);

    public string Description => "in the store of the world";

    public TimeProvider Time => run.Clock;

    public async Task<StateReply?> LookAsync(string endpoint, KnownTags known, LeaseRequest request, CancellationToken cancellationToken) =>
        await view.CallAsync<StateReply?>(
            () => new StateReply(
                request.Sender is not null && IsHeld(endpoint, request),
                Open(NameOf(endpoint, StateSlot.State), known.State),
                Open(NameOf(endpoint, StateSlot.Orders), known.Orders)),
            null, cancellationToken);

    public Task<StateWrite> ReplaceAsync(
        string endpoint, StateSlot slot, string tag, byte[] payload, CancellationToken cancellationToken) => view.CallAsync(
        () =>
        {
            var name = NameOf(endpoint, slot);
            if (Open(name, "").Tag != tag)
            {
                return new StateWrite(StateWriteOutcome.Lost, "");
            }

            store.Remember();
            var value = new byte[TagLength + payload.Length];
            BinaryPrimitives.WriteInt64BigEndian(value, world.Receivers!.NextTag());
            payload.CopyTo(value, TagLength);
            store.Values[name] = new SharedStore.Value(value, TimeSpan.MaxValue);
            store.Values.TryAdd(Mark, new SharedStore.Value(BitConverter.GetBytes(store.Now.Ticks), TimeSpan.MaxValue));
            if (slot == StateSlot.State)
            {
                world.Receivers.Oracle.Write(endpoint, payload, run);
            }

            return new StateWrite(StateWriteOutcome.Written, TagOf(value));
        },
        new StateWrite(StateWriteOutcome.Unanswered, ""), cancellationToken);

    public Task ReleaseAsync(string endpoint, string sender, CancellationToken cancellationToken) => view.CallAsync(
        () => HolderOf(endpoint) == sender && store.Values.Remove(LeaseOf(endpoint)), false, cancellationToken);

    public Task<(bool Answered, TimeSpan? Age)> AgeAsync(CancellationToken cancellationToken) => view.CallAsync(
        () => (true, store.ValueOf(Mark) is { } mark ? store.Now - TimeSpan.FromTicks(BitConverter.ToInt64(mark)) : default(TimeSpan?)),
        (false, null), cancellationToken);

    private bool IsHeld(string endpoint, LeaseRequest request)
    {
        var holder = HolderOf(endpoint);
        var mayTake = holder is null && (request.MayBegin || store.ValueOf(NameOf(endpoint, StateSlot.State)) is not null);
        if (holder != request.Sender && !mayTake)
        {
            return false;
        }

        store.Values[LeaseOf(endpoint)] = new SharedStore.Value(Encoding.ASCII.GetBytes(request.Sender!), store.Now + IStateStore.LeaseDuration);
        return true;
    }

    private string? HolderOf(string endpoint) => store.ValueOf(LeaseOf(endpoint)) is { } holder ? Encoding.ASCII.GetString(holder) : null;

    private StoredState Open(string name, string known)
    {
        if (store.ValueOf(name) is not { } value)
        {
            return new StoredState("", null);
        }

        var tag = TagOf(value);
        return new StoredState(tag, tag == known ? null : value[TagLength..]);
    }

    private static string TagOf(byte[] value) => Convert.ToHexStringLower(value.AsSpan(0, TagLength));

    private static string LeaseOf(string endpoint) => $"webhooks {endpoint} lease";

    private static string NameOf(string endpoint, StateSlot slot) => $"webhooks {endpoint} {slot}";
}
