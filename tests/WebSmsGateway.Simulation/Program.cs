using System.Diagnostics;
using System.Globalization;
using WebSmsGateway.Simulation;
using WebSmsGateway.Simulation.Lockstep;
using WebSmsGateway.Simulation.Receivers;
using WebSmsGateway.Simulation.Worlds;

// Plays worlds from the command line:
//   --worlds N [--seed S]    N worlds from seed S on, with a table of the promises that were broken
//   --minutes M [--seed S]   as many worlds as M minutes allow
//   --seed S [--story]       one world, its broken promises, and the shortest history that breaks the first of them
//   --defect NAME [--story]  the first world that finds a planted defect, or each of "all"; with --seed S the world S with that defect
//   --histories N [--seed S]  N histories from seed S on that the model of followers and the code play against each other; with --defect
//                            the first one in which they differ
//   --webhooks               worlds with webhooks in place of those with readers; goes with all of these but --histories
//   --rough                  worlds with clocks that jump, records that cannot be read, processes that stand still and a store that loses; likewise
//   --promise NAME           only worlds that break this promise
//   --shrink                 with --worlds: one line for each broken promise of a world, with the shortest history that breaks it
//   --with EVENT             with --shrink: only histories that need this event
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = new CommandOptions(args);
Planted.Activate(options.Defect);
Func<int, History> planOf = options.HasWebhooks ? ReceiverPlan.Of : options.IsRough ? RoughPlan.Of : WorldPlan.Of;
return options switch
{
    { Histories: { } histories } => PlayHistories(histories),
    { Defect: { } defect, Seed: null } => Search(defect),
    { Worlds: null, Minutes: null, Seed: { } seed } => PlayOne(seed),
    _ => PlayMany(),
};

// Names the first world that finds each of the wanted defects, as defects.txt records it.
int Search(string wanted)
{
    var missing = 0;
    foreach (var defect in Planted.All.Select(planted => planted.Name).Where(name => wanted == "all" || name == wanted))
    {
        var (broken, played) = ManyWorlds.Play(
            0, options.Worlds ?? 2000, defect, outcome => IsWanted(outcome) && IsSound(outcome, defect), CancellationToken.None, planOf);
        Planted.Activate(null);
        var found = broken.FirstOrDefault(outcome => IsWanted(outcome) && World.Play(outcome.History).Breaches.Count == 0);
        missing += found is null ? 1 : 0;
        Console.WriteLine(found is null
            ? $"{played} worlds did not find '{defect}'."
            : $"# {defect} | {(options.HasWebhooks ? "webhooks" : options.IsRough ? "rough" : "seed")} {found.History.Setting.Seed} | {found.Breaches[0].Promise}");
        Planted.Activate(defect);
        if (found is not null && options.HasStory)
        {
            Explain(found);
        }
    }

    return missing == 0 ? 0 : 1;
}

int PlayHistories(int histories)
{
    var differences = 0;
    foreach (var defect in options.Defect == "all" ? Planted.All.Select(planted => (string?)planted.Name) : [options.Defect])
    {
        Planted.Activate(defect);
        var found = Enumerable.Range(options.Seed ?? 0, histories)
            .SelectMany(seed => options.Defect is null ? new[] { LockstepWorld.Play(seed, false), LockstepWorld.Play(seed, true) } : [LockstepWorld.Play(seed, true)])
            .OfType<string>().FirstOrDefault();
        differences += found is null ? 0 : 1;
        Console.WriteLine($"{defect}: {(found is null ? $"no difference in {histories} histories" : options.HasStory ? found : found.Split('\n')[0])}");
    }

    return differences;
}

// A seed counts for a defect only if its world keeps its promises without the defect.
bool IsSound(Outcome outcome, string defect)
{
    Planted.Activate(null);
    var without = World.Play(outcome.History);
    Planted.Activate(defect);
    return without.Breaches.Count == 0;
}

bool IsWanted(Outcome outcome) => outcome.Breaches.Any(breach => options.Promise is null || breach.Promise == options.Promise);

IEnumerable<Promise> PromisesOf(Outcome outcome) => outcome.Breaches.Select(breach => breach.Promise).Distinct();

