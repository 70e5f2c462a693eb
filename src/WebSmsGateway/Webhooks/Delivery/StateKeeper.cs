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
internal sealed class StateKeeper(string endpoint, IStateStore store)
{
    private static readonly EndpointOrders NoOrders = new();

    private readonly string sender = Guid.NewGuid().ToString("N");
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile EndpointState? state;
    private volatile EndpointOrders orders = NoOrders;
    private readonly KeptValue<EndpointState> keptState = new(endpoint, StateSlot.State, store, StateJson.Default.EndpointState);
    private readonly KeptValue<EndpointOrders> keptOrders = new(endpoint, StateSlot.Orders, store, StateJson.Default.EndpointOrders);
    private bool isSender;
    private bool isUnsaved;
    private bool wasEmpty;
    private long heldAt;

    /// <summary>The newest known state; null if there is none.</summary>
    public EndpointState? State => state;

    /// <summary>Whether the store has a state that cannot be read, so that the endpoint is not new.</summary>
    public bool IsDamaged => state is null && keptState.Tag.Length > 0;

    /// <summary>The newest known orders.</summary>
    public EndpointOrders Orders => orders;

    /// <summary>Completes when orders change.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Takes or renews the right to send, and reads what others have written.</summary>
    public Task<Holding> HoldAsync(CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            // A sender whose store was emptied writes its state there again. Others give it the time to do so.
            var asked = store.Time.GetTimestamp();
            var mayBegin = isSender || state is null || wasEmpty;
            if (await store.LookAsync(endpoint, Tags, new LeaseRequest(sender, mayBegin), cancellationToken) is not { } reply)
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
        },
        cancellationToken);

    /// <summary>Whether this process is the sender for certain: a process that was frozen has to ask.</summary>
    public async Task<bool> IsSurelyHeldAsync(CancellationToken cancellationToken) =>
        store.Time.GetElapsedTime(heldAt) < IStateStore.LeaseDuration / 2 || await HoldAsync(cancellationToken) == Holding.Here;

    /// <summary>Begins to send with a first state, where there was none.</summary>
    public Task<bool> BeginAnewAsync(EndpointState first, CancellationToken cancellationToken) =>
        AloneAsync(() => BeginAsync(first, cancellationToken), cancellationToken);

    /// <summary>Changes the state, as its sender. A store that does not answer gets the change later.</summary>
    /// <returns>False if this process is not the sender any more.</returns>
    public Task<bool> SaveAsync(EndpointState next, CancellationToken cancellationToken) => AloneAsync(
        async () => isSender && await WriteAsync(next with { Fence = state!.Fence, Sender = sender }, cancellationToken), cancellationToken);

    /// <summary>Changes the orders, as any replica.</summary>
    /// <returns>False if the store did not answer.</returns>
    public Task<bool> OrderAsync(Func<EndpointOrders, EndpointState?, EndpointOrders> change, CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            while (true)
            {
                if (await store.LookAsync(endpoint, Tags, LeaseRequest.None, cancellationToken) is not { } reply)
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
        },
        cancellationToken);

    /// <summary>Reads what others have written, without asking for the right to send.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            if (!isSender && await store.LookAsync(endpoint, Tags, LeaseRequest.None, cancellationToken) is { } reply)
            {
                Take(reply.Orders);
                TakeState(reply.State);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Gives the right to send back, so that another replica goes on at once.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (isSender)
        {
            isSender = false;
            await store.ReleaseAsync(endpoint, sender, cancellationToken);
        }
    }

    private async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Begins to send: the next fencing number shows every earlier sender that it has lost its right.</summary>
    private async Task<bool> BeginAsync(EndpointState before, CancellationToken cancellationToken)
    {
        isSender = true;
        return await WriteAsync(before with { Fence = before.Fence + 1, Sender = sender }, cancellationToken);
    }

    private SemaphoreSlim Gate { get; } = new(1, 1);

    private KnownTags Tags => new(keptState.Tag, keptOrders.Tag);

    private async Task<bool> WriteAsync(EndpointState next, CancellationToken cancellationToken)
    {
        state = next;
        isUnsaved = true;
        var outcome = await keptState.WriteAsync(next, cancellationToken);
        if (outcome == StateWriteOutcome.Lost)
        {
            // Another sender wrote it, or an earlier write of this one was not answered, or the store was emptied.
            if (await store.LookAsync(endpoint, Tags, LeaseRequest.None, cancellationToken) is not { } reply)
            {
                return true;
            }

            if (!TakeState(reply.State))
            {
                isSender = false;
                return false;
            }

            outcome = await keptState.WriteAsync(next, cancellationToken);
        }

        isUnsaved = outcome != StateWriteOutcome.Written;
        return true;
    }

    private async Task<StateWriteOutcome> WriteAsync(EndpointOrders next, CancellationToken cancellationToken)
    {
        var outcome = await keptOrders.WriteAsync(next, cancellationToken);
        if (outcome == StateWriteOutcome.Written)
        {
            Set(next);
        }

        return outcome;
    }

    /// <summary>Takes the stored state, unless this process is the sender and has a newer one.</summary>
    /// <returns>False if another process has become the sender.</returns>
    private bool TakeState(StoredState stored)
    {
        if (!keptState.Take(stored, out var read))
        {
            return true;
        }

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
        if (keptOrders.Take(stored, out var read))
        {
            Set(read ?? orders);
        }
    }

    private void Set(EndpointOrders next)
    {
        orders = next;
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
