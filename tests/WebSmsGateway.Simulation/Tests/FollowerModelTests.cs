using WebSmsGateway.Simulation.Rules;

namespace WebSmsGateway.Simulation.Tests;

public sealed class FollowerModelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Worlds_OfTheModel_BreakNoPromise(bool losesMemory) =>
        Assert.Empty(Enumerable.Range(0, 150).SelectMany(seed => ModelWorld.Play(seed, losesMemory)).Take(3));
}
