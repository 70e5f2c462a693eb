using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>A walk begins now, and the first question of it takes long.</summary>
public sealed class NowTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    [Theory]
    [InlineData("", false)]
    [InlineData("&wait=30", false)]
    [InlineData("", true)]
    public async Task Now_FirstAttemptHangs_WhatArrivesMeanwhileIsNew(string wait, bool isKnown)
    {
        Account.Receive("2026-03-15 11:59:00", "старое");
        await using var gateway = Start();
        if (isKnown)
        {
            await gateway.ReadAsync("2026-03-15");
            await SettleAsync(gateway);
            Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        var first = gateway.GetAsync($"/messages?order=asc&cursor=now{wait}");
        await Account.WaitForCallsInFlightAsync(1);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Arrive("новое 1");
        Clock.Advance(TimeSpan.FromSeconds(2));
        Arrive("новое 2");
        Account.Behaviour = new();
        var page = await first;

        // Until the question that hung is answered, readers have the last good answer.
        await SettleAsync(gateway);
        Clock.Advance(TimeSpan.FromSeconds(6));
        Arrive("новое 3");

        var follower = new PageFollower(gateway, "", page.Next());
        await follower.ReadAllAsync();
        Clock.Advance(TimeSpan.FromSeconds(6));
        await follower.ReadAllAsync();
        Assert.Equal(["новое 1", "новое 2", "новое 3"], [.. page.Texts(), .. follower.Texts]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    public async Task Page_MessageArrivesInTheSecondOfItsQuestion_IsGivenOnce(int milliseconds)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await using var gateway = Start();
        var paged = new PageFollower(gateway, "from=2026-03-15");
        var begun = new PageFollower(gateway, "", "now");
        await paged.ReadAsync();
        await begun.ReadAsync();

        Arrive("в ту же секунду");
        Clock.Advance(TimeSpan.FromSeconds(6));
        await paged.ReadAllAsync();
        await begun.ReadAllAsync();
        Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Empty(await paged.ReadAllAsync());
        Assert.Empty(await begun.ReadAllAsync());
        Assert.Equal(["в ту же секунду"], paged.Texts);
        Assert.Equal(["в ту же секунду"], begun.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Following_AnotherReaderLearnsAMessageBeforeItsFirstPage_TheMessageIsNew(bool isKnown)
    {
        Account.Receive("2026-03-15 11:59:00", "старое");
        await using var gateway = Start();
        if (isKnown)
        {
            await gateway.ReadAsync("2026-03-15");
            await SettleAsync(gateway);
        }

        using var following = Follow(gateway);
        Clock.Advance(TimeSpan.FromSeconds(10));
        Arrive("новое");
        await gateway.ReadAsync("2026-03-15");
        await SettleAsync(gateway);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var reading in following.ReadAsync(Timeout.InfiniteTimeSpan, deadline.Token))
        {
            Assert.Equal(["новое"], reading!.Page!.Items.Select(message => message.Text));
            break;
        }
    }

    /// <summary>Otherwise each of thousands of streams reads for itself.</summary>
    [Fact]
    public async Task Followings_BegunAtDifferentMoments_ShareTheirReadings()
    {
        Account.Receive("2026-03-15 11:59:00", "старое");
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15");
        await SettleAsync(gateway);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var following = Follow(gateway);
        await using var readings = following.ReadAsync(Timeout.InfiniteTimeSpan, deadline.Token).GetAsyncEnumerator(deadline.Token);
        Clock.Advance(TimeSpan.FromMilliseconds(300));
        using var later = Follow(gateway);
        await using var readingsOfLater = later.ReadAsync(Timeout.InfiniteTimeSpan, deadline.Token).GetAsyncEnumerator(deadline.Token);
        await UntilAsync(() => following.HasPolled && later.HasPolled);
        await SettleAsync(gateway);
        await MoveAsync(readings);
        await MoveAsync(readingsOfLater);

        Arrive("новое");
        await MoveAsync(readings);

        Assert.Equal(["новое"], readings.Current!.Page!.Items.Select(message => message.Text));
        Assert.True(later.IsNextAtHand);
        await MoveAsync(readingsOfLater);
        Assert.Same(readings.Current, readingsOfLater.Current);
    }

    private async Task MoveAsync(IAsyncEnumerator<PageReading?> readings)
    {
        var next = readings.MoveNextAsync().AsTask();
        await UntilAsync(() => next.IsCompleted);
        Assert.True(await next);
    }

    private Following Follow(RunningGateway gateway)
    {
        var query = new MessageQuery
        {
            Numbers = NumberSet.All,
            Fields = MessageFields.All,
            Range = new TimeRange(Clock.GetUtcNow(), null),
            Ascending = true,
            FromNow = true,
            Fingerprint = 1,
        };
        Assert.True(gateway.Services.GetRequiredService<Followings>().TryOpen(query, out var following));
        return following;
    }

    [Fact]
    public async Task Stream_FirstAttemptHangs_WhatArrivesMeanwhileIsNew()
    {
        Account.Receive("2026-03-15 11:59:00", "старое");
        Account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        await using var gateway = Start();
        using var stream = await EventStream.OpenAsync(gateway.Client, WatchedGateway.StreamPath);
        await Account.WaitForCallsInFlightAsync(1);
        Clock.Advance(TimeSpan.FromSeconds(3));
        Arrive("новое");

        Account.Behaviour = new();

        Assert.Equal(["новое"], await stream.TextsAsync(1));
    }
}
