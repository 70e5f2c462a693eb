using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Oracle;
using WebSmsGateway.Simulation.Virtual;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>A world that plays one history with the real archive. WEBSMS, the store and the clocks are modelled.</summary>
internal sealed class World : IDisposable
{
    // A world that breaks more than this has shown enough.
    private const int MostBreaches = 25;

    // Some time after the end of the settle time, and after each age of Cache:RecheckAges.
    private static readonly double[] HoursAfterItsEnd = [0.19, 0.36, 1.05, 6.1, 24.1, 72.1, 168.1];

    private readonly List<ReplicaRun> runs = [];
    private readonly Readers readers;
    private readonly History history;

    private World(History history)
    {
        this.history = history;
        Setting = history.Setting;
        Zone = new AccountZone(TimeZoneInfo.FindSystemTimeZoneById(Setting.Zone));
        Time = new VirtualTime(Setting.Start);
        Websms = new Websms(Setting, Time, Zone);
        Store = Setting.HasStore ? new Store.SharedStore(Time, Setting.StoreAhead) : null;
        (Pages, Times, Clocks) = (new PageOracle(this), new TimeOracle(this), new WorldClocks(this));
        readers = new Readers(this);
        Receivers = Setting.Receivers is null ? null : new Receivers.Receivers(this);
        Replicas = [.. Setting.Skews.Select((_, index) => Start(index, incarnation: 0))];
    }

    public WorldSetting Setting { get; }

    public AccountZone Zone { get; }

    public VirtualTime Time { get; }

    public Websms Websms { get; }

    public Store.SharedStore? Store { get; }

    public WorldClocks Clocks { get; }

    public ReplicaRun[] Replicas { get; }

    /// <summary>The webhooks; null if the world has none.</summary>
    public Receivers.Receivers? Receivers { get; }

    public IReadOnlyList<ReplicaRun> Runs => runs;

    public List<Coverage> Coverage { get; } = [];

    public PageOracle Pages { get; }

    public TimeOracle Times { get; }

    /// <summary>The last look of somebody at everything, at each replica.</summary>
    public Dictionary<int, Walk> LastLooks { get; } = [];

    public List<Breach> Breaches { get; } = [];

    /// <summary>What happened, in the order in which it did; null if nobody reads it.</summary>
    public List<string>? Story { get; private set; }

    public DigestOfStory Digest { get; } = new();

    public bool HasShownEnough => Breaches.Count >= MostBreaches;

    /// <summary>The account's present day by the true time.</summary>
    public DateOnly LocalDay => Zone.DayOf(Time.Now);

    /// <summary>
    /// Names the epoch that a process can be in, as far as it can be seen from outside: its own without a store that answers, else the
    /// one that the store has had since it last lost something.
    /// </summary>
    public string EpochOf(ReplicaRun run) =>
        Store is null || !Replica.UsesStore ? run.ToString() : Store.IsDisturbed ? $"{run} {Store.Losses}" : $"store {Store.Losses}";

