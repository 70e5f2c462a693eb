namespace WebSmsGateway.Simulation.Worlds;

/// <summary>
/// Makes the history of a rough world from a seed: clocks that are put on and back, records that cannot be read, a store that lets values go or
/// loses writes, processes that stand still, and readers that move to another process with nearly each request. Most of it happens within minutes,
/// so that several faults meet.
/// </summary>
internal sealed partial class RoughPlan : HistoryPlan
{
    private static readonly (string Zone, string Start)[] Starts =
    [
        ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T20:55:00Z"),
        ("Europe/Berlin", "2026-10-25T00:50:00Z"),
    ];


    // How far each clock is off after the steps so far. No clock is ever more than a minute off by them.
    private readonly Dictionary<(What What, int Who), TimeSpan> off = [];
    private readonly bool isLong;
    private readonly bool hasSteps;
    private readonly bool hasGarbled;
    private readonly bool hasStoreFaults;
    private readonly bool hasFreezes;
    private readonly bool hasKills;
    private readonly bool hasOutages;
    private readonly bool hasLateness;
    private int readers;

    private RoughPlan(int seed)
        : base(new Random((seed * 65_537) + 23))
    {
        isLong = Chance(.2);
        (hasSteps, hasGarbled, hasStoreFaults) = (Chance(.45), Chance(.3), Chance(.5));
        (hasFreezes, hasKills, hasOutages, hasLateness) = (Chance(.4), Chance(.15), Chance(.2), Chance(.7));
        var (zone, start) = Pick(Starts);
        var isSkewed = Chance(.5);
        Setting = new WorldSetting
        {
            Seed = seed,
            Zone = zone,
            Start = DateTimeOffset.Parse(start).AddMilliseconds(Random.Next(60_000)),
            Freshness = TimeSpan.FromSeconds(Pick([1, 2, 2, 5])),
            IsPerNumber = Chance(.2),
            Numbers = Random.Next(1, 3),
            Skews = [.. Enumerable.Range(0, Pick([1, 2, 2, 3])).Select(_ => TimeSpan.FromMilliseconds(isSkewed ? Random.Next(-10_000, 10_001) : 0))],
            HasStore = Chance(.85),
            StoreAhead = TimeSpan.FromSeconds(isSkewed ? Random.Next(-5, 6) : 0),
            Ahead = Chance(.3) ? TimeSpan.FromSeconds(Pick([-300, -40, -3, 3, 40, 300])) : TimeSpan.Zero,
            Latency = TimeSpan.FromMilliseconds(Pick([5, 50, 200, 900])),
            Retries = Random.Next(2),
            IsNewestFirst = Chance(.3),
        };
    }

    protected override WorldSetting Setting { get; }

    public static History Of(int seed)
    {
        var plan = new RoughPlan(seed);
        return plan.Make(plan.Random.Next(30, 110));
    }

    protected override void Step()
    {
        At += Gap();
        switch (Random.Next(100))
        {
            case < 35:
                Receive();
                break;
            case < 42:
                Begin();
                break;
            case < 72 when readers > 0:
                Read();
                break;
            case < 77 when readers > 0:
                var what = Chance(.5) ? What.Wait : What.Stream;
                var span = Seconds(1, 30);
                Add(what, happening => happening with { Who = Random.Next(readers), Span = span, Part = Replica() });
                break;
            case < 81:
                Add(What.Look, happening => happening with { Count = Random.Next(1, 4), Part = Replica() });
                break;
            default:
                Fault();
                break;
        }
    }

    private void Receive()
    {
        var late = !hasLateness || Chance(.6) ? TimeSpan.Zero : Random.Next(isLong ? 6 : 4) switch
        {
            < 3 => Seconds(1, 20),
            3 => Seconds(20, 180),
            4 => Seconds(180, 3600),
            _ => TimeSpan.FromHours(Random.Next(1, 40)),
        };
        var count = Chance(.1) ? Random.Next(2, 12) : 1;
        Add(What.Receive, happening => happening with
        {
            Who = Random.Next(Setting.Numbers),
            Count = count,
            Part = late == default ? 0 : Random.Next(1, count + 1),
            Late = late,
        });
    }

    private void Begin()
    {
        readers++;
        var kind = Random.Next(12);
        var now = DateTimeOffset.FromUnixTimeSeconds((Setting.Start + At).ToUnixTimeSeconds());
        Add(What.Begin, happening => happening with
        {
            Who = Replica(),
            Ask = new Ask(
                IsAscending: kind < 11,
                From: kind is < 4 or 11 ? null : now - TimeSpan.FromSeconds(75 + Random.Next(isLong ? 2 * 86_400 : 3_600)),
                IsFromNow: kind < 4,
                Limit: Pick([1, 2, 7, 100]),
                Number: Chance(.3) ? Random.Next(Setting.Numbers) : -1,
                Contains: null),
        });
    }

    /// <summary>A reader reads at one process, and often at another one right after that.</summary>
    private void Read()
    {
        var reader = Random.Next(readers);
        for (var left = Random.Next(1, 4); left > 0; left--)
        {
            Add(What.Read, happening => happening with { Who = reader, Count = Pick([1, 1, 3]), Part = Replica() });
            At += TimeSpan.FromMilliseconds(Random.Next(20, 2_500));
        }
    }

    private TimeSpan Gap() => Random.Next(20) switch
    {
        < 9 => TimeSpan.FromMilliseconds(Random.Next(1000)),
        < 16 => Seconds(0, 5),
        < 19 => Seconds(0, isLong ? 600 : 40),
        _ => Seconds(0, isLong ? 20_000 : 300),
    };
}
