namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>One simulator for the tests of a class. Each test has its own account.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    private RunningSimulator? simulator;

    public RunningSimulator Simulator => simulator ?? throw new InvalidOperationException("The simulator is not started.");

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync();

    public async Task DisposeAsync() => await Simulator.DisposeAsync();
}
