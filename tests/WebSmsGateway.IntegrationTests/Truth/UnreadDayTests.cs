using System.Net;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>One day of a range cannot be read.</summary>
public sealed class UnreadDayTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    private static readonly string[] All = ["10", "11", "12", "13", "14"];

    [Theory]
    [InlineData("asc", "", 1000)]
    [InlineData("asc", "&to=2026-03-14", 1000)]
    [InlineData("asc", "&to=2026-03-14", 1)]
    [InlineData("desc", "&to=2026-03-14", 1000)]
    [InlineData("desc", "&to=2026-03-14", 1)]
    public async Task Walk_DayInTheMiddleUnread_GivesWhatLiesBeforeItAndGoesOnLater(string order, string to, int limit)
    {
        await using var gateway = Start();
        await KnowAllButTheTwelfthAsync(gateway);
        var follower = new PageFollower(gateway, $"from=2026-03-10{to}&limit={limit}", order: order);
        string[] expected = order == "asc" ? All : [.. All.Reverse()];

        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        var stale = false;
        while (!stale)
        {
            var page = await follower.ReadAsync();
            stale = page.GetProperty("stale").GetBoolean();
            Assert.True(follower.Messages.Count <= 2, string.Join(' ', follower.Texts));
        }

        Assert.Equal(expected[..2], follower.Texts);
        Assert.NotNull(follower.Cursor);

        // The page that would begin with the unread day is its error. The cursor stays good.
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await follower.TryReadAsync());
        Assert.Equal(2, follower.Messages.Count);

        Account.Behaviour = new();
        Clock.Advance(TimeSpan.FromMinutes(1));
        await follower.ReadAllAsync();
        Assert.Equal(expected, follower.Texts);
    }

    [Theory]
    [InlineData("asc", "Account")]
    [InlineData("asc", "Number")]
    [InlineData("desc", "Account")]
    public async Task Walk_NothingKnownAndTheFirstQuestionFails_IsItsErrorAfterOneQuestion(string order, string scope)
    {
        await using var gateway = Start(("Upstream:Scope", scope));
        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };

        var read = await gateway.ReadAsync("2026-03-12", "2026-03-12", query: $"&order={order}");

        Assert.Equal(HttpStatusCode.BadGateway, read.Status);
        Assert.Equal("upstream-unreachable", read.Body.GetProperty("code").GetString());
        Assert.Single(Account.Requests());
    }

    [Fact]
    public async Task Follow_DaysWithoutAnAnswer_AreGivenAfterwards()
    {
        await using var gateway = Start(("Cache:MaxStale", "00:01:00"));
        var follower = new PageFollower(gateway, "from=2026-03-15");
        Account.Receive("2026-03-15 11:00:00", "до сбоя");
        await follower.ReadAllAsync();

        // WEBSMS fails for two days and some hours. Each day has a message.
        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        for (var day = 15; day <= 17; day++)
        {
            Account.Receive($"2026-03-{day} 13:00:00", $"в сбое {day}");
            GoTo(new DateTimeOffset(2026, 3, day, 22, 0, 0, TimeSpan.FromHours(3)));
            Assert.False(await follower.TryReadAsync() && follower.Messages.Count > 1);
        }

        Account.Behaviour = new();
        Clock.Advance(TimeSpan.FromMinutes(2));
        Account.Receive("2026-03-17 22:01:30", "после сбоя");
        await follower.ReadAllAsync();
        await follower.ReadAllAsync();

        // Closed days and the open one are asked at the same time, and changes come in the order of discovery.
        Assert.Equal("до сбоя", follower.Texts.First());
        Assert.Equal(["в сбое 15", "в сбое 16", "в сбое 17", "до сбоя", "после сбоя"], follower.Texts.Order(StringComparer.Ordinal));
    }

    private async Task KnowAllButTheTwelfthAsync(Fixtures.RunningGateway gateway)
    {
        foreach (var day in All)
        {
            Account.Receive($"2026-03-{day} 10:00:00", day);
        }

        await gateway.ReadAsync("2026-03-10", "2026-03-11");
        await gateway.ReadAsync("2026-03-13");
    }
}
