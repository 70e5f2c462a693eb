using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>What the tests of all kinds of worlds assert.</summary>
internal static class WorldAssert
{
    /// <summary>The first seeds of parts that follow each other, so that each of them ends soon on a busy machine.</summary>
    public static TheoryData<int> PartsOf(int part, int count) => [.. Enumerable.Range(0, count).Select(number => number * part)];

    public static void KeepAllPromises(int firstSeed, int count, Func<int, History> plan)
    {
        var (broken, played) = ManyWorlds.Play(firstSeed, count, defect: null, _ => false, CancellationToken.None, plan);

        Assert.Equal(count, played);
        Assert.True(broken.Count == 0, Describe(broken));
    }

    public static void BreaksItsPromise(PlantedDefect defect, History history) => Assert.Contains(
        Planted.Play(defect.Name, () => World.Play(history)).Breaches, breach => breach.Promise == defect.Breaks);

    public static void HasOneHistory(History history)
    {
        var (first, second) = (World.Play(history), World.Play(history, withStory: true));

        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.Breaches, second.Breaches);
    }

    private static string Describe(IReadOnlyList<Outcome> broken) => string.Join('\n', broken.Take(3).Select(outcome =>
        $"seed {outcome.History.Setting.Seed}: {outcome.Breaches[0]}\n{Shrinker.Shrink(outcome.History, outcome.Breaches[0].Promise)}"))
        + $"\n{broken.Count} worlds broke a promise: {string.Join(", ", broken.Select(outcome => outcome.History.Setting.Seed))}";
}
