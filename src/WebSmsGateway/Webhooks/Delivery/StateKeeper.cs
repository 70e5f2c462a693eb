using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>Who may send.</summary>
internal enum Holding
{
    /// <summary>The store did not answer, and this process was not the sender before.</summary>
    Unknown,

    /// <summary>Another process sends, or may want to go on.</summary>
    Elsewhere,

    /// <summary>This process sends.</summary>
    Here,
}

/// <summary>
/// The state of one endpoint in one process. While this process is the sender it writes each change. A sender that lost its right, because it
/// was frozen for example, finds a higher fencing number in the store and changes nothing.
/// </summary>
internal sealed class StateKeeper(string endpoint, IStateStore store) : IDisposable
{
    private static readonly EndpointOrders NoOrders = new();

    private readonly string sender = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim gate = new(1);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EndpointState? state;
    private volatile EndpointOrders orders = NoOrders;
    private KnownTags tags = new("", "");
    private bool isSender;
    private bool isUnsaved;
    private bool wasEmpty;
    private long heldAt;

    /// <summary>The newest known state; null if there is none.</summary>
    public EndpointState? State => state;

    /// <summary>Whether the store has a state that cannot be read, so that the endpoint is not new.</summary>
    public bool IsDamaged => state is null && tags.State.Length > 0;

    /// <summary>The newest known orders.</summary>
    public EndpointOrders Orders => orders;

    /// <summary>Completes when orders change.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Takes or renews the right to send, and reads what others have written.</summary>
    public async Task<Holding> HoldAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            // A sender whose store was emptied writes its state there again. Others give it the time to do so.
            var asked = store.Time.GetTimestamp();
            var mayBegin = isSender || state is null || wasEmpty;
            if (await store.LookAsync(endpoint, tags, new LeaseRequest(sender, mayBegin), cancellationToken) is not { } reply)
            {
                return isSender ? Holding.Here : Holding.Unknown;
            }

            heldAt = asked;
            Take(reply.Orders);
            wasEmpty = reply.State.Tag.Length == 0;
            if (!TakeState(reply.State) || !reply.IsHeld)
            {
                isSender = false;
                return Holding.Elsewhere;
            }

            if (isSender && isUnsaved)
            {
                await WriteAsync(state!, cancellationToken);
            }

            if (reply.Orders.Tag.Length == 0 && orders != NoOrders)
            {
                // The store was emptied. A paused endpoint stays paused.
                await WriteAsync(orders, cancellationToken);
            }

            return isSender || state is null ? Holding.Here : await BeginAsync(state, cancellationToken) ? Holding.Here : Holding.Elsewhere;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Whether this process is the sender for certain: a process that was frozen has to ask.</summary>
    public async Task<bool> IsSurelyHeldAsync(CancellationToken cancellationToken) =>
        store.Time.GetElapsedTime(heldAt) < IStateStore.LeaseDuration / 2 || await HoldAsync(cancellationToken) == Holding.Here;

    /// <summary>Begins to send with a first state, where there was none.</summary>
    public async Task<bool> BeginAnewAsync(EndpointState first, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await BeginAsync(first, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Changes the state, as its sender. A store that does not answer gets the change later.</summary>
    /// <returns>False if this process is not the sender any more.</returns>
    public async Task<bool> SaveAsync(EndpointState next, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return isSender && await WriteAsync(next with { Fence = state!.Fence, Sender = sender }, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Changes the orders, as any replica.</summary>
    /// <returns>False if the store did not answer.</returns>
    public async Task<bool> OrderAsync(Func<EndpointOrders, EndpointState?, EndpointOrders> change, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                if (await store.LookAsync(endpoint, tags, LeaseRequest.None, cancellationToken) is not { } reply)
                {
                    return false;
                }

                Take(reply.Orders);
                var next = change(orders, state);
                var outcome = await WriteAsync(next, cancellationToken);
                if (outcome != StateWriteOutcome.Lost)
                {
                    return outcome == StateWriteOutcome.Written;
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Reads what others have written, without asking for the right to send.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!isSender && await store.LookAsync(endpoint, tags, LeaseRequest.None, cancellationToken) is { } reply)
            {
                Take(reply.Orders);
                TakeState(reply.State);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Gives the right to send back, so that another replica goes on at once.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (isSender)
        {
            isSender = false;
            await store.ReleaseAsync(endpoint, sender, cancellationToken);
        }
    }

    public void Dispose() => gate.Dispose();

    /// <summary>Begins to send: the next fencing number shows every earlier sender that it has lost its right.</summary>
    private async Task<bool> BeginAsync(EndpointState before, CancellationToken cancellationToken)
    {
        isSender = true;
        return await WriteAsync(before with { Fence = before.Fence + 1, Sender = sender }, cancellationToken);
    }

    private async Task<bool> WriteAsync(EndpointState next, CancellationToken cancellationToken)
    {
        state = next;
        isUnsaved = true;
        var write = await store.ReplaceAsync(
            endpoint, StateSlot.State, tags.State, JsonSerializer.SerializeToUtf8Bytes(next, StateJson.Default.EndpointState), cancellationToken);
        if (write.Outcome == StateWriteOutcome.Lost)
        {
            // Another sender wrote it, or an earlier write of this one was not answered, or the store was emptied.
            if (await store.LookAsync(endpoint, tags, LeaseRequest.None, cancellationToken) is not { } reply)
            {
                return true;
            }

            if (!TakeState(reply.State))
            {
                isSender = false;
                return false;
            }

            write = await store.ReplaceAsync(
                endpoint, StateSlot.State, tags.State, JsonSerializer.SerializeToUtf8Bytes(next, StateJson.Default.EndpointState),
                cancellationToken);
        }

        if (write.Outcome == StateWriteOutcome.Written)
        {
            tags = tags with { State = write.Tag };
            isUnsaved = false;
        }

        return true;
    }

    private async Task<StateWriteOutcome> WriteAsync(EndpointOrders next, CancellationToken cancellationToken)
    {
        var write = await store.ReplaceAsync(
            endpoint, StateSlot.Orders, tags.Orders, JsonSerializer.SerializeToUtf8Bytes(next, StateJson.Default.EndpointOrders), cancellationToken);
        if (write.Outcome == StateWriteOutcome.Written)
        {
            tags = tags with { Orders = write.Tag };
            Set(next);
        }

        return write.Outcome;
    }

    /// <summary>Takes the stored state, unless this process is the sender and has a newer one.</summary>
    /// <returns>False if another process has become the sender.</returns>
    private bool TakeState(StoredState stored)
    {
        if (stored.Tag == tags.State)
        {
            return true;
        }

        tags = tags with { State = stored.Tag };
        var read = Read(stored.Payload, StateJson.Default.EndpointState);
        if (isSender && (read is null || read.Fence < state!.Fence || (read.Fence == state.Fence && read.Sender == sender)))
        {
            isUnsaved = true;
            return true;
        }

        state = read ?? state;
        return !isSender;
    }

    private void Take(StoredState stored)
    {
        if (stored.Tag == tags.Orders)
        {
            return;
        }

        tags = tags with { Orders = stored.Tag };
        Set(Read(stored.Payload, StateJson.Default.EndpointOrders) ?? orders);
    }

    private void Set(EndpointOrders next)
    {
        orders = next;
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private static T? Read<T>(byte[]? payload, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return payload is null ? null : JsonSerializer.Deserialize(payload, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
