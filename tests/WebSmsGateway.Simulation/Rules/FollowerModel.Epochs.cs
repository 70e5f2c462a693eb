namespace WebSmsGateway.Simulation.Rules;

/// <summary>What becomes of a walk whose epoch was lost.</summary>
internal sealed partial class FollowerModel
{
    /// <summary>What may be given again after a lost epoch.</summary>
    public HashSet<int> Again { get; } = [];

    /// <summary>Where the walk went on after each lost epoch, and what waited to be given then.</summary>
    public List<(long Begin, HashSet<int> Backlog)> Cuts { get; } = [];

    private HashSet<int> Backlog { get; set; } = [];

    /// <summary>
    /// Goes on by time: from its place in a snapshot, else from some time before its floor, with moment and as-of anew, both of them. The
    /// moment lies right before: what is dated earlier was given, or cannot be told from what was.
    /// </summary>
    private void LoseEpoch()
    {
        Here = Here with { Epoch = archive.Epoch };
        if (Here.State == ModelState.Now)
        {
            // Only the date can tell what is new.
            Here = Here with { AsOf = ModelStamp.EndOf(-1) };
            return;
        }

        if (Here is { State: ModelState.Snapshot, AsOf: null })
        {
            return;
        }

        var isSnapshot = Here.State == ModelState.Snapshot;
        var begin = isSnapshot && Here.Floor >= Here.Place.Date ? Here.Place.Date : Here.Floor - archive.Overlap;
        Cuts.Add((begin, [.. Backlog]));

        // A reading of the new epoch cannot tell what was reported late in this second from what was given.
        Again.UnionWith(Given.Where(message => archive.DateOf(message) >= begin));
        if (!isSnapshot || begin < Here.Place.Date || Here.Place.Rank != int.MaxValue)
        {
            // Within a second the order may be another there, so a second that a page has cut is given again.
            Here = Here with { Place = (begin - 1, int.MaxValue) };
        }

        var next = Math.Max(Start ?? 0, isSnapshot && begin == Here.Place.Date ? begin + 1 : begin);
        Here = Here with
        {
            State = ModelState.Snapshot,
            Learned = default,
            AsOf = null,
            Moment = begin - 1,
            IsResumed = true,
            Covered = Math.Min(Here.Covered, next / archive.DayLength),
        };
    }
}
