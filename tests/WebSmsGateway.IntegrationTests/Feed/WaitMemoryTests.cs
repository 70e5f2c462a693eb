using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Feed;

/// <summary>A wait keeps its place, and no message: the memory tier alone decides how long messages stay.</summary>
[Collection(TimedTests.Name)]
public sealed class WaitMemoryTests : IAsyncLifetime
{
    private const int Waits = 240;

    private static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3));

    private RunningSimulator simulator = null!;

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync();

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Waits_WithDifferentBeginningsOverMoreThanTheTierHolds_KeepNoMessages()
    {
        // Each wait reads 4,000 messages, about 3 MB, and the tier holds 1 MB.
        var account = simulator.NewAccount();
        account.AddMessages([.. Enumerable.Range(0, 4000).Select(i => new SimulatorMessage(RunningGateway.Number, "Ozon", new string('б', 100) + i)
        {
            LocalTime = DateTime.Parse($"2026-03-{9 + (i / 2000):00} 10:{i % 2000 / 60:00}:{i % 60:00}", CultureInfo.InvariantCulture),
        })]);
        await using var gateway = RunningGateway.Start(
            simulator, account, new FakeTimeProvider(Noon), ("Cache:MemoryLimitMegabytes", "1"), ("RateLimiting:LongRequestsPerCaller", "1000"));
        var memory = gateway.Services.GetRequiredService<MemoryTier>();
        using var end = new CancellationTokenSource();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var waits = new List<Task>();
        for (var i = 0; i < Waits; i++)
        {
            var asked = account.Requests().Count;
            var query = $"order=asc&from=2026-03-09T{i / 60:00}:{i % 60:00}:00&contains=nowhere&wait=60";
            waits.Add(gateway.Client.GetAsync($"/messages?{query}", end.Token));
            await Eventually.TrueAsync(() => account.Requests().Count > asked && memory.Fetches == 0, "the first page of a wait was not read");
        }

        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        await Eventually.TrueAsync(
            () => GC.GetTotalMemory(forceFullCollection: true) - before < 64 * 1024 * 1024,
            "waits keep what they have read");
        Assert.InRange(memory.Cost, 0, 1024 * 1024);
        await end.CancelAsync();
    }
}
