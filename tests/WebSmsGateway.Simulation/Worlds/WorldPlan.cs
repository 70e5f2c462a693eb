namespace WebSmsGateway.Simulation.Worlds;

/// <summary>
/// Makes a history from a seed. Each world has some kinds of faults only, because worlds with all of them hide what one of them alone
/// would show.
/// </summary>
internal sealed class WorldPlan : HistoryPlan
{
    private static readonly (string Zone, string Start)[] Starts =
    [
        ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T20:50:00Z"), ("Europe/Moscow", "2025-12-31T20:40:00Z"),
        ("Europe/Moscow", "2014-10-25T20:55:00Z"), ("Europe/Moscow", "2014-10-25T21:50:00Z"), ("Europe/Moscow", "2014-10-25T22:50:00Z"),
        ("Europe/Berlin", "2026-03-28T22:50:00Z"), ("Europe/Berlin", "2026-03-29T00:50:00Z"),
        ("Europe/Berlin", "2026-10-24T21:50:00Z"), ("Europe/Berlin", "2026-10-25T00:20:00Z"), ("Europe/Berlin", "2026-10-25T00:50:00Z"),
    ];

    private readonly bool isLong;
    private readonly bool hasLateness;
    private readonly bool hasForgetting;
    private readonly bool hasStrays;
    private readonly bool hasOutages;
    private readonly bool hasBadDays;
    private readonly bool hasBursts;
    private readonly bool hasEquals;
    private readonly bool hasKills;
    private readonly bool hasStoreFaults;
    private readonly bool hasWatchers;
    private readonly bool hasHugeBurst;
    private int readers;
    private bool isHugeBurstOver;

    private WorldPlan(int seed)
        : base(new Random(seed))
    {
        isLong = Chance(.5);
        (hasLateness, hasForgetting, hasStrays, hasOutages, hasBadDays) = (Chance(.6), Chance(.25), Chance(.2), Chance(.4), Chance(.3));
        (hasBursts, hasEquals, hasKills, hasStoreFaults) = (Chance(.2), Chance(.2), Chance(.25), Chance(.3));
        hasHugeBurst = Chance(.02);
        hasWatchers = Chance(.5) && !hasHugeBurst;
        var (zone, start) = Pick(Starts);
        var replicas = Chance(.5) ? 1 : Random.Next(2, 5);
        var isSkewed = Chance(.3);
        Setting = new WorldSetting
        {
            Seed = seed,
            Zone = zone,
            Start = DateTimeOffset.Parse(start).AddMilliseconds(Random.Next(60_000)),
            Freshness = TimeSpan.FromSeconds(Pick([1, 2, 4, 5, 5, 30])),
            IsPerNumber = Chance(.4),
            Numbers = Random.Next(1, 4),
            Skews = [.. Enumerable.Range(0, replicas).Select(_ => TimeSpan.FromMilliseconds(isSkewed ? Random.Next(-10_000, 10_001) : 0))],
            HasStore = Chance(.6),
            StoreAhead = TimeSpan.FromSeconds(isSkewed ? 1.5 : 0),
            Ahead = Chance(.3) ? TimeSpan.FromSeconds(Pick([-300, -40, -3, 3, 40, 300])) : TimeSpan.Zero,
            Latency = TimeSpan.FromMilliseconds(Pick([5, 50, 200, 200, 900])),
            Retries = Random.Next(3),
            IsNewestFirst = Chance(.3),
            IsListedAsReported = Chance(.15),
        };

        // A chance of its own leaves all else in a world as it is. What memory lets go while the store fails is lost, and not promised.
        var memory = new Random(seed ^ 0x5EED);
        if (Setting.HasStore && !hasStoreFaults && memory.Next(4) == 0)
        {
            Setting = Setting with { MemoryKilobytes = memory.Next(1, 12) };
        }
    }

    protected override WorldSetting Setting { get; }

    public static History Of(int seed)
    {
        var plan = new WorldPlan(seed);
        return plan.Make(plan.Random.Next(20, 100));
    }

    /// <summary>Answers that break off. They have a chance of their own, so that they leave all else in a world as it is.</summary>
    protected override IEnumerable<Happening> Besides()
    {
        var chance = new Random(~Setting.Seed);
        if (chance.Next(8) > 0)
        {
            yield break;
        }

        for (var left = chance.Next(1, 8); left > 0; left--)
        {
            var isShort = chance.Next(3) > 0;
            yield return new Happening(At * chance.NextDouble(), What.Cut)
            {
                Count = isShort ? chance.Next(1, 6) : 0,
                Part = chance.Next(4),
                Span = isShort ? TimeSpan.Zero : TimeSpan.FromSeconds(chance.Next(5, isLong ? 3600 : 120)),
            };
        }
    }

    protected override void Step()
    {
        At += Gap();
        switch (Random.Next(100))
        {
            case < 34:
                Receive();
                break;
            case < 44:
                Begin();
                break;
            case < 70 when readers > 0:
                Add(What.Read, happening => happening with { Who = Random.Next(readers), Count = Pick([1, 1, 2, 60]), Part = Replica() });
                break;
            case < 78 when readers > 0 && hasWatchers:
                Watch();
                break;
            case < 84:
                Add(What.Look, happening => happening with { Count = Random.Next(1, 6), Part = Replica() });
                break;
            default:
                Fault();
                break;
        }
    }

