namespace WebSmsGateway.Simulation.Worlds;

/// <summary>
/// Makes the history of a rough world from a seed: clocks that are put on and back, records that cannot be read, a store that lets values go or
/// loses writes, processes that stand still, and readers that move to another process with nearly each request. Most of it happens within minutes,
/// so that several faults meet.
/// </summary>
internal sealed partial class RoughPlan
{
    private static readonly (string Zone, string Start)[] Starts =
    [
        ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T09:00:00Z"), ("Europe/Moscow", "2026-03-14T20:55:00Z"),
        ("Europe/Berlin", "2026-10-25T00:50:00Z"),
    ];

    private readonly Random random;
    private readonly WorldSetting setting;
    private readonly List<Happening> happenings = [];

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
    private TimeSpan at;
    private int readers;

    private RoughPlan(int seed)
    {
        random = new Random((seed * 65_537) + 23);
        isLong = Chance(.2);
        (hasSteps, hasGarbled, hasStoreFaults) = (Chance(.45), Chance(.3), Chance(.5));
        (hasFreezes, hasKills, hasOutages, hasLateness) = (Chance(.4), Chance(.15), Chance(.2), Chance(.7));
        var (zone, start) = Pick(Starts);
        var isSkewed = Chance(.5);
        setting = new WorldSetting
        {
            Seed = seed,
            Zone = zone,
            Start = DateTimeOffset.Parse(start).AddMilliseconds(random.Next(60_000)),
            Freshness = TimeSpan.FromSeconds(Pick([1, 2, 2, 5])),
            IsPerNumber = Chance(.2),
            Numbers = random.Next(1, 3),
            Skews = [.. Enumerable.Range(0, Pick([1, 2, 2, 3])).Select(_ => TimeSpan.FromMilliseconds(isSkewed ? random.Next(-10_000, 10_001) : 0))],
            HasStore = Chance(.85),
            StoreAhead = TimeSpan.FromSeconds(isSkewed ? random.Next(-5, 6) : 0),
            Ahead = Chance(.3) ? TimeSpan.FromSeconds(Pick([-300, -40, -3, 3, 40, 300])) : TimeSpan.Zero,
            Latency = TimeSpan.FromMilliseconds(Pick([5, 50, 200, 900])),
            Retries = random.Next(2),
            IsNewestFirst = Chance(.3),
        };
    }

    public static History Of(int seed)
    {
        var plan = new RoughPlan(seed);
        for (var left = plan.random.Next(30, 110); left > 0; left--)
        {
            plan.Step();
        }

        return new History(plan.setting, [.. plan.happenings.OrderBy(happening => happening.At)]);
    }

    private void Step()
    {
        at += Gap();
        switch (random.Next(100))
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
                Add(what, happening => happening with { Who = random.Next(readers), Span = span, Part = Replica() });
                break;
            case < 81:
                Add(What.Look, happening => happening with { Count = random.Next(1, 4), Part = Replica() });
                break;
            default:
                Fault();
                break;
        }
    }

    private void Receive()
    {
        var late = !hasLateness || Chance(.6) ? TimeSpan.Zero : random.Next(isLong ? 6 : 4) switch
        {
            < 3 => Seconds(1, 20),
            3 => Seconds(20, 180),
            4 => Seconds(180, 3600),
            _ => TimeSpan.FromHours(random.Next(1, 40)),
        };
        var count = Chance(.1) ? random.Next(2, 12) : 1;
        Add(What.Receive, happening => happening with
        {
            Who = random.Next(setting.Numbers),
            Count = count,
            Part = late == default ? 0 : random.Next(1, count + 1),
            Late = late,
        });
    }

    private void Begin()
    {
        readers++;
        var kind = random.Next(12);
        var now = DateTimeOffset.FromUnixTimeSeconds((setting.Start + at).ToUnixTimeSeconds());
        Add(What.Begin, happening => happening with
        {
            Who = Replica(),
            Ask = new Ask(
                IsAscending: kind < 11,
                From: kind is < 4 or 11 ? null : now - TimeSpan.FromSeconds(75 + random.Next(isLong ? 2 * 86_400 : 3_600)),
                IsFromNow: kind < 4,
                Limit: Pick([1, 2, 7, 100]),
                Number: Chance(.3) ? random.Next(setting.Numbers) : -1,
                Contains: null),
        });
    }

    /// <summary>A reader reads at one process, and often at another one right after that.</summary>
    private void Read()
    {
        var reader = random.Next(readers);
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            Add(What.Read, happening => happening with { Who = reader, Count = Pick([1, 1, 3]), Part = Replica() });
            at += TimeSpan.FromMilliseconds(random.Next(20, 2_500));
        }
    }

    private TimeSpan Gap() => random.Next(20) switch
    {
        < 9 => TimeSpan.FromMilliseconds(random.Next(1000)),
        < 16 => Seconds(0, 5),
        < 19 => Seconds(0, isLong ? 600 : 40),
        _ => Seconds(0, isLong ? 20_000 : 300),
    };

    private int Replica() => random.Next(setting.Skews.Count);

    private bool Chance(double share) => random.NextDouble() < share;

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private TimeSpan Seconds(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least * 1000, (most * 1000) + 1));

    private void Add(What what, Func<Happening, Happening> describe) => happenings.Add(describe(new Happening(at, what)));
}
