using System.Text.Json;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>WEBSMS takes questions and does not answer them.</summary>
public sealed class HangTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly SimulatorBehaviour Hangs = new() { Faults = [SimulatorFault.Hang()] };

    [Fact]
    public async Task Read_WebsmsHangsAfterAPause_EveryReaderHasTheLastGoodAnswerWithinTwoAndAHalfSeconds()
    {
        Account.Receive("2026-03-15 11:00:00", "известное");
        await using var gateway = Start(("Upstream:Retries", "2"));
        await gateway.ReadAsync("2026-03-15");
        await SettleAsync(gateway);
        Clock.Advance(TimeSpan.FromMinutes(20));
        Account.Behaviour = Hangs;

        // The first reader after the pause sends the question, and the others join it.
        var readers = Enumerable.Range(0, 5).Select(_ => gateway.ReadAsync("2026-03-15")).ToList();
        await Account.WaitForCallsInFlightAsync(1);
        Clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.All(await Task.WhenAll(readers).WaitAsync(Deadline, TimeProvider.System), IsKnown);

        for (var second = 0; second < 60; second += 3)
        {
            Clock.Advance(TimeSpan.FromSeconds(3));
            var calls = Account.Requests().Count;
            var read = gateway.ReadAsync("2026-03-15");
            await Eventually.TrueAsync(
                () => read.IsCompleted || Account.Requests().Count > calls, "there is neither an answer nor a question");
            if (!read.IsCompleted)
            {
                Clock.Advance(TimeSpan.FromSeconds(2.5));
            }

            IsKnown(await read.WaitAsync(Deadline, TimeProvider.System));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wait_WebsmsHangs_EndsAtItsOwnTimePlusASecondAtMost(bool isKnown)
    {
        await using var gateway = Start();
        var cursor = "now";
        if (isKnown)
        {
            cursor = (await gateway.GetAsync("/messages?order=asc&from=2026-03-15")).Next();
            await SettleAsync(gateway);
            Clock.Advance(TimeSpan.FromMinutes(20));
        }

        Account.Behaviour = Hangs;
        var from = isKnown ? "&from=2026-03-15" : "";
        var wait = gateway.GetAsync($"/messages?order=asc&wait=2{from}&cursor={cursor}");
        await Account.WaitForCallsInFlightAsync(1);
        Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(wait.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(1.1));

        var page = await wait.WaitAsync(Deadline, TimeProvider.System);
        Assert.Empty(page.Texts());

        // The cursor of the wait loses nothing.
        Account.Receive("2026-03-15 12:20:02", "пришло");
        Account.Behaviour = new();
        await SettleAsync(gateway);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["пришло"], await new PageFollower(gateway, from.TrimStart('&'), page.Next()).ReadAllAsync());
    }

    private static void IsKnown(PageRead read)
    {
        Assert.Equal(JsonValueKind.Array, read.Body.GetProperty("items").ValueKind);
        Assert.Equal(["известное"], read.Texts);
    }
}
