namespace WebSmsGateway.Simulation.Worlds;

/// <summary>The clocks of a world, which somebody may put on or back, and the processes that stand still for a while.</summary>
internal sealed class WorldClocks(World world)
{
    private readonly List<(TimeSpan At, TimeSpan Ahead)> websms = [(TimeSpan.MinValue, world.Setting.Ahead)];
    private readonly List<(ReplicaRun Run, TimeSpan From, TimeSpan Until)> freezes = [];

    /// <summary>How far the clock of each replica is ahead of the true time. A process that starts again has the clock of its machine.</summary>
    public TimeSpan[] Ahead { get; } = [.. world.Setting.Skews];

    /// <summary>When a clock was last put on or back.</summary>
    public TimeSpan SteppedAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>How far the clock of WEBSMS was ahead at a moment.</summary>
    public TimeSpan AheadOfWebsmsAt(TimeSpan moment) => websms.FindLast(step => step.At <= moment).Ahead;

    /// <summary>
    /// The latest moment that a process may take for the clock of WEBSMS: what it showed before it was put back, and, until an answer shows how
    /// another clock was put on or back, up to two minutes more.
    /// </summary>
    public DateTimeOffset MomentAt(ReplicaRun run)
    {
        var isShown = SteppedAt == TimeSpan.MinValue || world.Coverage.Exists(answer => answer.Run == run && answer.AskedAt > SteppedAt);
        var latest = isShown ? world.Websms.Now : world.Websms.Now + TimeSpan.FromMinutes(2);
        for (var i = 1; i < websms.Count; i++)
        {
            var before = world.Time.Start + websms[i].At + websms[i - 1].Ahead;
            latest = before > latest ? before : latest;
        }

        return latest;
    }

    /// <summary>Whether a message has a date that the clock of WEBSMS had shown before it was put back.</summary>
    public bool ComesTwice(Sms sms) => websms.Count > 1 && websms.Zip(websms.Skip(1)).Any(steps =>
        steps.Second.At <= sms.Copies[0].ReceivedAt && sms.Dated <= world.Time.Start + steps.Second.At + steps.First.Ahead);

    public void Step(Happening happening)
    {
        switch (happening.What)
        {
            case What.Freeze:
                Freeze(world.Replicas[happening.Who % Ahead.Length], happening.Span);
                return;
            case What.StepStoreClock when world.Store is { } store:
                store.Ahead += happening.Late;
                break;
            case What.StepWebsmsClock:
                world.Websms.Ahead += happening.Late;
                websms.Add((happening.At, world.Websms.Ahead));
                break;
            case What.StepClock:
                var index = happening.Who % Ahead.Length;
                Ahead[index] += happening.Late;
                world.Replicas[index].Clock.Ahead = Ahead[index];
                break;
        }

        // Ages are told by these clocks, so for a while nothing can be said about them.
        SteppedAt = happening.At;
        world.Websms.Faults.Disturb(happening.At);
    }

    /// <summary>Stops a process for a while. What it does afterwards, it does as if no time had passed.</summary>
    private void Freeze(ReplicaRun run, TimeSpan span)
    {
        var until = world.Time.Elapsed + span;
        run.Clock.FrozenUntil = until > run.Clock.FrozenUntil ? until : run.Clock.FrozenUntil;
        freezes.Add((run, world.Time.Elapsed, until));
        world.Websms.Faults.Disturb(until);
        world.Tell($"{run} is frozen for {span:c}");
    }

    /// <summary>Whether a process stood still at any time since a moment.</summary>
    public bool WasFrozen(ReplicaRun run, TimeSpan since) => freezes.Exists(freeze => freeze.Run == run && freeze.Until > since);

    /// <summary>Waits until a process no longer stands still. A request to it waits as long.</summary>
    public async Task AwakeAsync(ReplicaRun run)
    {
        while (run.Clock.FrozenUntil > world.Time.Elapsed)
        {
            await world.Time.DelayAsync(run.Clock.FrozenUntil - world.Time.Elapsed);
        }
    }
}
