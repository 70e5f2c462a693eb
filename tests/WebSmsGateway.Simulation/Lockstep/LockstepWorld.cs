using System.Globalization;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Rules;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Lockstep;

/// <summary>
/// Plays the model of followers and the code against each other on the same history, and compares them after each step: what the archives
/// know, the pages, and the places behind them.
/// </summary>
internal sealed class LockstepWorld : IDisposable
{
    // A reader never asks for more days at once than one question has.
    private const long LongestWorld = 20 * LockstepHistory.Day;

    private readonly LockstepHistory history;
    private readonly AnsweredArchive model;
    private readonly WorldSetting setting;
    private readonly AccountZone zone;
    private readonly List<Reader> readers = [];
    private readonly List<string>? story;
    private Replica code;
    private string? fault;

    private LockstepWorld(int seed, bool withStory)
    {
        story = withStory ? [] : null;
        history = new LockstepHistory(seed);
        model = new AnsweredArchive(history, IsServed);
        setting = new WorldSetting { Seed = seed, Zone = "Europe/Moscow", Start = history.Time.Start, Freshness = TimeSpan.FromSeconds(5) };
        zone = new AccountZone(TimeZoneInfo.FindSystemTimeZoneById(setting.Zone));
        code = Start();
        history.Answered = (from, through, given) => model.Learn(from, through, given, IsTail(from));
    }

    /// <summary>Plays a history.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="losesMemory">Whether the memory is lost now and then.</param>
    /// <returns>The first difference, with what happened before it; null where there is none.</returns>
    public static string? Play(int seed, bool losesMemory) =>
        Play(seed, losesMemory, withStory: false) is null ? null : Play(seed, losesMemory, withStory: true);

    private static string? Play(int seed, bool losesMemory, bool withStory)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            StepRandom.Begin(seed);
            using var world = new LockstepWorld(seed, withStory);
            world.Warm();
            world.Live(losesMemory);
            world.ComeToRest();
            return world.fault is null ? null : $"history {seed}: {world.fault}\n  {string.Join("\n  ", world.story?.TakeLast(30) ?? [])}";
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Dispose() => code.Dispose();

    private void Live(bool losesMemory)
    {
        var random = history.Random;
        for (var step = random.Next(60, 250); step > 0 && fault is null && history.Time.Elapsed.TotalSeconds < LongestWorld; step--)
        {
            Advance(history.Pick([0, 0, 1, 1, 2, 5, 20, 60, 60, 300, 300, 3_600, 20_000, LockstepHistory.Day, 3 * LockstepHistory.Day]));
            for (var i = history.Pick([0, 0, 1, 2, 5]); i > 0; i--)
            {
                history.Receive();
            }

            switch (random.NextDouble())
            {
                case < .08:
                    var isFromNow = random.NextDouble() < .4;
                    readers.Add(new Reader(isFromNow ? null : Math.Min(history.Now, history.WebsmsNow) - random.NextInt64(6 * LockstepHistory.Day), (int)history.Pick([1, 2, 7])));
                    break;
                case < .14:
                    history.Toggle(isDown: random.NextDouble() < .5);
                    break;
                case < .22:
                    history.Hide(isHidden: random.NextDouble() < .5);
                    break;
                case < .24 when losesMemory:
                    story?.Add($"{At} the memory is lost");
                    code.Dispose();
                    model.Forget();
                    code = Start();
                    Warm();
                    break;
                case < .34:
                    Read((history.WebsmsNow / LockstepHistory.Day) - random.Next(12));
                    break;
            }

            for (var pages = readers.Count == 0 ? 0 : history.Pick([0, 1, 1, 2]); pages > 0; pages--)
            {
                Page(readers[random.Next(readers.Count)]);
            }
        }
    }

    private void ComeToRest()
    {
        history.EndAll();
        for (var i = 0; i < 30 && fault is null; i++)
        {
            Advance(20_000);
            readers.ForEach(Page);
        }
    }

    private string At => $"{LockstepHistory.InstantOf(history.Now):MM-dd HH:mm:ss}";

    private Replica Start() => new(
        setting, zone, new VirtualClock(history.Time, TimeSpan.Zero), history, store: null, new DefectLog(text => fault ??= $"a defect: {text}"));

    // Before the first answer nobody knows the clock of WEBSMS.
    private void Warm()
    {
        if (history.Ahead != 0)
        {
            Read((history.WebsmsNow / LockstepHistory.Day) - 40);
        }
    }

    private void Advance(long seconds) => history.Time.RunUntil(history.Time.Elapsed + TimeSpan.FromSeconds(seconds));

    private void Read(long day) => Do(async () =>
        await code.Archive.ReadAsync(Scope.Account, [LockstepHistory.DateOf(day)], DayReader.Gateway, CancellationToken.None));

