using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Feed;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>WEBSMS reports a message after the end of its day.</summary>
public sealed class LateReportTests() : Scenario(Day.AddHours(20))
{
    private static readonly DateTimeOffset Day = new(2026, 3, 14, 0, 0, 0, TimeSpan.FromHours(3));
    private static readonly DateTimeOffset End = Day.AddDays(1);

    [Theory]
    [InlineData("01:00:00", "06:00:00")]
    [InlineData("1.00:00:00", "3.00:00:00")]
    [InlineData("6.00:00:00", "7.00:00:00")]
    public async Task Report_AfterTheEndOfItsDay_IsShownAfterTheNextRecheckAndGivenOnce(string age, string recheck)
    {
        Account.Receive("2026-03-14 10:00:00", "раньше");
        Account.Receive("2026-03-14 18:00:00", "после");
        ArriveLate("2026-03-14 12:00:00", "поздно", End + TimeSpan.Parse(age) + TimeSpan.FromSeconds(1));
        await using var gateway = Start();
        var before = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(["раньше", "после"], await before.ReadAllAsync());

        // The day closes, and the rechecks up to this age are done.
        GoTo(End.AddMinutes(11));
        await gateway.ReadAsync("2026-03-14", "2026-03-14");
        GoTo(End + TimeSpan.Parse(age));
        Assert.Empty(await before.ReadAllAsync());
        await SettleAsync(gateway);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["после", "раньше"], (await gateway.ReadAsync("2026-03-14", "2026-03-14")).Texts);
        Assert.Empty(await before.ReadAllAsync());
        var began = new PageFollower(gateway, "from=2026-03-14&limit=1");
        await began.ReadAsync();

        GoTo(End + TimeSpan.Parse(recheck));
        Assert.Equal(["после", "поздно", "раньше"], (await gateway.ReadAsync("2026-03-14", "2026-03-14")).Texts);
        Assert.Equal(["поздно"], await before.ReadAllAsync());
        Assert.Equal(["раньше", "после", "поздно"], [.. began.Texts, .. await began.ReadAllAsync()]);
        var later = new PageFollower(gateway, "from=2026-03-14");
        Assert.Equal(["раньше", "поздно", "после"], await later.ReadAllAsync());

        // The last recheck has nothing new for anybody.
        GoTo(End.AddDays(8));
        Assert.Empty(await before.ReadAllAsync());
        Assert.Empty(await began.ReadAllAsync());
        Assert.Empty(await later.ReadAllAsync());
    }

    [Fact]
    public async Task Report_WhileAStreamWatches_IsAnEventAfterTheRecheck()
    {
        await using var gateway = Start(("Cache:Freshness", "00:10:00"));
        var follower = new PageFollower(gateway, "from=2026-03-14");
        await follower.ReadAllAsync();
        using var stream = await Fixtures.EventStream.OpenAtNowAsync(gateway.Client, WatchedGateway.StreamPath);
        ArriveLate("2026-03-14 12:00:00", "поздно", End.AddHours(1).AddSeconds(1));

        var next = stream.NextAsync("message");
        while (!next.IsCompleted)
        {
            Assert.True(Clock.GetUtcNow() < End.AddHours(7), "no recheck brought the message");
            var calls = Account.Requests().Count;
            Clock.Advance(TimeSpan.FromMinutes(10));
            await Fixtures.Eventually.TrueAsync(
                () =>
                {
                    // The watch may begin its pause after the step.
                    Clock.Advance(TimeSpan.FromSeconds(1));
                    return Account.Requests().Count > calls || next.IsCompleted;
                },
                "nobody keeps the day fresh");
            await SettleAsync(gateway);
        }

        Assert.Equal("поздно", (await next).Text);
        Assert.Equal(["поздно"], await follower.ReadAllAsync());
    }
}
