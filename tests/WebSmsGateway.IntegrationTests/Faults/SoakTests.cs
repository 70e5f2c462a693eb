using System.Globalization;
using System.Text;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// A process under a mixed load. It must not hold more in the second half of the run than in the first. The run takes half a minute.
/// <c>bench/soak.sh</c> runs it for ten minutes and prints the figures.
/// </summary>
[Collection(HeavyTests.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(HeavyTests.Setting("WEBSMS_SOAK_SECONDS", inCi: 30));

    [Fact]
    public async Task Process_UnderMixedLoad_HoldsNoMoreAtTheEndThanInTheMiddle()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        var account = simulator.NewAccount();
        account.AddMessages(Enumerable.Range(0, 2000).Select(i => new SimulatorMessage("79021234567", "900", $"Сообщение {i}")
        {
            LocalTime = new DateTime(2024, 5, 1).AddMinutes(20 * i),
        }));

        // WEBSMS fails sometimes, because the handling of failures must not leak either.
        account.Behaviour = new SimulatorBehaviour
        {
            Faults = [SimulatorFault.Reset() with { Every = 7 }, SimulatorFault.Html() with { Every = 11 }],
        };
        await using var gateway = await GatewayProcess.StartAsync(
            simulator.BaseAddress, account,
            settings: [("Cache:Freshness", "00:00:00.5"), ("RateLimiting:UnauthenticatedPerMinute", "1000000")]);
        using var ended = new CancellationTokenSource();
        var load = new SoakLoad(gateway.Address, account, ended.Token);
        var running = load.Start();

        // Growth is not a leak until all code has been compiled and all pools are filled.
        await Task.Delay(Duration / 4, TimeProvider.System, CancellationToken.None);
        var first = await LookAsync(gateway, Duration * 3 / 8);
        var second = await LookAsync(gateway, Duration * 3 / 8);
        await ended.CancelAsync();
        await running;

        Report(load.Requests, first, second);
        Assert.Empty(load.Surprises.Distinct().Take(5));
        Assert.True(load.Requests > 50 * Duration.TotalSeconds, $"only {load.Requests} requests were made");
        Assert.True(second.Megabytes <= (first.Megabytes * 1.25) + 30, $"memory grew from {first.Megabytes:0} to {second.Megabytes:0} MB");
        Assert.True(second.Handles <= (first.Handles * 1.25) + 20, $"handles grew from {first.Handles} to {second.Handles}");
        Assert.True(second.Threads <= (first.Threads * 1.25) + 10, $"threads grew from {first.Threads} to {second.Threads}");
    }

    /// <summary>The average of what the process holds.</summary>
    private static async Task<ProcessFigures> LookAsync(GatewayProcess gateway, TimeSpan time)
    {
        var looks = new List<ProcessFigures>();
        var begun = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        while (TimeProvider.System.GetElapsedTime(begun) < time)
        {
            await ticks.WaitForNextTickAsync();
            looks.Add(gateway.Look());
        }

        return new ProcessFigures(
            looks.Average(look => look.Megabytes), (int)looks.Average(look => look.Handles), (int)looks.Average(look => look.Threads));
    }

    private void Report(int requests, ProcessFigures first, ProcessFigures second)
    {
        var report = new StringBuilder()
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"{Duration.TotalSeconds:0} s, {requests} requests; averages after a quarter for warming up")
            .AppendLine()
            .AppendLine("| | first half | second half |")
            .AppendLine("|---|---|---|")
            .AppendLine(CultureInfo.InvariantCulture, $"| memory (RSS), MB | {first.Megabytes:0} | {second.Megabytes:0} |")
            .AppendLine(CultureInfo.InvariantCulture, $"| handles | {first.Handles} | {second.Handles} |")
            .AppendLine(CultureInfo.InvariantCulture, $"| threads | {first.Threads} | {second.Threads} |")
            .ToString();
        output.WriteLine(report);
        if (Environment.GetEnvironmentVariable("WEBSMS_SOAK_REPORT") is { Length: > 0 } file)
        {
            File.WriteAllText(file, report);
        }
    }
}
