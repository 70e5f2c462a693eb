using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Receivers;

/// <summary>
/// Makes a history with webhooks from a seed. It has no readers, whose promises other worlds hold, and it is short, because webhooks ask WEBSMS around
/// the clock.
/// </summary>
internal sealed class ReceiverPlan : HistoryPlan
{
    private static readonly (string Zone, string Start)[] Starts =
    [
        ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T20:50:00Z"),
        ("Europe/Berlin", "2026-10-25T00:50:00Z"),
    ];

    private readonly bool isLong;
    private readonly bool hasReceiverFaults;
    private readonly bool hasKills;
    private readonly bool hasFreezes;
    private readonly bool hasStoreFaults;
    private readonly bool hasWebsmsFaults;
    private readonly bool hasOrders;

    private ReceiverPlan(int seed)
        : base(new Random((seed * 65_537) + 19))
    {
        (hasReceiverFaults, hasKills, hasFreezes) = (Chance(.7), Chance(.4), Chance(.3));
        (hasStoreFaults, hasWebsmsFaults, hasOrders) = (Chance(.35), Chance(.25), Chance(.3));
        isLong = Chance(.15);
        var hasStore = Chance(.85);
        var (zone, start) = Pick(Starts);
        var numbers = Random.Next(1, 4);
        Setting = new WorldSetting
        {
            Seed = seed,
            Zone = zone,
            Start = DateTimeOffset.Parse(start).AddMilliseconds(Random.Next(60_000)),
            Freshness = TimeSpan.FromSeconds(Pick([2, 5, 5, 10])),
            Numbers = numbers,
            Skews = [.. Enumerable.Range(0, hasStore ? Random.Next(1, 4) : 1).Select(_ => Chance(.3) ? Seconds(-5, 5) : TimeSpan.Zero)],
            HasStore = hasStore,
            Latency = TimeSpan.FromMilliseconds(Pick([5, 50, 200])),
            Retries = Random.Next(2),
            Receivers = new ReceiversSetting
            {
                ParkAfter = Chance(.5) ? Seconds(60, 600) : TimeSpan.FromDays(3),
                Timeout = TimeSpan.FromSeconds(Pick([2, 15])),
                Receivers =
                [
                    .. Enumerable.Range(0, Random.Next(1, 4)).Select(_ => new ReceiverSetting(
                        Chance(.3) ? Random.Next(numbers) : -1, Chance(.15) ? "alpha" : null, TimeSpan.FromMilliseconds(Pick([2, 20, 150])),
                        Chance(.3) ? Random.Next(4, 12) : 0)),
                ],
            },
        };
    }

    protected override WorldSetting Setting { get; }

    public static History Of(int seed)
    {
        var plan = new ReceiverPlan(seed);
        return plan.Make(plan.Random.Next(12, 40));
    }

    protected override void Step()
    {
        At += Gap();
        if (Chance(.5))
        {
            Receive();
        }

        if (hasReceiverFaults && Chance(.3))
        {
            var span = Seconds(1, isLong && Chance(.3) ? 900 : 40);
            Add(Pick([What.FailReceiver, What.FailReceiver, What.LoseReceiver, What.HangReceiver]), happening =>
                happening with { Who = Random.Next(3), Span = span, Part = Random.Next(4), Late = Seconds(0, 30) });
        }

        if (hasReceiverFaults && Chance(.01))
        {
            Add(What.EndReceiver, happening => happening with { Who = Random.Next(3) });
        }

        if (hasKills && Chance(.25))
        {
            Interrupt(What.KillAfterAnswer, What.Kill, Seconds(0, 20));
        }

        if (hasFreezes && Chance(.25))
        {
            Interrupt(What.FreezeAfterAnswer, What.Freeze, Seconds(1, 40));
        }

        if (hasStoreFaults && Setting.HasStore && Chance(.2))
        {
            var what = Pick([What.LoseStore, What.FlushStore, What.FlushStore, What.FailOverStore, What.SlowStore, What.LoseNotices]);
            Add(what, happening => happening with { Span = Seconds(1, 30), Late = TimeSpan.FromMilliseconds(Random.Next(10, 400)) });
        }

        if (hasWebsmsFaults && Chance(.1))
        {
            Add(Pick([What.Hang, What.Fail, What.Slow]), happening => happening with { Span = Seconds(1, 60), Late = Seconds(1, 5) });
        }

        if (hasOrders && Chance(.1))
        {
            Add(Pick([What.Pause, What.Replay]), happening =>
                happening with { Who = Random.Next(3), Span = Seconds(1, 60), Count = Random.Next(1, 20), Part = Random.Next(3) });
        }
    }

    private void Receive()
    {
        var count = Chance(.2) ? Random.Next(3, 40) : 1;
        var late = Chance(.15) ? Seconds(1, 120) : TimeSpan.Zero;
        Add(What.Receive, happening => happening with
        {
            Who = Random.Next(Setting.Numbers),
            Count = count,
            Late = late,
            Part = late == default ? 0 : Random.Next(1, count + 1),
        });
    }

    /// <summary>Stops a process: the one that has an answer and has not saved it yet, or any.</summary>
    private void Interrupt(What afterAnswer, What anywhere, TimeSpan span) => Add(Chance(.7) ? afterAnswer : anywhere, happening =>
        happening with { Who = Random.Next(3), Span = span, Late = TimeSpan.FromMilliseconds(Pick([0, 1, 10, 11, 75, 76, Random.Next(200)])) });

    private TimeSpan Gap() => Random.Next(20) switch
    {
        < 6 => TimeSpan.FromMilliseconds(Random.Next(1000)),
        < 14 => Seconds(0, 10),
        < 19 => Seconds(0, isLong ? 120 : 30),
        _ => Seconds(0, isLong ? 900 : 120),
    };
}