bool Needs(History history) => options.With is null || history.Happenings.Any(happening => happening.What == options.With);

int PlayOne(int seed)
{
    var outcome = World.Play(planOf(seed), withStory: options.HasStory);
    foreach (var line in outcome.Story)
    {
        Console.WriteLine(line);
    }

    Console.WriteLine($"seed {seed}: {outcome.Breaches.Count} broken promises, digest {outcome.Digest:x16}");
    if (outcome.Breaches.Count > 0)
    {
        Explain(outcome);
    }

    return outcome.Breaches.Count == 0 ? 0 : 1;
}

int PlayMany()
{
    using var end = new CancellationTokenSource(options.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : Timeout.InfiniteTimeSpan);
    var watch = Stopwatch.StartNew();
    var (broken, played) = ManyWorlds.Play(options.Seed ?? 0, options.Worlds ?? int.MaxValue, options.Defect, _ => false, end.Token, planOf);
    foreach (var group in broken.SelectMany(outcome => PromisesOf(outcome).Select(promise => (promise, outcome.History.Setting.Seed)))
        .GroupBy(pair => pair.promise, pair => pair.Seed).OrderBy(group => group.Key))
    {
        Console.WriteLine($"{group.Key}: {group.Count()} worlds, seeds {string.Join(", ", group.Take(8))}");
    }

    foreach (var outcome in options.ShrinksAll ? broken.Where(IsWanted).Where(outcome => Needs(outcome.History)) : [])
    {
        foreach (var promise in PromisesOf(outcome).Where(promise => options.Promise is null || promise == options.Promise))
        {
            var shortest = Shrinker.Shrink(outcome.History, promise);
            if (Needs(shortest))
            {
                Console.WriteLine(
                    $"{promise} | seed {outcome.History.Setting.Seed} | {string.Join("; ", shortest.Happenings)} | {shortest.Setting}");
            }
        }
    }

    Console.WriteLine($"{played} worlds in {watch.Elapsed.TotalSeconds:0.0} s, {broken.Count} of them with a broken promise");
    if (broken.FirstOrDefault(IsWanted) is { } first && options.HasStory)
    {
        Explain(first);
    }

    return broken.Count == 0 ? 0 : 1;
}

void Explain(Outcome outcome)
{
    foreach (var breach in outcome.Breaches.Take(5))
    {
        Console.WriteLine(breach);
    }

    var wanted = outcome.Breaches.First(breach => options.Promise is null || breach.Promise == options.Promise).Promise;
    var shortest = Shrinker.Shrink(outcome.History, wanted);
    Console.WriteLine($"The shortest history found that breaks {wanted}:\n{shortest}");
    var played = World.Play(shortest, withStory: true);
    var broken = played.Story.ToList().FindIndex(line => line.Contains($"BROKEN {wanted}", StringComparison.Ordinal));
    Console.WriteLine("It went:\n  " + string.Join("\n  ", played.Story.Take(broken + 1).TakeLast(120)));
}

/// <summary>The options of the command line.</summary>
internal sealed record CommandOptions
{
    public CommandOptions(string[] args)
    {
        string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        Worlds = Value("--worlds") is { } worlds ? int.Parse(worlds) : null;
        Seed = Value("--seed") is { } seed ? int.Parse(seed) : null;
        Histories = Value("--histories") is { } histories ? int.Parse(histories) : null;
        Minutes = Value("--minutes") is { } minutes ? double.Parse(minutes) : null;
        Defect = Value("--defect");
        Promise = Value("--promise") is { } promise ? Enum.Parse<Promise>(promise) : null;
        With = Value("--with") is { } what ? Enum.Parse<What>(what) : null;
        HasWebhooks = args.Contains("--webhooks");
        IsRough = args.Contains("--rough");
        HasStory = args.Contains("--story");
        ShrinksAll = args.Contains("--shrink");
    }

    public int? Worlds { get; }

    public int? Seed { get; }

    public int? Histories { get; }

    public double? Minutes { get; }

    public string? Defect { get; }

    public Promise? Promise { get; }

    public What? With { get; }

    public bool HasWebhooks { get; }

    public bool IsRough { get; }

    public bool HasStory { get; }

    public bool ShrinksAll { get; }
}
