using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>
/// Plays rough worlds: clocks that are put on and back, records that cannot be read, a store that lets values go, processes that stand still.
/// </summary>
public sealed class RoughWorldTests
{
    private const int Part = 75;

    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, 4).Select(part => part * Part)];

    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.Rough is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Worlds_WithoutAPlantedDefect_BreakNoPromise(int firstSeed)
    {
        var (broken, played) = ManyWorlds.Play(firstSeed, Part, defect: null, _ => false, CancellationToken.None, RoughPlan.Of);

        Assert.Equal(Part, played);
        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(3).Select(outcome =>
            $"seed {outcome.History.Setting.Seed}: {outcome.Breaches[0]}\n{Shrinker.Shrink(outcome.History, outcome.Breaches[0].Promise)}")));
    }

    [Theory]
    [MemberData(nameof(RecordedDefects))]
    public void World_WithItsPlantedDefect_BreaksThePromise(string name)
    {
        var defect = Planted.All.Single(defect => defect.Name == name);
        var history = RoughPlan.Of(defect.Rough!.Value);
        Assert.Empty(World.Play(history).Breaches);
        Assert.Contains(Planted.Play(name, () => World.Play(history)).Breaches, breach => breach.Promise == defect.Breaks);
    }

    [Fact]
    public void World_PlayedTwice_HasOneHistory()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            Assert.Equal(World.Play(RoughPlan.Of(seed)).Digest, World.Play(RoughPlan.Of(seed), withStory: true).Digest);
        }
    }
}
