using WebSmsGateway.Simulation.Lockstep;

namespace WebSmsGateway.Simulation.Tests;

/// <summary>The model of followers and the code give the same pages of the same histories.</summary>
public sealed class LockstepTests
{
    public static TheoryData<string> RecordedDefects =>
        [.. Planted.All.Where(defect => defect.History is not null).Select(defect => defect.Name)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histories_PlayedByTheModelAndTheCode_GiveTheSamePages(bool losesMemory) =>
        Assert.Empty(Enumerable.Range(0, 250).Select(seed => LockstepWorld.Play(seed, losesMemory)).OfType<string>().Take(1));

    [Theory]
    [MemberData(nameof(RecordedDefects))]
    public void History_WithItsPlantedDefect_TellsTheCodeFromTheModel(string name)
    {
        var history = Planted.All.Single(defect => defect.Name == name).History!.Value;
        Assert.NotNull(Planted.Play(name, () => LockstepWorld.Play(history, losesMemory: true)));
    }
}
