using WebSmsGateway.Simulation.Receivers;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>Plays worlds with webhooks: replicas that fight for the right to send, receivers that fail and hang, kills, freezes, and a store that loses.</summary>
public sealed class WebhookWorldTests
{
    private const int Part = 75;

    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, 4).Select(part => part * Part)];

    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.Webhooks is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Worlds_WithoutAPlantedDefect_BreakNoPromise(int firstSeed)
    {
        var (broken, played) = ManyWorlds.Play(firstSeed, Part, defect: null, _ => false, CancellationToken.None, ReceiverPlan.Of);

        Assert.Equal(Part, played);
        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(3).Select(outcome =>
            $"seed {outcome.History.Setting.Seed}: {outcome.Breaches[0]}\n{Shrinker.Shrink(outcome.History, outcome.Breaches[0].Promise)}")));
    }

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
        Assert.Contains(Planted.Play(name, () => World.Play(history)).Breaches, breach => breach.Promise == defect.Breaks);
    }

    [Fact]
    public void World_PlayedTwice_HasOneHistory()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            Assert.Equal(World.Play(ReceiverPlan.Of(seed)).Digest, World.Play(ReceiverPlan.Of(seed), withStory: true).Digest);
        }
    }
}
