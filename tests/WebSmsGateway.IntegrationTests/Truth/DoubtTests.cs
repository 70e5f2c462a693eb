using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>An answer of WEBSMS lacks messages that are known.</summary>
public sealed class DoubtTests() : Scenario(Day.AddHours(20))
{
    private const string NoLongerReported = "no-longer-reported";

    private static readonly DateTimeOffset Day = new(2026, 3, 14, 0, 0, 0, TimeSpan.FromHours(3));
    private static readonly DateTimeOffset End = Day.AddDays(1);
    private static readonly string[] All = [.. Enumerable.Range(0, 10).Select(i => $"сообщение {i}")];

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.5, 5)]
    public async Task Recheck_LacksMessagesOnce_NothingDisappearsAndThePageSaysSo(double listed, int doubted)
    {
        await using var gateway = Start();
        var follower = await CloseAsync(gateway);

        Account.Behaviour = new() { Faults = [SimulatorFault.Forget(listed) with { Times = 1 }] };
        GoTo(End.AddHours(1));
        var read = await ReadAsync(gateway);
        Assert.Equal(All, read.Texts);
        Assert.Equal(doubted, Assert.Single(read.Problems(NoLongerReported)).GetProperty("count").GetInt32());

        // The next whole answer has them again.
        Clock.Advance(TimeSpan.FromSeconds(61));
        read = await ReadAsync(gateway);
        Assert.Equal(All, read.Texts);
        Assert.Empty(read.Problems(NoLongerReported));
        Assert.Empty(await follower.ReadAllAsync());
    }

    [Fact]
    public async Task Recheck_AnswerOfAnotherDay_IsNotKept()
    {
        Account.Receive("2026-03-13 09:00:00", "накануне");
        await using var gateway = Start();
        await CloseAsync(gateway);

        Account.Behaviour = new() { Faults = [SimulatorFault.OtherDay() with { Times = 1 }] };
        GoTo(End.AddHours(1));
        var read = await ReadAsync(gateway);
        Assert.Equal(All, read.Texts);
        Assert.False(read.IsStale);
        Account.ClearRequests();

        // The recheck is owed still.
        Clock.Advance(TimeSpan.FromMinutes(5));
        read = await ReadAsync(gateway);
        Assert.Equal(All, read.Texts);
        Assert.Empty(read.Problems(NoLongerReported));
        Assert.Contains(Account.Requests(), request => request.Question() == "* 14.03.2026 00:00:00 - 14.03.2026 23:59:59");
    }

    [Fact]
    public async Task FirstRead_AnswerOfAnotherDay_IsAnErrorAndNeverAnEmptyPage()
    {
        Account.Receive("2026-03-12 09:00:00", "за день до");
        Account.Receive("2026-03-13 09:00:00", "накануне");
        await using var gateway = Start();
        Account.Behaviour = new() { Faults = [SimulatorFault.OtherDay() with { Times = 1 }] };

        var read = await gateway.ReadAsync("2026-03-13", "2026-03-13");

        Assert.Equal("upstream-invalid-response", read.Body.GetProperty("code").GetString());
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["накануне"], (await gateway.ReadAsync("2026-03-13", "2026-03-13")).Texts);
    }

    [Fact]
    public async Task Recheck_LacksMessagesTwiceAMinuteApart_TheyGoAndTheirReturnIsNoNewsToWhoHadThem()
    {
        await using var gateway = Start();
        var before = await CloseAsync(gateway);

        Account.Behaviour = new() { Faults = [SimulatorFault.Forget(0.5)] };
        GoTo(End.AddHours(1));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);
        Clock.Advance(TimeSpan.FromSeconds(31));
        var read = await ReadAsync(gateway);
        Assert.Equal(All[..5], read.Texts);
        Assert.Empty(read.Problems(NoLongerReported));
        var between = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(All[..5], await between.ReadAllAsync());

        Account.Behaviour = new();
        GoTo(End.AddHours(6));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);
        Assert.Empty(await before.ReadAllAsync());
        Assert.Equal(All[5..], await between.ReadAllAsync());
        var after = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(All, await after.ReadAllAsync());
        Assert.Equal(
            before.Messages.Select(message => message.Id), after.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task OpenDay_NoRecordsForAWhile_NoPageLacksAMessage()
    {
        await using var gateway = Start();
        Receive();
        var follower = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(All, await follower.ReadAllAsync());

        // The tails and the next whole read say "no records", which is wrong.
        Clock.Advance(TimeSpan.FromSeconds(280));
        Account.Behaviour = new() { Faults = [SimulatorFault.Error(4)] };
        var doubted = 0;
        for (var second = 0; second < 100; second++)
        {
            if (second == 50)
            {
                Account.Behaviour = new();
            }

            Clock.Advance(TimeSpan.FromSeconds(1));
            var read = await ReadAsync(gateway);
            await SettleAsync(gateway);
            Assert.Equal(All, read.Texts);
            doubted += read.Problems(NoLongerReported).Count;
        }

        Assert.InRange(doubted, 1, 100);

        // The whole read that ends the doubt runs in the background, a minute of the test's clock after the one before.
        for (var second = 0; (await ReadAsync(gateway)).Problems(NoLongerReported).Count > 0; second++)
        {
            Assert.InRange(second, 0, 600);
            Clock.Advance(TimeSpan.FromSeconds(1));
            await SettleAsync(gateway);
        }

        Arrive("новое");
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["новое"], await follower.ReadAllAsync());
    }

    /// <summary>Reads the day, and again when it has settled.</summary>
    private async Task<PageFollower> CloseAsync(RunningGateway gateway)
    {
        Receive();
        var follower = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(All, await follower.ReadAllAsync());
        GoTo(End.AddMinutes(11));
        Assert.Equal(All, (await ReadAsync(gateway)).Texts);
        Assert.Empty(await follower.ReadAllAsync());
        await SettleAsync(gateway);
        return follower;
    }

    private void Receive()
    {
        foreach (var (i, text) in All.Index())
        {
            Account.Receive($"2026-03-14 10:0{i}:00", text);
        }
    }

    private static Task<PageRead> ReadAsync(RunningGateway gateway) =>
        gateway.ReadAsync("2026-03-14", "2026-03-14", query: "&limit=1000&order=asc");
}
