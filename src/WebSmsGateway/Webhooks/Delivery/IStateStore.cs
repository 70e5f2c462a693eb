namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>The two values of an endpoint, each with one kind of writer.</summary>
internal enum StateSlot
{
    /// <summary><see cref="EndpointState"/>; its sender writes it.</summary>
    State,

    /// <summary><see cref="EndpointOrders"/>; callers write it.</summary>
    Orders,
}

/// <summary>
/// Where the state of endpoints lies: in Redis, in files, or in memory. No call throws because the store is down, slow, full or damaged.
/// </summary>
internal interface IStateStore
{
    /// <summary>How long a sender keeps its right without a renewal.</summary>
    static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(6);

    /// <summary>Where the state lies, for the line at start.</summary>
    string Description { get; }

    /// <summary>The time in which its leases end. It is real time in tests too where the store has its own clock.</summary>
    TimeProvider Time { get; }

    /// <summary>Reads what has changed, and takes or renews the right to send.</summary>
    /// <param name="endpoint">The name of the endpoint.</param>
    /// <param name="known">The tags of the values that the caller has, so that unchanged values are not sent again.</param>
    /// <param name="request">What the caller asks for.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The values; null if the store did not answer.</returns>
    Task<StateReply?> LookAsync(string endpoint, KnownTags known, LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Replaces a value if it is still the one with the tag.</summary>
    /// <param name="endpoint">The name of the endpoint.</param>
    /// <param name="slot">The value.</param>
    /// <param name="tag">The tag of the value to replace; empty if there was none.</param>
    /// <param name="payload">The new value.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<StateWrite> ReplaceAsync(string endpoint, StateSlot slot, string tag, byte[] payload, CancellationToken cancellationToken);

    /// <summary>Gives the right to send back.</summary>
    Task ReleaseAsync(string endpoint, string sender, CancellationToken cancellationToken);

    /// <summary>How long ago the store got its first state; null in the result if it has none, or is unable to answer.</summary>
    Task<(bool Answered, TimeSpan? Age)> AgeAsync(CancellationToken cancellationToken);
}

/// <summary>The tags of the values that a caller has; empty for none.</summary>
internal readonly record struct KnownTags(string State, string Orders);

/// <summary>What a look asks for.</summary>
/// <param name="Sender">Who wants to send; null for a look alone.</param>
/// <param name="MayBegin">Whether the right may be taken although the store has no state.</param>
internal readonly record struct LeaseRequest(string? Sender, bool MayBegin)
{
    public static readonly LeaseRequest None = new(null, false);
}

/// <summary>What the store has of an endpoint.</summary>
/// <param name="IsHeld">Whether the caller has the right to send.</param>
/// <param name="State">The state.</param>
/// <param name="Orders">The orders.</param>
internal sealed record StateReply(bool IsHeld, StoredState State, StoredState Orders);

/// <summary>A stored value.</summary>
/// <param name="Tag">Names this state of the value; empty if there is none.</param>
/// <param name="Payload">The value; null if there is none, if it is the one that the caller has, or if it is damaged.</param>
internal readonly record struct StoredState(string Tag, byte[]? Payload);

/// <summary>The result of replacing a value.</summary>
/// <param name="Outcome">Whether it was replaced.</param>
/// <param name="Tag">The tag of the new value, if it was replaced.</param>
internal readonly record struct StateWrite(StateWriteOutcome Outcome, string Tag);

internal enum StateWriteOutcome
{
    /// <summary>The store did not answer, so nobody knows whether the value was replaced.</summary>
    Unanswered,

    /// <summary>Another value was there.</summary>
    Lost,

    Written,
}
