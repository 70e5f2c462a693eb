namespace WebSmsGateway.Simulation.Rules;

internal enum ModelState
{
    Now,
    Snapshot,
    Changes,
}

/// <summary>What becomes of a walk whose epoch was lost.</summary>
internal sealed partial class FollowerModel
{
    /// <summary>
    /// Goes on by time: from its place in a snapshot, else from some time before its floor, with moment and as-of anew, both of them.
    /// </summary>
    private void LoseEpoch()
    {
        Epoch = archive.Epoch;
        if (State == ModelState.Now)
        {
            // Only the date can tell what is new.
            asOf = new ModelStamp(-1, 0);
            return;
        }

        var begin = State == ModelState.Snapshot && Floor >= placeInTime.Date ? placeInTime.Date : Floor - overlap;
        Cuts.Add((begin, [.. Backlog]));
        if (State == ModelState.Changes || begin < placeInTime.Date)
        {
            Again.UnionWith(Given.Where(message => archive.DateOf(message) >= begin));
            placeInTime = (begin - 1, int.MaxValue);
        }

        (State, Covered, Moment, asOf) = (ModelState.Snapshot, Math.Min(Covered, begin / archive.DayLength), null, null);
    }
}