    private void Page(Reader reader) => Do(async () =>
    {
        var walk = reader.Walk ??= new FollowerModel(model, reader.Start ?? 0, reader.Start is null, reader.Limit);
        var ask = new Ask(IsAscending: true, reader.Start is { } start ? LockstepHistory.InstantOf(start) : null, reader.Start is null, reader.Limit, -1, null);
        var reading = await code.ReadAsync(code.QueryOf(ask, reader.Cursor, isStream: false), CancellationToken.None);
        reader.Cursor = reading.NextText ?? reader.Cursor;
        var given = reading.Page?.Items.Select(message => int.Parse(message.Text, CultureInfo.InvariantCulture)).ToList() ?? [];
        var expected = walk.Page();
        story?.Add($"{At} {readers.IndexOf(reader)} gets [{string.Join(' ', given)}], the model [{string.Join(' ', expected)}] {walk.Here}");
        if (!given.SequenceEqual(expected))
        {
            fault ??= $"the code gives [{string.Join(' ', given)}], the model [{string.Join(' ', expected)}]; {Described([.. given, .. expected])}";
        }

        var place = reader.Cursor is null ? null : code.PlaceOf(reader.Cursor);
        if (place is not null && walk.Here.Epoch == model.Epoch && Differs(place, walk.Here) is { } difference)
        {
            fault ??= $"{difference}: the code stands at {place}, the model at {walk.Here}";
        }
    });

    /// <summary>Does something at one moment. What it starts in the background runs after it.</summary>
    private void Do(Func<Task> work)
    {
        history.Time.Run(async () =>
        {
            history.BeginReading();
            try
            {
                await work();
            }
            finally
            {
                history.EndReading();
            }
        });
        history.Time.RunUntil(history.Time.Elapsed);
        CompareArchives();
    }

    private bool IsTail(long from) => history.IsReading && model.Days.ContainsKey(from / LockstepHistory.Day)
        && LockstepHistory.InstantOf(history.WebsmsNow) < code.Schedule.SettledAt(LockstepHistory.DateOf(from / LockstepHistory.Day));

    /// <summary>Whether the code may say something about a day now. It must have tried to ask where the model does.</summary>
    private bool IsServed(long day)
    {
        var now = history.Time.Now;
        var record = Records().Find(record => record.Day == LockstepHistory.DateOf(day));
        if (record is not null && !code.Schedule.IsDue(record, now))
        {
            return true;
        }

        if (!history.IsAskedSince(day, record is null ? history.Now : history.Now - 5))
        {
            fault ??= $"the model asks for {LockstepHistory.DateOf(day):MM-dd}, and the code does not";
        }

        return record is not null && code.Schedule.StaleUntil(record) > now;
    }

    private void CompareArchives()
    {
        foreach (var record in Records())
        {
            var known = Enumerable.Range(0, record.Count).Select(i => record[i]).ToDictionary(
                message => int.Parse(message.Text, CultureInfo.InvariantCulture),
                message => new ModelMessage(
                    new ModelStamp(message.Stamp.Moment - Stamp.MomentOf(LockstepHistory.InstantOf(0)), message.Stamp.Ordinal), message.Position.Rank, message.IsFirst));
            var expected = model.Days[LockstepHistory.DayOf(record.Day)].Known.ToDictionary(pair => pair.Key, pair => pair.Value with { Absence = null });
            var other = known.Except(expected).Concat(expected.Except(known)).Select(pair => (int?)pair.Key).FirstOrDefault();
            if (other is { } message)
            {
                fault ??= $"of {record.Day:MM-dd} the code knows {Known(known, message)}, the model {Known(expected, message)}; {Described([message])}";
            }
        }
    }

    private List<DayRecord> Records() => code.Archive.ViewOf(Scope.Account, default, DateOnly.MinValue).Records;

    private string Described(List<int> messages) => string.Join(", ", messages.Distinct().Order().Select(i =>
        $"{i} is dated {LockstepHistory.InstantOf(history.Messages[i].Date):MM-dd HH:mm:ss} and reported after {history.Messages[i].Reported - history.Messages[i].Date} s"));

    private static string Known(Dictionary<int, ModelMessage> known, int message) => known.TryGetValue(message, out var one) ? one.ToString() : "nothing";

    private static string? Differs(PageCursor place, ModelPlace expected) =>
        (place.State, expected.State) is not ((WalkState.Now, ModelState.Now) or (WalkState.Snapshot, ModelState.Snapshot) or (WalkState.Changes, ModelState.Changes)) ? "state"
        : LockstepHistory.SecondOf(place.Floor) != expected.Floor ? "floor"
        : LockstepHistory.DayOf(place.Covered) != expected.Covered ? "covered"
        : (place.State != WalkState.Snapshot || place.AsOf is not null) && LockstepHistory.SecondOf(place.Moment) != expected.Moment ? "moment"
        : null;

    /// <summary>A reader of both: where it begins, null for now, and where it stands.</summary>
    private sealed class Reader(long? start, int limit)
    {
        public long? Start => start;

        public int Limit => limit;

        public FollowerModel? Walk { get; set; }

        public string? Cursor { get; set; }
    }
}
