using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// All faults of Redis, while WEBSMS answers and while it fails. Reads are answered in time and correctly.
/// </summary>
public sealed class RedisFaultTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Today = "2024-05-14";
    private const string KnownDay = "2024-05-13";
    private const string OtherDay = "2024-05-12";
    private const string UnknownDay = "2024-05-10";

    // A read without a cached answer calls Redis a few times, each for at most 250 ms. The rest is a margin for a busy machine.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(4);

    public static TheoryData<string> Faults => [.. BrokenRedis.Faults];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Read_WhateverRedisDoes_IsAnsweredAloneAndWithWebsmsDown(string fault)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(Message(Today), Message(KnownDay), Message(OtherDay));
        await using var redis = await BrokenRedis.StartAsync(fault);
        await using var clock = new RunningClock();
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, clock.Time, ("Cache:Redis", redis.ConnectionString), ("Upstream:Retries", "0"));
        await ExpectMessageAsync(gateway, KnownDay);
        await ExpectMessageAsync(gateway, Today);

        var day = 0;
        await redis.BreakAsync(() => ReadAsync(gateway, $"2024-04-{++day:00}"));
        await ExpectMessageAsync(gateway, KnownDay);
        await ExpectMessageAsync(gateway, OtherDay);
        await SkipAsync(gateway, clock);
        await ExpectMessageAsync(gateway, Today);

        // Redis and WEBSMS fail together. Cached answers are served. Any other read is a failure and never an empty page.
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Reset()] };
        await SkipAsync(gateway, clock);
        await ExpectMessageAsync(gateway, KnownDay);
        await ExpectMessageAsync(gateway, OtherDay);
        Assert.True((await ExpectMessageAsync(gateway, Today)).IsStale);
        Assert.Equal(502, (int)(await ReadAsync(gateway, UnknownDay)).Status);

        // Reads are normal again when both work again.
        account.Behaviour = new SimulatorBehaviour();
        await redis.MendAsync();
        await SkipAsync(gateway, clock);
        Assert.Empty((await ReadAsync(gateway, UnknownDay)).Items);
        Assert.False((await ExpectMessageAsync(gateway, Today)).IsStale);
    }

    [Fact]
    public async Task Read_FlushedBetweenTwoReplicas_BothGoOnAndFillItAgain()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(Message(KnownDay));
        await using var redis = await RedisServer.StartAsync();
        await using var clock = new RunningClock();
        await using var first = RunningGateway.Start(fixture.Simulator, account, clock.Time, ("Cache:Redis", redis.ConnectionString));
        await FillAsync(first, redis);

        await redis.RunAsync("FLUSHALL");
        await using var second = RunningGateway.Start(fixture.Simulator, account, clock.Time, ("Cache:Redis", redis.ConnectionString));
        await FillAsync(second, redis);

        var calls = account.Requests().Count;
        await ExpectMessageAsync(first, KnownDay);
        await ExpectMessageAsync(second, KnownDay);
        Assert.Equal(calls, account.Requests().Count);
    }

    /// <summary>Reads days until one of them is in Redis. The first reads may end before Redis is connected.</summary>
    private static async Task FillAsync(RunningGateway gateway, RedisServer redis)
    {
        await ExpectMessageAsync(gateway, KnownDay);
        for (var day = 1; (await redis.KeysAsync()).Count == 0; day++)
        {
            Assert.InRange(day, 1, 28);
            await ReadAsync(gateway, $"2024-04-{day:00}");
            await gateway.SettleAsync();
        }
    }

    private static SimulatorMessage Message(string day) => new(PageReads.Number, "Sberbank", $"Код для {day}")
    {
        LocalTime = DateTime.Parse($"{day}T07:00:00", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Puts the clock forward past every pause for calls, while no call is in progress.</summary>
    private static async Task SkipAsync(RunningGateway gateway, RunningClock clock)
    {
        await gateway.SettleAsync();
        clock.SkipPauses();
    }

    private static async Task<PageRead> ExpectMessageAsync(RunningGateway gateway, string day)
    {
        var read = await ReadAsync(gateway, day);
        Assert.True(read.Status == System.Net.HttpStatusCode.OK, $"{day}: {read.Body}");
        Assert.Equal([$"Код для {day}"], read.Texts);
        return read;
    }

    private static async Task<PageRead> ReadAsync(RunningGateway gateway, string day)
    {
        var started = TimeProvider.System.GetTimestamp();
        var read = await gateway.ReadAsync(day, day);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        Assert.True(elapsed < Bound, $"{day} took {elapsed}");
        return read;
    }
}
