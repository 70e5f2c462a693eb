namespace WebSmsGateway.Simulation.Rules;

internal enum ModelState
{
    Now,
    Snapshot,
    Changes,
}

/// <summary>The place of a walk: what its cursor has.</summary>
internal sealed record ModelPlace(ModelState State, long Epoch)
{
    /// <summary>Of a snapshot: the last given place in the order of time.</summary>
    public (long Date, int Rank) Place { get; init; }

    /// <summary>Of changes: the last given place in the order of discovery.</summary>
    public ModelStamp Learned { get; init; }

    /// <summary>The last stamp when the walk began; null before its first days were read.</summary>
    public ModelStamp? AsOf { get; init; }

    /// <summary>What first readings bring from before it is no news.</summary>
    public long Moment { get; init; }

    /// <summary>Whether the walk goes on from another epoch.</summary>
    public bool IsResumed { get; init; }

    /// <summary>The first day that the walk has not seen read past its end.</summary>
    public long Covered { get; init; }

    /// <summary>What is dated before it and was known has been given.</summary>
    public long Floor { get; init; }

    /// <summary>Moves on in the order of time.</summary>
    public ModelPlace MovedTo((long Date, int Rank) place) => place.CompareTo(Place) > 0 ? this with { Place = place } : this;

    /// <summary>Moves on in the order of discovery.</summary>
    public ModelPlace MovedTo(ModelStamp learned) => learned > Learned ? this with { Learned = learned } : this;

    /// <summary>
    /// The moment of a walk is derived and not taken from a clock, so that equal requests give equal bytes: it is when the last stamp was
    /// given, or when a day of the snapshot that was not over was read, whichever is earliest. What arrived after that reading is a change.
    /// </summary>
    public ModelPlace SeenUntil(long moment) => IsResumed || moment > Moment ? this : this with { Moment = moment };
}
