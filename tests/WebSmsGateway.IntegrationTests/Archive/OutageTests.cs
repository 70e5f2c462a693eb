using System.Net;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Archive;

/// <summary>While WEBSMS fails, the last good answer is served and marked as stale.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private static readonly SimulatorBehaviour Down = new() { Faults = [SimulatorFault.StatusCode(503)] };

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)));
    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
        account.Receive("2026-03-14 10:00:00", "вчера");
        account.Receive("2026-03-15 11:00:00", "сегодня");
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Read_DownForAnHour_ServesTheLastGoodAnswerWithItsMarkAndIsFreshSoonAfter()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-14");
        var asked = clock.GetUtcNow();
        account.Behaviour = Down;
        account.Receive("2026-03-15 12:00:01", "во время сбоя");
        for (var minute = 0; minute < 59; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            var today = await gateway.ReadAsync("2026-03-14");
            Assert.Equal(HttpStatusCode.OK, today.Status);
            Assert.Equal((true, asked), (today.IsStale, today.CompleteUntil));
            Assert.Equal(["сегодня", "вчера"], today.Texts);
            Assert.False((await gateway.ReadAsync("2026-03-14", "2026-03-14")).IsStale);
        }

        account.Behaviour = new();
        PageRead read;
        var seconds = 0;
        do
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            read = await gateway.ReadAsync("2026-03-14");
            await gateway.SettleAsync();
            Assert.True(++seconds <= 6, "still stale more than a freshness interval after WEBSMS is back");
        }
        while (read.IsStale);

        Assert.Equal(["во время сбоя", "сегодня", "вчера"], read.Texts);
    }

    [Fact]
    public async Task Read_RareReaderAfterTheOutage_GetsAFreshAnswer()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15");
        account.Behaviour = Down;
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await gateway.ReadAsync("2026-03-15")).IsStale);
        account.Behaviour = new();
        account.Receive("2026-03-15 12:05:00", "после сбоя");

        clock.Advance(TimeSpan.FromMinutes(10));
        var read = await gateway.ReadAsync("2026-03-15");

        Assert.False(read.IsStale);
        Assert.Equal(["после сбоя", "сегодня"], read.Texts);
    }

    [Fact]
    public async Task Read_LongerThanMaxStale_IsAFailureForTheOpenDayOnly()
    {
        await using var gateway = Start(("Cache:MaxStale", "00:10:00"));
        await gateway.ReadAsync("2026-03-14");
        account.Behaviour = Down;

        clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.ReadAsync("2026-03-15")).Status);
        Assert.Equal(["вчера"], (await gateway.ReadAsync("2026-03-14", "2026-03-14")).Texts);
    }

    [Fact]
    public async Task Read_UnknownDayWhileDown_IsAFailureAndNeverAnEmptyPage()
    {
        await using var gateway = Start();
        account.Behaviour = Down;

        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.ReadAsync("2026-03-14")).Status);

        account.Behaviour = new();
        Assert.Equal(["сегодня", "вчера"], (await gateway.ReadAsync("2026-03-14")).Texts);
    }

    [Fact]
    public async Task Read_WrongPassword_CostsTwoCallsInThirtySecondsWhateverTheLoad()
    {
        await using var gateway = Start(("Upstream:Password", "wrong"));
        for (var second = 0; second < 30; second++)
        {
            var reads = await Task.WhenAll(
                Enumerable.Range(1, 10).Select(day => gateway.ReadAsync($"2026-03-{day:00}", $"2026-03-{day:00}")));
            Assert.All(reads, read => Assert.Equal("upstream-credentials-rejected", read.Body.GetProperty("code").GetString()));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(account.Requests().Count, 1, 2);
        await using var corrected = Start();
        Assert.Equal(["сегодня"], (await corrected.ReadAsync("2026-03-15")).Texts);
    }

    private RunningGateway Start(params (string, string?)[] settings) =>
        RunningGateway.Start(simulator, account, clock, [("Upstream:Retries", "0"), .. settings]);
}
