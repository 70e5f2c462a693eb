using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>Where a message may come twice: around the end or the freeze of its sender, and where a state was lost or could not be saved.</summary>
internal sealed class ReceiverExcuses(World world)
{
    // An attempt that was on its way when the process stopped goes on afterwards.
    private static readonly TimeSpan AroundFreeze = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(1);

    private readonly List<(ReplicaRun Run, TimeSpan From, TimeSpan Until)> freezes = [];

    public void Freeze(ReplicaRun run, TimeSpan from, TimeSpan until) => freezes.Add((run, from, until));

    /// <summary>Whether a state of this time may not have been saved.</summary>
    public bool IsDisturbed(TimeSpan at) => world.Store is { } store && (store.IsDisturbed || at < store.DisturbedUntil + AroundFreeze);

    public bool IsFrozenAround(Arrival arrival) => freezes.Exists(freeze =>
        freeze.Run == arrival.Run && freeze.From - SaveTime <= (arrival.Status is null ? world.Time.Elapsed : arrival.AnsweredAt)
        && arrival.At <= freeze.Until + AroundFreeze);

    public bool MayComeAgain(Arrival taken, Arrival arrival) =>
        taken.Era != arrival.Era || IsDisturbed(taken.At) || IsFrozenAround(taken) || IsFrozenAround(arrival)
        || (taken.Run.KilledAt is { } killed && killed <= taken.AnsweredAt + SaveTime)
        || (world.Store is null && taken.Run != arrival.Run)
        || taken.AnsweredAt - taken.At >= world.Setting.Receivers!.Timeout - SaveTime;

    /// <summary>Whether a message that came without a success may come with another cursor: its sender could not save which one it had.</summary>
    public bool MayDiffer(Arrival before, Arrival arrival) =>
        IsDisturbed(before.At) || IsFrozenAround(before) || IsFrozenAround(arrival) || (world.Store is null && before.Run != arrival.Run);

    /// <summary>Whether a message was reported late, so that it cannot be told from what was given before in another epoch.</summary>
    public bool IsLateInAnotherEpoch(SmsCopy copy) =>
        !copy.IsPrompt && (world.Store is { } store ? store.Losses > 0 : world.Runs.Count > 1);
}
