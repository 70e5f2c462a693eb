using System.Collections.Concurrent;
using System.Net;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Archive;

/// <summary>Tests that measure real time. No other test may run at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedTests
{
    public const string Name = "Timed";
}

/// <summary>Redis fails in several ways, and the gateway still answers.</summary>
[Collection(TimedTests.Name)]
public sealed class RedisFailureTests : IAsyncLifetime
{
    private readonly string day = TimeProvider.System.GetUtcNow().AddDays(-3).ToString("yyyy-MM-dd");
    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync();
        account = simulator.NewAccount();
        account.Receive($"{day} 10:00:00", "известное");
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Read_KilledHungAndStartedAgainUnderLoad_NeverFailsAndUsesTheTierAgain()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var gateway = Start(redis);
        await gateway.ReadAsync(day, day);
        await KeysAsync(redis, 1);
        using var end = new CancellationTokenSource();
        var load = LoadAsync(gateway, end.Token);

        await redis.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        await redis.StartAgainAsync();
        await KeysAsync(redis, 1);

        await redis.SuspendAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None);
        await redis.ResumeAsync();
        await redis.RunAsync("FLUSHALL");
        await KeysAsync(redis, 1);

        await end.CancelAsync();
        var (slowest, count) = await load;
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"a known page took {slowest}");
        Assert.True(count > 50, $"only {count} pages were read");
    }

    [Fact]
    public async Task Read_AbsentAtStart_IsAnsweredAndTheTierIsUsedOnceItIsThere()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using var gateway = Start(redis);

        Assert.Equal(["известное"], (await gateway.ReadAsync(day, day)).Texts);

        await redis.StartAgainAsync();
        using var end = new CancellationTokenSource();
        var load = LoadAsync(gateway, end.Token);
        await KeysAsync(redis, 1);
        await end.CancelAsync();
        await load;
    }

    [Fact]
    public async Task Read_RedisIsFull_IsAnswered()
    {
        await using var redis = await RedisServer.StartAsync(options: ["--maxmemory", "1kb", "--maxmemory-policy", "noeviction"]);
        await using var gateway = Start(redis);

        await ReadOftenAsync(gateway);

        Assert.Empty(await redis.KeysAsync());
    }

    [Fact]
    public async Task Read_RedisIsAReadOnlyReplica_IsAnsweredWithoutAFloodInTheLog()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(options: ["--replicaof", $"127.0.0.1 {primary.Port}"]);
        await using var gateway = Start(replica);

        await ReadOftenAsync(gateway);

        Assert.InRange(gateway.Logs.Lines.Count(line => line.Contains("RedisConnection", StringComparison.Ordinal)), 0, 30);
    }

    [Fact]
    public async Task Read_WrongPasswordOfRedis_IsAnsweredAndNotLogged()
    {
        await using var redis = await RedisServer.StartAsync(password: "right");
        await using var gateway = RunningGateway.Start(
            simulator, account, null, ("Cache:Redis", $"127.0.0.1:{redis.Port},password=wrong-secret"), ("Cache:Freshness", "00:00:00.2"));

        await ReadOftenAsync(gateway);

        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains("wrong-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_CertificateOfAnUnknownAuthority_IsNotTrusted()
    {
        await using var redis = await RedisServer.StartAsync(tls: true);
        await using var gateway = Start(redis);

        await ReadOftenAsync(gateway);

        Assert.Empty(await redis.KeysAsync());
    }

    private RunningGateway Start(RedisServer redis) =>
        RunningGateway.Start(simulator, account, null, ("Cache:Redis", redis.ConnectionString), ("Cache:Freshness", "00:00:00.2"));

    private async Task ReadOftenAsync(RunningGateway gateway)
    {
        for (var i = 0; i < 20; i++)
        {
            var read = await gateway.ReadAsync(day);
            Assert.Equal(["известное"], read.Texts);
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Reads a cached page, and the open day of new numbers, which needs Redis.</summary>
    /// <returns>The longest time that the cached page took, and how often it was read.</returns>
    private async Task<(TimeSpan Slowest, int Count)> LoadAsync(RunningGateway gateway, CancellationToken end)
    {
        var slowest = TimeSpan.Zero;
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            var known = await gateway.ReadAsync(day, day);
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            slowest = elapsed > slowest ? elapsed : slowest;
            Assert.Equal(["известное"], known.Texts);
            Assert.Equal(HttpStatusCode.OK, (await gateway.ReadAsync(day, number: $"7903{count++:0000000}")).Status);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }

        return (slowest, count);
    }

    private static async Task KeysAsync(RedisServer redis, int count)
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await redis.KeysAsync()).Count < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(15), "Redis is not in use again within 15 s");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }
}

/// <summary>Replicas that share one Redis, by the real clock.</summary>
[Collection(TimedTests.Name)]
public sealed class ReplicasTests
{
    [Fact]
    public async Task Read_TwoReplicasUnderLoad_AskOnceASecondInAll()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync();
        var account = simulator.NewAccount();
        (string, string?)[] settings = [("Cache:Redis", redis.ConnectionString), ("Cache:Freshness", "00:00:01")];
        await using var first = RunningGateway.Start(simulator, account, null, settings);
        await using var second = RunningGateway.Start(simulator, account, null, settings);
        var today = TimeProvider.System.GetUtcNow().AddHours(3).ToString("yyyy-MM-dd");
        var faults = new ConcurrentBag<HttpStatusCode>();
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(new[] { first, second }.SelectMany(gateway => Enumerable.Range(0, 4).Select(async _ =>
        {
            while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(6))
            {
                var read = await gateway.ReadAsync(today);
                if (read.Status != HttpStatusCode.OK)
                {
                    faults.Add(read.Status);
                }
            }
        })));

        Assert.Empty(faults);
        Assert.InRange(account.Requests().Count, 4, 7);
    }
}
