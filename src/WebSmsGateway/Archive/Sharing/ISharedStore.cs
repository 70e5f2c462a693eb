using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive.Sharing;

/// <summary>
/// What replicas share: one mutable head per scope, immutable values that are named by their content, leases and notices. Redis is the
/// store of the product, and the simulation has a modelled one. No call throws because the store is down, slow, full or damaged.
/// </summary>
internal interface ISharedStore
{
    /// <summary>Whether the store answers, as far as is known.</summary>
    bool IsUp { get; }

    /// <summary>What has to be added to this process's clock to get the clock of the store. It is measured with each read of a head.</summary>
    TimeSpan ClockOffset { get; }

    /// <summary>The time in which its leases end. It is real time in tests too, because Redis has its own clock.</summary>
    TimeProvider Time { get; }

    /// <summary>Reads the head of a scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="knownTag">The tag of the head that the caller has, so that an unchanged head is not sent again; null for none.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The head; null if the store did not answer. A damaged or foreign head counts as none.</returns>
    Task<StoredHead?> ReadHeadAsync(Scope scope, string? knownTag, CancellationToken cancellationToken);

    /// <summary>Replaces the head of a scope if it is still the one with the tag, and sends a notice to the other replicas.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="tag">The tag of the head to replace; empty if there was none.</param>
    /// <param name="payload">The new head.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    Task<HeadWrite> ReplaceHeadAsync(Scope scope, string tag, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>The name of a value of a scope: a keyed hash of its content, so that nobody can try out texts against names.</summary>
    string NameOf(Scope scope, ReadOnlySpan<byte> payload);

    /// <summary>Reads values by name, in one round.</summary>
    /// <returns>The payloads in the order of the names, null for one that is missing, damaged or foreign; null if the store did not answer.</returns>
    Task<byte[]?[]?> ReadValuesAsync(Scope scope, IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Writes values, in one round.</summary>
    /// <returns>Whether all were written.</returns>
    Task<bool> WriteValuesAsync(Scope scope, IReadOnlyList<StoredValue> values, CancellationToken cancellationToken);

    /// <summary>Lets values that no head names any more go after a minute. A reader of the head before may still need them.</summary>
    Task ReleaseValuesAsync(Scope scope, IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Takes the lease of a scope, so that one replica asks WEBSMS and the others wait for its answer.</summary>
    Task<ISharedLease> LeaseAsync(Scope scope, LeaseFor work, CancellationToken cancellationToken);

    /// <summary>Calls back when another replica replaced the head of a scope, until it is disposed. Notices may be lost.</summary>
    IDisposable Subscribe(Scope scope, Action replaced);
}

/// <summary>What a lease gives the right to. Who holds one does not keep others from the other work.</summary>
internal enum LeaseFor
{
    /// <summary>Questions about days that have not settled.</summary>
    OpenDays,

    /// <summary>Questions about closed days, rechecks among them.</summary>
    ClosedDays,

    /// <summary>Reading an open day whole, for which nobody waits.</summary>
    WholeRead,
}

/// <summary>The right of one replica to ask WEBSMS about a scope. Without a store that answers every replica may ask.</summary>
internal interface ISharedLease : IAsyncDisposable
{
    /// <summary>Whether another replica holds the lease.</summary>
    bool IsElsewhere { get; }
}

/// <summary>A head as the store has it.</summary>
/// <param name="Tag">Names this state of the head; empty if there is none.</param>
/// <param name="Payload">The head; null if there is none, or if it is the one that the caller has.</param>
internal sealed record StoredHead(string Tag, byte[]? Payload);

/// <summary>The result of replacing a head.</summary>
/// <param name="Outcome">Whether it was replaced.</param>
/// <param name="Tag">The tag of the new head, if it was replaced.</param>
internal readonly record struct HeadWrite(HeadWriteOutcome Outcome, string Tag);

internal enum HeadWriteOutcome
{
    /// <summary>The store did not answer, so nobody knows whether the head was replaced.</summary>
    Unanswered,

    /// <summary>Another replica was faster.</summary>
    Lost,

    /// <summary>The head was replaced.</summary>
    Written,
}

/// <summary>A value to store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Payload">Its content.</param>
/// <param name="Lifetime">How long it is kept.</param>
internal sealed record StoredValue(string Name, byte[] Payload, TimeSpan Lifetime);
