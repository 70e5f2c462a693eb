using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>
/// Plays rough worlds: clocks that are put on and back, records that cannot be read, a store that lets values go, processes that stand still.
/// </summary>
public sealed class RoughWorldTests
{
    private const int Part = 75;

    public static TheoryData<int> FirstSeeds => WorldAssert.PartsOf(Part, 4);

    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.Rough is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Worlds_WithoutAPlantedDefect_BreakNoPromise(int firstSeed) => WorldAssert.KeepAllPromises(firstSeed, Part, RoughPlan.Of);

    [Theory]
    [MemberData(nameof(RecordedDefects))]
    public void World_WithItsPlantedDefect_BreaksThePromise(string name)
    {
        var defect = Planted.All.Single(defect => defect.Name == name);
        var history = RoughPlan.Of(defect.Rough!.Value);
        Assert.Empty(World.Play(history).Breaches);
        WorldAssert.BreaksItsPromise(defect, history);
    }

    [Fact]
    public void World_PlayedTwice_HasOneHistory()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            WorldAssert.HasOneHistory(RoughPlan.Of(seed));
        }
    }
}
