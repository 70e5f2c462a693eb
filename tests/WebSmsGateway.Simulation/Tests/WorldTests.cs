using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>Plays worlds with each build. docs/reliability.md says what they cover and how to play more of them.</summary>
public sealed class WorldTests
{
    private const int Part = 200;

    public static TheoryData<int> FirstSeeds => WorldAssert.PartsOf(Part, 10);

    /// <summary>Worlds of long searches that broke a promise once, each for another reason.</summary>
    public static TheoryData<int> MendedSeeds =>
    [
        2404, 100539, 100606, 100902, 101250, 101579, 101742, 102648, 103150, 103210, 103350, 103728, 104220, 105110, 105814, 108240, 109346, 110739,
        111093, 111175, 111975, 113317, 113410, 115348, 116711, 121592, 121762, 303458, 306890, 308398, 309854, 513868, 517994, 521073, 530054, 538043,
        539002, 543907, 548013, 548365, 550042, 553036, 553382, 553521, 554033, 554346, 554881, 556599, 557948, 560645, 560954,
        566647, 567149, 702609, 703259, 704408, 704888, 706347, 710861,
    ];

    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.Seed is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Worlds_WithoutAPlantedDefect_BreakNoPromise(int firstSeed) => WorldAssert.KeepAllPromises(firstSeed, Part, WorldPlan.Of);

    [Theory]
    [MemberData(nameof(MendedSeeds))]
    public void World_ThatBrokeAPromise_KeepsAll(int seed) => Assert.Empty(World.Play(WorldPlan.Of(seed)).Breaches);

    [Theory]
    [MemberData(nameof(RecordedDefects))]
    public void World_WithItsPlantedDefect_BreaksThePromise(string name)
    {
        var defect = Planted.All.Single(defect => defect.Name == name);
        WorldAssert.BreaksItsPromise(defect, WorldPlan.Of(defect.Seed!.Value));
    }

    [Fact]
    public void World_PlayedTwice_HasOneHistory()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            WorldAssert.HasOneHistory(WorldPlan.Of(seed));
        }
    }

    [Fact]
    public void Shrink_OfABrokenWorld_StillBreaksThePromise()
    {
        var (broken, _) = ManyWorlds.Play(0, 200, "strays taken", outcome => outcome.Breaches.Count > 0, CancellationToken.None);
        var (history, promise) = (broken[0].History, broken[0].Breaches[0].Promise);

        var shortest = Planted.Play("strays taken", () => Shrinker.Shrink(history, promise));

        Assert.True(shortest.Happenings.Count < history.Happenings.Count);
        Assert.Contains(Planted.Play("strays taken", () => World.Play(shortest)).Breaches, breach => breach.Promise == promise);
    }
}