    /// <summary>Plays a history to its end.</summary>
    /// <param name="history">The history.</param>
    /// <param name="withStory">Whether to tell what happened, line by line.</param>
    public static Outcome Play(History history, bool withStory = false)
    {
        // A context of the caller, such as that of a test, would take the work away from the world.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Virtual.StepRandom.Begin(history.Setting.Seed);
            using var world = new World(history);
            world.Story = withStory ? [] : null;
            world.Play();
            return new Outcome(history, world.Breaches, world.Digest.Value, world.Story ?? [], world.runs.Sum(run => run.Questions.Count));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Report(Promise promise, string text)
    {
        if (HasShownEnough)
        {
            return;
        }

        Breaches.Add(new Breach(promise, Time.Elapsed, text));
        Tell($"BROKEN {promise}: {text}");
    }

    public void Tell(string line)
    {
        Digest.Add(Time.Elapsed, line);
        Story?.Add($"{Time.Elapsed:d\\.hh\\:mm\\:ss\\.fff} {line}");
    }

    /// <summary>Kills a process, which starts again after a while.</summary>
    public void Kill(ReplicaRun run, TimeSpan span)
    {
        if (!run.IsAlive)
        {
            return;
        }

        run.Kill();
        Time.Run(async () =>
        {
            await Time.DelayAsync(span);
            Replicas[run.Index] = Start(run.Index, run.Incarnation + 1);
        });
    }

    public void Dispose() => runs.ForEach(run => run.Dispose());

    private void Play()
    {
        foreach (var happening in history.Happenings)
        {
            Time.RunUntil(happening.At);
            Tell(happening.ToString());
            Do(happening);
            if (HasShownEnough)
            {
                return;
            }
        }

        Close();
        if (HasShownEnough)
        {
            return;
        }

        Receivers?.Oracle.Check();
        EndOracle.Check(this, readers.Walks);
        QuestionOracle.Check(this);
        if (Time.HasEscaped)
        {
            Report(Promise.ComesToRest, "Work has left the thread of its world, so its history depends on chance.");
        }

        if (Time.IsEndless)
        {
            Report(Promise.ComesToRest, "The work of the world has no end.");
        }
    }

    private void Do(Happening happening)
    {
        switch (happening.What)
        {
            case What.Receive or What.ReceiveEqual or What.ReceiveDatedAhead:
                Websms.Receive(happening);
                break;
            case What.Kill:
                Kill(Replicas[happening.Who % Replicas.Length], happening.Span);
                break;
            case What.LoseStore or What.FlushStore or What.FailOverStore or What.ReplayStore or What.SlowStore or What.LoseNotices or What.EvictStore:
                Store?.Begin(happening);
                break;
            case What.Begin or What.Read or What.Wait or What.Stream or What.Look:
                readers.Do(happening);
                break;
            case What.StepClock or What.StepStoreClock or What.StepWebsmsClock or What.Freeze when Receivers is null:
                Clocks.Step(happening);
                break;
            case >= What.FailReceiver:
                Receivers?.Do(happening);
                break;
            default:
                Websms.Faults.Begin(happening);
                break;
        }
    }

    /// <summary>
    /// All faults end, and every process starts again that was killed. Then everybody reads at each age at which a closed day is looked
    /// at again, until the last recheck of the last day is done.
    /// </summary>
    private void Close()
    {
        Time.RunUntil(Time.Elapsed + TimeSpan.FromSeconds(25));
        Websms.Faults.EndAll(Time.Elapsed);
        Store?.EndFaults();
        if (Receivers is not null)
        {
            Receivers.Close();
            return;
        }

        readers.EndWatches();
        Time.RunUntil(Time.Elapsed + TimeSpan.FromMinutes(3));
        var end = Zone.EndOf(Zone.DayOf(Time.Now + TimeSpan.FromMinutes(11))) - Setting.Start;
        end += Websms.Ahead < TimeSpan.Zero ? -Websms.Ahead : TimeSpan.Zero;
        foreach (var moment in HoursAfterItsEnd.Select(hours => end + TimeSpan.FromHours(hours)).Prepend(Time.Elapsed))
        {
            Time.RunUntil(moment);
            readers.ReadEverything();
            Time.RunUntil(Time.Elapsed + TimeSpan.FromMinutes(1));
            if (HasShownEnough)
            {
                return;
            }
        }

        readers.ReadEverything();
        Time.RunUntil(Time.Elapsed + TimeSpan.FromMinutes(1));
    }

    private ReplicaRun Start(int index, int incarnation)
    {
        var run = new ReplicaRun(this, index, incarnation);
        runs.Add(run);
        Receivers?.Start(run);
        return run;
    }
}

/// <summary>How a world ended.</summary>
/// <param name="History">What was played.</param>
/// <param name="Breaches">The promises that were broken.</param>
/// <param name="Digest">Names all that happened. Two plays of a history have the same.</param>
/// <param name="Story">What happened, if it was told.</param>
/// <param name="Questions">How many questions WEBSMS was asked.</param>
internal sealed record Outcome(
    History History, IReadOnlyList<Breach> Breaches, ulong Digest, IReadOnlyList<string> Story, int Questions);
