using System.Diagnostics;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>The sandbox as a process.</summary>
public sealed class SandboxTests
{
    [Fact]
    public async Task Start_FreePorts_HoldsSampleMessagesAndStopsQuickly()
    {
        await using var sandbox = await SandboxProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = sandbox.Simulator };

        var text = await client.GetStringAsync(
            "http_feedback.asp?http_username=demo&http_password=demo&startdate=01.01.2010&rentnum=79021234567");
        var document = await client.GetStringAsync(
            "http_feedback.asp?http_username=demo&http_password=demo&startdate=11.03.2013&enddate=12.03.2013&format=xml");
        using var gateway = await client.GetAsync(new Uri(sandbox.Gateway, "health/live"));
        var started = Stopwatch.GetTimestamp();
        var (exitCode, output) = await sandbox.StopAsync();

        Assert.Contains("[500]", text, StringComparison.Ordinal);
        Assert.Contains("telnum=Sberbank", text, StringComparison.Ordinal);
        Assert.Contains("telnum=900", text, StringComparison.Ordinal);
        Assert.Contains(
            "<message in_date=\"11.03.2013 12:09:01\" rentnum =\"79021234567\" telnum=\"+79161234567\">Тест</message>", document,
            StringComparison.Ordinal);
        Assert.Contains($"{sandbox.Gateway}swagger", sandbox.Welcome, StringComparison.Ordinal);
        Assert.InRange((int)gateway.StatusCode, 200, 499);
        Assert.Equal((0, ""), (exitCode, output));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoInOneLine()
    {
        await using var other = await RunningSimulator.StartAsync(url: "http://127.0.0.1:0");
        var port = $"{other.BaseAddress.Port}";

        var gateway = await SandboxProcess.RunAsync("--simulator-port=0", $"--gateway-port={port}");
        var simulator = await SandboxProcess.RunAsync("--simulator-port", port, "--gateway-port", "0");

        Assert.Equal(
            (1, "", $"Port {port} is taken. Choose another with --gateway-port N, or any free one with --gateway-port 0."),
            Trimmed(gateway));
        Assert.Equal(
            (1, "", $"Port {port} is taken. Choose another with --simulator-port N, or any free one with --simulator-port 0."),
            Trimmed(simulator));
    }

    [Theory]
    [InlineData("--gateway-port=http")]
    [InlineData("--gateway-port=70000")]
    public async Task Start_NoPort_SaysWhatIsOne(string option)
    {
        Assert.Equal(
            (1, "", "--gateway-port must be a port from 1 to 65535, or 0 for a free one."),
            Trimmed(await SandboxProcess.RunAsync(option)));
    }

    private static (int ExitCode, string Output, string Error) Trimmed((int ExitCode, string Output, string Error) run) =>
        (run.ExitCode, run.Output.Trim(), run.Error.Trim());
}
