namespace WebSmsGateway.Model;

/// <summary>What a cursor goes on with.</summary>
internal enum WalkState
{
    /// <summary>A range in descending order.</summary>
    Descending,

    /// <summary>Ascending, only what arrives from a moment on. No question that was sent since then has been answered.</summary>
    Now,

    /// <summary>Ascending, in the order of time: what was known when the walk began.</summary>
    Snapshot,

    /// <summary>Ascending, in the order of discovery: what became known since.</summary>
    Changes,
}

/// <summary>
/// The place where a walk through messages stands. A cursor is complete in itself, so servers keep no state. Nothing of a message is in it.
/// </summary>
/// <param name="Query">The fingerprint of its query.</param>
/// <param name="State">What it goes on with.</param>
/// <param name="Epoch">The life of the scope's head in which its stamps mean something.</param>
internal sealed record PageCursor(ulong Query, WalkState State, ulong Epoch)
{
    /// <summary>The last given place in the order of time. Descending and snapshot.</summary>
    public MessagePosition Place { get; init; }

    /// <summary>The last given place in the order of discovery. Changes only.</summary>
    public Stamp Learned { get; init; }

    /// <summary>The last stamp when the walk began; null where it has to begin anew.</summary>
    public Stamp? AsOf { get; init; }

    /// <summary>
    /// When the walk began, in whole seconds of WEBSMS's clock: what a first read brings from before is no news.
    /// </summary>
    public DateTimeOffset Moment { get; init; }

    /// <summary>Whether the walk began before the clock of WEBSMS was known, so that the moment is in ours. Only before the first answer.</summary>
    public bool IsMomentOurs { get; init; }

    /// <summary>
    /// Whether the walk goes on from another epoch. What is dated up to its moment was given there, or cannot be told from what was.
    /// </summary>
    public bool IsResumed { get; init; }

    /// <summary>Descending: the start of the range. Ascending: the start that the walk was given; null for none.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The first day that the walk has not seen read past its end.</summary>
    public DateOnly Covered { get; init; }

    /// <summary>What is dated earlier and was known has been given.</summary>
    public DateTimeOffset Floor { get; init; }

    /// <summary>The latest moment of its stamps.</summary>
    public long Latest => Math.Max(Learned.Moment, AsOf?.Moment ?? 0);

    /// <summary>The start of what a reader of the cursor may have to be given.</summary>
    public DateTimeOffset Reach => State switch
    {
        WalkState.Descending => Start ?? Place.Instant,
        WalkState.Snapshot => Place.Instant,
        _ => Floor,
    };

    /// <summary>
    /// The cursor of a webhook as the one of a query: it stands in the order of discovery of the account, and goes with any filter. Another cursor
    /// stays as it is.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="from">The start that the query was given; null for none.</param>
    public PageCursor For(MessageQuery query, DateTimeOffset? from) =>
        Query == MessageQuery.OfAnyFilter && query is { Ascending: true, Number: null }
            ? this with { Query = query.Fingerprint, Start = from > Start || Start is null ? from : Start }
            : this;
}
