using WebSmsGateway.Simulation.Receivers;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>Plays worlds with webhooks: replicas that fight for the right to send, receivers that fail and hang, kills, freezes, and a store that loses.</summary>
public sealed class WebhookWorldTests
{
    private const int Part = 75;

    public static TheoryData<int> FirstSeeds => WorldAssert.PartsOf(Part, 4);

    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.Webhooks is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Worlds_WithoutAPlantedDefect_BreakNoPromise(int firstSeed) => WorldAssert.KeepAllPromises(firstSeed, Part, ReceiverPlan.Of);

    [Theory]
    [InlineData(68)]
    [InlineData(256)]
    [InlineData(506)]
    public void World_ThatBrokeAPromise_KeepsAll(int seed) => Assert.Empty(World.Play(ReceiverPlan.Of(seed)).Breaches);

    [Theory]
    [MemberData(nameof(RecordedDefects))]
    public void World_WithItsPlantedDefect_BreaksThePromise(string name)
    {
        var defect = Planted.All.Single(defect => defect.Name == name);
        var history = ReceiverPlan.Of(defect.Webhooks!.Value);
        Assert.Empty(World.Play(history).Breaches);
        WorldAssert.BreaksItsPromise(defect, history);
    }

    [Fact]
    public void World_PlayedTwice_HasOneHistory()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            WorldAssert.HasOneHistory(ReceiverPlan.Of(seed));
        }
    }
}
