namespace WebSmsGateway.Simulation.Worlds;

/// <summary>The faults of rough worlds.</summary>
internal sealed partial class RoughPlan
{
    private void Fault()
    {
        if (hasSteps && Chance(.6))
        {
            StepClock(Pick([What.StepClock, What.StepClock, What.StepStoreClock, What.StepWebsmsClock]));
        }

        if (hasGarbled && Chance(.6))
        {
            var isShort = Chance(.6);
            var span = isShort ? TimeSpan.Zero : Seconds(5, isLong ? 1800 : 180);
            Add(What.Garble, happening => happening with { Count = isShort ? Random.Next(1, 4) : 0, Part = Random.Next(6), Span = span });
        }

        if (hasStoreFaults && Setting.HasStore && Chance(.7))
        {
            LoseFromStore();
        }

        if (hasFreezes && Chance(.6))
        {
            if (readers > 0 && Chance(.7))
            {
                Cross();
            }
            else
            {
                Add(What.Freeze, happening => happening with { Who = Replica(), Span = Seconds(2, 12) });
            }
        }

        if (hasKills && Chance(.3))
        {
            Add(What.Kill, happening => happening with { Who = Replica(), Span = Seconds(0, 10) });
        }

        if (hasOutages && Chance(.3))
        {
            Add(Pick([What.Hang, What.Fail]), happening => happening with { Span = Seconds(1, 40) });
        }
    }

    /// <summary>A process stands still between its question and the answer. Others ask again meanwhile, and their answers come first.</summary>
    private void Cross()
    {
        var (reader, frozen, until) = (Random.Next(readers), Replica(), At + Seconds(4, 12));
        Add(What.Slow, happening => happening with { Span = Seconds(1, 2), Late = Seconds(1, 3) });
        Add(What.Read, happening => happening with { Who = Random.Next(readers), Count = 1, Part = frozen });
        At += TimeSpan.FromMilliseconds(Random.Next(20, 700));
        var span = until - At;
        Add(What.Freeze, happening => happening with { Who = frozen, Span = span });
        while (At < until)
        {
            At += TimeSpan.FromMilliseconds(Random.Next(500, 3_000));
            Add(What.Read, happening => happening with { Who = reader, Count = 1, Part = Replica() });
        }

        At += Seconds(1, 3);
        if (Chance(.7))
        {
            Add(What.Hang, happening => happening with { Span = Seconds(5, 9) });
        }

        At += Seconds(2, 4);
        Add(What.Read, happening => happening with { Who = reader, Count = 1, Part = Chance(.7) ? frozen : Replica() });
    }

    /// <summary>A store that fails over has another clock afterwards, because it is another machine.</summary>
    private void LoseFromStore()
    {
        if (readers > 0 && Setting.Skews.Count > 1 && Chance(.5))
        {
            LoseWrites();
            return;
        }

        var what = Pick([What.FailOverStore, What.FailOverStore, What.FailOverStore, What.ReplayStore, What.EvictStore, What.FlushStore, What.LoseStore, What.LoseNotices]);
        Add(what, happening => happening with { Span = Seconds(1, 15), Part = what == What.EvictStore ? Random.Next(3) : 0 });
        if (what == What.FailOverStore && hasSteps && Chance(.5))
        {
            StepClock(What.StepStoreClock);
        }
    }

    /// <summary>A process gives what the store loses a moment later, and another one goes on from the earlier state.</summary>
    private void LoseWrites()
    {
        var (reader, knows, lacks) = (Random.Next(readers), Replica(), Replica());
        Receive();
        At += TimeSpan.FromMilliseconds(Random.Next(50, 2_000));
        Add(What.Read, happening => happening with { Who = reader, Count = 1, Part = knows });
        At += TimeSpan.FromMilliseconds(Random.Next(300, 2_000));
        Add(What.FailOverStore, happening => happening with { Span = Seconds(1, 5) });
        if (hasSteps && Chance(.7))
        {
            StepClock(What.StepStoreClock);
        }

        for (var left = Random.Next(2, 6); left > 0; left--)
        {
            Receive();
            At += TimeSpan.FromMilliseconds(Random.Next(50, 2_000));
            Add(What.Read, happening => happening with { Who = Random.Next(readers), Count = 1, Part = Chance(.5) ? lacks : knows });
            At += TimeSpan.FromMilliseconds(Random.Next(50, 2_000));
        }

        Add(What.Read, happening => happening with { Who = reader, Count = 1, Part = lacks });
    }

    private void StepClock(What what)
    {
        var who = what == What.StepClock ? Replica() : 0;
        var next = (Chance(.5) ? 1 : -1) * (Chance(.6) ? Seconds(0, 5) : Seconds(5, 60));
        var step = next - off.GetValueOrDefault((what, who));
        off[(what, who)] = next;
        Add(what, happening => happening with { Who = who, Late = step });
    }
}
