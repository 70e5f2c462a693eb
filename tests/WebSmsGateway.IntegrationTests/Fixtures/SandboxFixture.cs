namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>One sandbox for the tests of a class. The tests must only read.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    /// <summary>The API key of the sandbox.</summary>
    public const string Key = "sandbox";

    private SandboxProcess? sandbox;

    public SandboxProcess Sandbox => sandbox ?? throw new InvalidOperationException("The sandbox is not started.");

    public async Task InitializeAsync() => sandbox = await SandboxProcess.StartAsync();

    public async Task DisposeAsync() => await Sandbox.DisposeAsync();
}