    private void Receive()
    {
        var late = hasLateness && Chance(.4) ? Lateness() : TimeSpan.Zero;
        var number = Random.Next(Setting.Numbers);
        if (hasEquals && Chance(.3))
        {
            Add(What.ReceiveEqual, happening => happening with { Who = number, Count = Random.Next(2, 4), Late = late });
        }
        else if ((hasBursts && Chance(.25)) || (hasHugeBurst && !isHugeBurstOver && readers > 0))
        {
            var isHuge = hasHugeBurst && !isHugeBurstOver && readers > 0;
            isHugeBurstOver |= isHuge;
            var count = isHuge ? Random.Next(520, 700) : Random.Next(3, 30);
            late = late == default ? Seconds(0, 20) : late;
            Add(What.Receive, happening => happening with { Who = number, Count = count, Part = Random.Next(count), Late = late });
        }
        else if (hasLateness && Chance(.05))
        {
            Add(What.ReceiveDatedAhead, happening => happening with { Who = number, Late = Seconds(1, 600) });
        }
        else
        {
            Add(What.Receive, happening => happening with { Who = number, Count = 1, Part = late == default ? 0 : 1, Late = late });
        }
    }

    private TimeSpan Lateness() => Random.Next(isLong ? 8 : 4) switch
    {
        0 => Seconds(1, 10),
        1 => Seconds(10, 110),
        2 => Seconds(110, 600),
        3 => Seconds(600, 3600),
        4 => TimeSpan.FromHours(Random.Next(1, 24)),
        5 => TimeSpan.FromHours(Random.Next(20, 30)),
        _ => TimeSpan.FromHours(Random.Next(24, 140)),
    };

    private void Begin()
    {
        readers++;
        var kind = Random.Next(10);
        var now = DateTimeOffset.FromUnixTimeSeconds((Setting.Start + At).ToUnixTimeSeconds());
        var ask = new Ask(
            IsAscending: kind < 9,
            From: kind is < 3 or 9 ? null : now - TimeSpan.FromSeconds(11 + Random.Next(isLong ? 5 * 86_400 : 7_200)),
            IsFromNow: kind < 3,
            Limit: hasHugeBurst ? Pick([7, 100, 1000]) : Pick([1, 2, 7, 7, 100, 1000]),
            Number: Chance(.5) ? Random.Next(Setting.Numbers) : -1,
            Contains: Chance(.1) ? "alpha" : null);
        Add(What.Begin, happening => happening with { Who = Replica(), Ask = ask });
    }

    private void Watch()
    {
        var span = TimeSpan.FromSeconds(Math.Min(60, Setting.Freshness.TotalSeconds * Random.Next(1, 20)));
        var what = Chance(.5) ? What.Wait : What.Stream;
        Add(what, happening => happening with { Who = Random.Next(readers), Span = span, Part = Replica() });
    }

    private void Fault()
    {
        if (hasForgetting && Chance(.5))
        {
            var isShort = Chance(.8);
            var span = isShort ? default : Seconds(10, 300);
            Add(What.Forget, happening => happening with { Count = isShort ? 1 : 0, Part = Random.Next(4), Span = span });
        }

        if (hasStrays && Chance(.5))
        {
            Add(What.Stray, happening => happening with { Count = Random.Next(1, 3), Part = Random.Next(2) });
        }

        if (hasOutages && Chance(.4))
        {
            var span = Seconds(1, isLong ? 900 : 60);
            Add(Pick([What.Hang, What.Fail, What.Slow]), happening => happening with { Span = span, Late = Seconds(1, 9) });
        }

        if (hasBadDays && Chance(.5))
        {
            var span = isLong ? Seconds(60, 40_000) : Seconds(5, 600);
            Add(What.FailDay, happening => happening with { Count = Random.Next(isLong ? 4 : 2), Span = span });
        }

        if (hasKills && Chance(.3))
        {
            Add(What.Kill, happening => happening with { Who = Replica(), Span = Seconds(0, 20) });
        }

        if (hasStoreFaults && Setting.HasStore && Chance(.5))
        {
            var what = Pick([What.LoseStore, What.FlushStore, What.FailOverStore, What.ReplayStore, What.SlowStore, What.LoseNotices]);
            Add(what, happening => happening with { Span = Seconds(1, 60), Late = TimeSpan.FromMilliseconds(Random.Next(10, 400)) });
        }
    }

    private TimeSpan Gap() => Random.Next(10) switch
    {
        < 3 => TimeSpan.FromMilliseconds(Random.Next(1000)),
        < 6 => Seconds(0, 1 + (int)(2 * Setting.Freshness.TotalSeconds)),
        < 9 => Seconds(0, isLong ? 3600 : 30),
        _ => Seconds(0, isLong ? 43_200 : 300),
    };
}
