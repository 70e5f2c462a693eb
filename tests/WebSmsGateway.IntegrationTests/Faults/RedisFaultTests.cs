using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// Everything that Redis does wrong, while WEBSMS answers and while it does not: reads go on, in time, and tell the truth.
/// </summary>
public sealed class RedisFaultTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Today = "2024-05-14";
    private const string KnownDay = "2024-05-13";
    private const string OtherDay = "2024-05-12";
    private const string UnknownDay = "2024-05-10";

    // A cold read asks Redis a handful of times, each for at most a quarter of a second; the rest is for a busy machine.
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

        // Both at once: what is known is served, what is not is a failure and never an empty page.
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Reset()] };
        await SkipAsync(gateway, clock);
        await ExpectMessageAsync(gateway, KnownDay);
        await ExpectMessageAsync(gateway, OtherDay);
        Assert.True((await ExpectMessageAsync(gateway, Today)).IsStale);
        Assert.Equal(502, (int)(await ReadAsync(gateway, UnknownDay)).Status);

        // And when both are back, everything is as it was.
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

    /// <summary>Reads days until one of them is in Redis, whose connection is made behind the first reads.</summary>
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

    /// <summary>Puts the clock forward, past everything that holds calls back, while none is on its way.</summary>
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
