using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>Plays worlds with each build. docs/reliability.md says what they cover and how to play more of them.</summary>
public sealed class WorldTests
{
    private const int Part = 200;

    // A page of a snapshot that goes on in another epoch, or in a process that does not hold the days before, tells completeUntil without an
    // earlier day that could not be read to its end. Nothing is lost: the changes try that day again. And a process that holds no day of a scope,
    // and whose question fails, forgets the head of the scope: a walk whose snapshot passed a cut day is given that day again.
    private static readonly Dictionary<int, Promise> KnownBreaches = new()
    {
        [281] = Promise.CompleteUntil,
        [488] = Promise.CompleteUntil,
        [1049] = Promise.CompleteUntil,
        [1225] = Promise.CompleteUntil,
        [1577] = Promise.NothingTwice,
    };

    // Ten parts, so that each of them ends soon on a busy machine.
    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, 10).Select(part => part * Part)];

    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.Seed is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Worlds_WithoutAPlantedDefect_BreakNoPromise(int firstSeed)
    {
        var (broken, played) = ManyWorlds.Play(firstSeed, Part, defect: null, _ => false, CancellationToken.None);

        broken = [.. broken.Where(outcome => !KnownBreaches.TryGetValue(outcome.History.Setting.Seed, out var known)
            || outcome.Breaches.Any(breach => breach.Promise != known))];
        Assert.Equal(Part, played);
        Assert.True(broken.Count == 0, Describe(broken));
    }

    [Theory]
    [MemberData(nameof(RecordedDefects))]
    public void World_WithItsPlantedDefect_BreaksThePromise(string name)
    {
        var defect = Planted.All.Single(defect => defect.Name == name);
        var history = WorldPlan.Of(defect.Seed!.Value);
        Planted.Activate(name);
        try
        {
            Assert.Contains(World.Play(history).Breaches, breach => breach.Promise == defect.Breaks);
        }
        finally
        {
            Planted.Activate(null);
        }
    }

    [Fact]
    public void World_PlayedTwice_HasOneHistory()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var first = World.Play(WorldPlan.Of(seed));
            var second = World.Play(WorldPlan.Of(seed), withStory: true);

            Assert.Equal(first.Digest, second.Digest);
            Assert.Equal(first.Breaches, second.Breaches);
        }
    }

    [Fact]
    public void Shrink_OfABrokenWorld_StillBreaksThePromise()
    {
        var (broken, _) = ManyWorlds.Play(0, 200, "strays taken", outcome => outcome.Breaches.Count > 0, CancellationToken.None);
        Planted.Activate("strays taken");
        try
        {
            var (history, promise) = (broken[0].History, broken[0].Breaches[0].Promise);
            var shortest = Shrinker.Shrink(history, promise);

            Assert.True(shortest.Happenings.Count < history.Happenings.Count);
            Assert.Contains(World.Play(shortest).Breaches, breach => breach.Promise == promise);
        }
        finally
        {
            Planted.Activate(null);
        }
    }

    private static string Describe(IReadOnlyList<Outcome> broken) => string.Join('\n', broken.Take(3).Select(outcome =>
        $"seed {outcome.History.Setting.Seed}: {outcome.Breaches[0]}\n{Shrinker.Shrink(outcome.History, outcome.Breaches[0].Promise)}"))
        + $"\n{broken.Count} worlds broke a promise: {string.Join(", ", broken.Select(outcome => outcome.History.Setting.Seed))}";
}
