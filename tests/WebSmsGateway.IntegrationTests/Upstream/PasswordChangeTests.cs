using System.Net;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>The WEBSMS password is changed in the cabinet, and in the gateway's file, without a restart.</summary>
public sealed class PasswordChangeTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>, IDisposable
{
    private static string Closed(string day) => $"/messages?from=2024-05-{day}&to=2024-05-{day}";

    private readonly SimulatedAccount account = fixture.Simulator.NewAccount();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("gateway-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task PasswordFile_Replaced_IsUsedWithTheNextQuestionThoughCallsWereHeldBack()
    {
        Write("Upstream__Password", account.Password);
        Write("Upstream__Username", account.Name);
        Write("Authentication__ApiKeys__0__Name", "shop");
        Write("Authentication__ApiKeys__0__Numbers", "*");
        Write("Authentication__ApiKeys__0__Sha256", RunningGateway.Hash("key"));
        await using var gateway = await GatewayProcess.StartAsync(
            directory.FullName,
            ("SecretsDirectory", directory.FullName), ("Upstream__BaseAddress", fixture.Simulator.BaseAddress.ToString()));
        Assert.Equal(200, await gateway.StatusOfAsync(Closed("01"), "key"));

        var replaced = $"new-{Guid.NewGuid():N}";
        fixture.Simulator.State.AddAccount(account.Name, replaced);
        Assert.Equal(502, await gateway.StatusOfAsync(Closed("02"), "key"));
        Write("Upstream__Password", replaced + "\n");
        await gateway.WaitForLineAsync("The configuration has changed: Upstream:Password applies now");

        Assert.Equal(200, await gateway.StatusOfAsync(Closed("02"), "key"));
        Assert.Single(gateway.Output, line => line.Contains("Upstream:Password", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Output, line => line.Contains(replaced, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_ChangedTogetherWithThePassword_WaitsForARestartAndSpoilsNothing()
    {
        await using var gateway = RunningGateway.Start(fixture.Simulator, account);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync(Closed("01"))).StatusCode);

        gateway.Reload(("Upstream:Username", "other"), ("Upstream:Password", "of the other"));

        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync(Closed("02"))).StatusCode);
        Assert.Contains(
            gateway.Logs.Lines, line => line.Contains("a restart is needed for: Upstream:Username", StringComparison.Ordinal));
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(directory.FullName, name), content);
}
