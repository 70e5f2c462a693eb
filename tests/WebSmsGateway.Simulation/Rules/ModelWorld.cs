namespace WebSmsGateway.Simulation.Rules;

/// <summary>
/// A small world for the model of followers: messages that are reported at once or late, days that cannot be read for a while, clocks
/// that differ, and memory that is lost. A day has 1,000 ticks here.
/// </summary>
internal sealed class ModelWorld : IModelArchive
{
    private const long Day = 1000;
    private const long Settle = 50;
    private const long Fresh = 5;
    private static readonly long[] RecheckAges = [50, 200, 1000, 3000, 7000];

    private readonly Random random;
    private readonly long ahead;
    private readonly List<(long Date, long Reported)> messages = [];
    private readonly Dictionary<long, ModelRecord> days = [];
    private readonly HashSet<long> bad = [];
    private readonly List<FollowerModel> walks = [];

    private ModelWorld(int seed)
    {
        random = new Random(seed);
        Now = (10 * Day) + random.NextInt64(Day);
        ahead = Pick([0, 0, -300, -40, 40, 300]);
    }

    public long DayLength => Day;

    public long Overlap => 120;

    public long AnsweredWithin => Fresh + 2;

    public long Now { get; private set; }

    public long WebsmsNow => Now + ahead;

    public long Last { get; private set; }

    public long Epoch { get; private set; }

    public IReadOnlyDictionary<long, ModelRecord> Days => days;

    public long DateOf(int message) => messages[message].Date;

    // Many readings within a tick give stamps that run ahead of the clock.
    public long DateOfStamp(long stamp) => Math.Min(stamp, Now) + ahead;

    public long StampAt(long date) => date - ahead;

    public bool Read(long day)
    {
        if (!IsDue(day))
        {
            return true;
        }

        if (bad.Contains(day))
        {
            return days.ContainsKey(day);
        }

        var record = days.TryGetValue(day, out var known) ? known : days[day] = new ModelRecord();
        Last = Math.Max(Now, Last + 1);
        for (var message = 0; message < messages.Count; message++)
        {
            if (messages[message].Date / Day == day && messages[message].Reported <= WebsmsNow && !record.Known.ContainsKey(message))
            {
                // First is what the first question after its date brought, and not only what the first reading of its day brought.
                record.Known[message] = new ModelMessage(
                    new ModelStamp(Last, record.Known.Count), message, IsFirst: messages[message].Date >= record.AskedAt);
            }
        }

        record.AskedAt = WebsmsNow;
        return true;
    }

    /// <summary>Plays a world.</summary>
    /// <returns>The promises that were broken.</returns>
    public static List<string> Play(int seed, bool losesMemory)
    {
        var world = new ModelWorld(seed);
        world.Live(losesMemory);
        world.ComeToRest();
        return [.. world.walks.SelectMany(world.FaultsOf).Select(fault => $"world {seed}: {fault}")];
    }

    private void Live(bool losesMemory)
    {
        for (var i = random.Next(30); i > 0; i--)
        {
            Now += random.Next(200);
            Receive();
        }

        for (var step = random.Next(100, 400); step > 0; step--)
        {
            Now += Pick([0, 1, 1, 2, 5, 20, 100, 300]);
            for (var i = Pick([0, 0, 1, 2]); i > 0; i--)
            {
                Receive();
            }

            var today = WebsmsNow / Day;
            switch (random.NextDouble())
            {
                case < .06:
                    walks.Add(new FollowerModel(
                        this, Math.Max(0, WebsmsNow - random.NextInt64(6 * Day)), random.NextDouble() < .3, (int)Pick([1, 2, 7])));
                    break;
                case < .08:
                    bad.Add(today - random.Next(6));
                    break;
                case < .10:
                    bad.Remove(today - random.Next(6));
                    break;
                case < .115 when losesMemory:
                    days.Clear();
                    (Epoch, Last) = (Epoch + 1, 0);
                    break;
                case < .25:
                    Read(today - random.Next(12));
                    break;
            }

            if (walks.Count > 0 && random.NextDouble() < .8)
            {
                walks[random.Next(walks.Count)].Page();
            }
        }
    }

    private void ComeToRest()
    {
        bad.Clear();
        for (var i = 0; i < 60; i++)
        {
            Now += 200;
            walks.ForEach(walk => walk.Page());
        }

        foreach (var walk in walks)
        {
            for (var pages = 0; pages < 3000 && (walk.Page().Count > 0 || walk.Here.State != ModelState.Changes); pages++)
            {
            }
        }
    }

    private void Receive()
    {
        var late = random.NextDouble() < .6 ? 0 : Pick([1, 5, 60, 300, 1500, 6000]);
        messages.Add((WebsmsNow, WebsmsNow + late));
    }

    private bool IsDue(long day)
    {
        if (!days.TryGetValue(day, out var record))
        {
            return true;
        }

        var end = (day + 1) * Day;
        return record.AskedAt < end + Settle
            ? WebsmsNow - record.AskedAt >= Fresh
            : RecheckAges.Count(age => WebsmsNow >= end + age) > RecheckAges.Count(age => record.AskedAt >= end + age);
    }

    private IEnumerable<string> FaultsOf(FollowerModel walk)
    {
        var twice = walk.Given.GroupBy(message => message).Where(group => group.Count() > 1 && !walk.Again.Contains(group.Key)).ToList();
        if (twice.Count > 0)
        {
            yield return $"given twice: {messages[twice[0].Key]}";
        }

        var owed = Enumerable.Range(0, messages.Count).Where(message =>
            messages[message].Date >= (walk.Start ?? walk.Began + 1)
            && (IsPrompt(message) ? messages[message].Date <= WebsmsNow - (2 * Fresh) : IsShown(message))
            && !walk.Cuts.Exists(cut => messages[message].Date <= cut.Begin + 1 && !IsPrompt(message) && !cut.Backlog.Contains(message)));
        var lost = owed.Except(walk.Given).ToList();
        if (lost.Count > 0)
        {
            yield return $"lost: {messages[lost[0]]}";
        }
    }

    private bool IsShown(int message) => days.Values.Any(record => record.Known.ContainsKey(message));

    private bool IsPrompt(int message) => messages[message].Date == messages[message].Reported;

    private long Pick(long[] values) => values[random.Next(values.Length)];
}
