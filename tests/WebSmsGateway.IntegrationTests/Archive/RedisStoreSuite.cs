using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Archive;

[Collection(TimedTests.Name)]
public sealed class SingleRedisTests(SingleRedis redis) : RedisStoreSuite(redis), IClassFixture<SingleRedis>;

[Collection(TimedTests.Name)]
public sealed class SecuredRedisTests(SecuredRedis redis) : RedisStoreSuite(redis), IClassFixture<SecuredRedis>;

[Collection(TimedTests.Name)]
public sealed class ClusterRedisTests(ClusterRedis redis) : RedisStoreSuite(redis), IClassFixture<ClusterRedis>;

/// <summary>What the gateway needs from every kind of Redis that operators may choose.</summary>
public abstract class RedisStoreSuite(RedisTopology redis) : IAsyncLifetime
{
    private static readonly string EncryptionKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)));
    private readonly string prefix = $"test-{Guid.NewGuid():N}:";
    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
        account.Receive("2026-03-10 10:00:00", "Ваш код 4711-0815");
        account.Receive("2026-03-15 11:00:00", "сегодня");
        await WarmAsync();
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    // The first calls to Redis compile its client and may time out on a busy machine. Then the gateway stores nothing.
    private async Task WarmAsync()
    {
        var settings = Settings(("Cache:KeyPrefix", $"warm-{prefix}"));
        await using var gateway = RunningGateway.Start(simulator, account, clock, settings);
        for (var day = 1; day < 29 && (await redis.KeysAsync()).All(key => !key.StartsWith("warm-", StringComparison.Ordinal)); day++)
        {
            await gateway.ReadAsync($"2024-04-{day:00}", $"2024-04-{day:00}");
        }

        account.ClearRequests();
    }

    [Fact]
    public async Task Read_SecondReplica_AsksNothingForKnownDays()
    {
        await using var first = Start();
        await first.ReadAsync("2026-03-01");
        await WrittenAsync();
        account.ClearRequests();

        await using var second = Start();
        var read = await second.ReadAsync("2026-03-01");

        Assert.Equal(["сегодня", "Ваш код 4711-0815"], read.Texts);
        Assert.Empty(account.Requests());
        Assert.Contains("detail=redis", read.CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AfterARestart_AsksNothingForClosedDays()
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-01");
            await WrittenAsync();
        }

        account.ClearRequests();
        clock.Advance(TimeSpan.FromHours(1));
        await using var after = Start();

        Assert.Equal(["Ваш код 4711-0815"], (await after.ReadAsync("2026-03-01", "2026-03-14")).Texts);
        Assert.Empty(account.Requests());
    }

    [Fact]
    public async Task Read_RestartWhileWebsmsIsDown_ServesTheOpenDayStale()
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-15");
            await WrittenAsync();
        }

        clock.Advance(TimeSpan.FromMinutes(10));
        account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        await using var after = Start();
        var read = await after.ReadAsync("2026-03-15");

        Assert.Equal(["сегодня"], read.Texts);
        Assert.True(read.IsStale);
    }

    [Fact]
    public async Task Read_OpenDayOfAnotherReplica_IsGoneOnWithFromItsTail()
    {
        for (var i = 0; i < 700; i++)
        {
            account.Receive($"2026-03-15 11:{10 + (i / 60)}:{i % 60:00}", $"Сообщение {i}");
        }

        await using var first = Start();
        await first.ReadAsync("2026-03-15");
        await WrittenAsync();
        account.ClearRequests();
        clock.Advance(TimeSpan.FromSeconds(10));
        account.Receive("2026-03-15 12:00:05", "новое");
        await using var second = Start();

        var read = await second.ReadAsync("2026-03-15");

        Assert.Equal(702, read.Texts.Count());
        Assert.Equal("новое", read.Texts.First());
        Assert.InRange(Assert.Single(account.Requests()).Records, 1, 150);
    }

    [Fact]
    public async Task Read_RefreshOfAnOpenDay_WritesItsHeadAndNotTheDay()
    {
        for (var i = 0; i < 700; i++)
        {
            account.Receive($"2026-03-15 11:{10 + (i / 60)}:{i % 60:00}", $"Сообщение {i}");
        }

        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-15");
        await WrittenAsync();
        await redis.ForEachKeyAsync(key => IsMine(key) && !IsHead(key) ? $"DEL {key}" : null);
        clock.Advance(TimeSpan.FromSeconds(10));
        account.Receive("2026-03-15 12:00:05", "новое");

        await gateway.ReadAsync("2026-03-15");
        await gateway.SettleAsync();
        await WrittenAsync();

        // Besides the head, the gateway writes the block that has changed, and none of the others.
        Assert.Equal(2, (await MyKeysAsync()).Count);
    }

    [Theory]
    [InlineData("SET {0} rubbish")]
    [InlineData("SET {0} \"\"")]
    [InlineData("SETRANGE {0} 40 xxxx")]
    [InlineData("APPEND {0} x")]
    [InlineData("DEL {0}", "LPUSH {0} x")]
    public async Task Read_ValuesOverwritten_AreMisses(params string[] commands)
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-01");
            await WrittenAsync();
        }

        await redis.ForEachKeyAsync(key => IsMine(key) ? string.Join('\n', commands.Select(command => string.Format(command, key))) : null);
        account.ClearRequests();
        await using var after = Start();

        Assert.Equal(["сегодня", "Ваш код 4711-0815"], (await after.ReadAsync("2026-03-01")).Texts);
        Assert.Equal(2, account.Requests().Count);
    }

    [Fact]
    public async Task Read_ValuesMovedToOtherDays_AreMisses()
    {
        await using (var before = Start())
        {
            account.Receive("2026-02-10 10:00:00", "февральское");
            await before.ReadAsync("2026-02-01", "2026-02-14");
            await WrittenAsync();
        }

        // The value of one final day is copied over all other days. Its message must not appear on them.
        await redis.ForEachKeyAsync(key =>
            IsMine(key) && key.Contains(":day:", StringComparison.Ordinal) && !key.EndsWith("0210", StringComparison.Ordinal)
                ? $"COPY {key[..^4]}0210 {key} REPLACE" : null);
        await using var after = Start();

        Assert.Equal(["февральское"], (await after.ReadAsync("2026-02-01", "2026-02-14")).Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_KeysAndValues_HoldNoSecrets(bool encrypted)
    {
        (string, string?)[] settings = encrypted ? [("Cache:EncryptionKeys:0", EncryptionKey)] : [];
        await using (var before = Start(settings))
        {
            await before.ReadAsync("2026-03-01");
            await before.ReadAsync("2026-03-01", number: null);
            await WrittenAsync();
        }

        var keys = await MyKeysAsync();
        var dump = string.Join('\n', keys);
        Assert.All(
            [PageReads.Number, account.Name, account.Password, "4711-0815", EncryptionKey],
            secret => Assert.DoesNotContain(secret, dump, StringComparison.Ordinal));
        await redis.ForEachKeyAsync(key => IsMine(key) ? $"EXPIRE {key} 1000" : null);
        foreach (var server in redis.Servers)
        {
            var mine = (await server.KeysAsync()).Where(IsMine).ToList();
            dump += await server.RunLinesAsync([.. mine.Select(key => $"GET {key}"), .. mine.Select(key => $"DUMP {key}")]);
        }

        Assert.DoesNotContain(account.Password, dump, StringComparison.Ordinal);
        if (encrypted)
        {
            Assert.All(
                [PageReads.Number, "код", "4711-0815", "79161234567"],
                secret => Assert.DoesNotContain(secret, dump, StringComparison.Ordinal));
            account.ClearRequests();
            await using var after = Start(settings);
            Assert.Equal(2, (await after.ReadAsync("2026-03-01")).Texts.Count());
            Assert.Empty(account.Requests());
        }
    }

    [Fact]
    public async Task Write_EveryKey_ExpiresAndSharesTheTagOfItsNumber()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-01");
        await WrittenAsync();

        var keys = await MyKeysAsync();

        Assert.Single(keys.Select(key => key[key.IndexOf('{')..key.IndexOf('}')]).Distinct());
        foreach (var server in redis.Servers)
        {
            foreach (var line in (await server.RunLinesAsync((await server.KeysAsync()).Where(IsMine).Select(key => $"TTL {key}"))).Split(
                '\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.InRange(int.Parse(line), 1, 100 * 86_400);
            }
        }
    }

    [Fact]
    public async Task Read_LeaseHolderDied_DelaysByNoMoreThanTheLease()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-01", "2026-03-01");
        await WrittenAsync();
        var lease = (await MyKeysAsync())[0];
        lease = lease[..(lease.IndexOf('}') + 2)] + "lease:closed";
        await redis.ForEachKeyAsync(key => IsMine(key) ? $"SET {lease} another NX PX 2000" : null);
        var started = TimeProvider.System.GetTimestamp();

        var read = await gateway.ReadAsync("2026-03-10", "2026-03-10");

        Assert.Equal(["Ваш код 4711-0815"], read.Texts);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1, 4);
    }

    [Fact]
    public async Task Read_ReplicaWhoseClockIsAhead_DoesNotMakeOthersBelieveItsAnswers()
    {
        var ahead = new FakeTimeProvider(clock.GetUtcNow().AddHours(1));
        await using var hasty = RunningGateway.Start(simulator, account, ahead, Settings());
        await hasty.ReadAsync("2026-03-15");
        await WrittenAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        account.Receive("2026-03-15 12:00:05", "новое");
        await using var gateway = Start();

        Assert.Equal(["новое", "сегодня"], (await gateway.ReadAsync("2026-03-15")).Texts);
    }

    [Fact]
    public async Task Read_AnotherTimeZoneThanBefore_FindsNothingOfTheOldDays()
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-10", "2026-03-10");
            await WrittenAsync();
        }

        await using var after = Start(("Upstream:TimeZone", "Asia/Yekaterinburg"));
        var item = Assert.Single((await after.ReadAsync("2026-03-10", "2026-03-10")).Items);

        Assert.Equal("2026-03-10T10:00:00+05:00", item.GetProperty("receivedAt").GetString());
    }

    private bool IsMine(string key) => key.StartsWith(prefix, StringComparison.Ordinal) && !key.Contains("lease", StringComparison.Ordinal);

    private async Task<List<string>> MyKeysAsync() => [.. (await redis.KeysAsync()).Where(IsMine)];

    /// <summary>
    /// Waits until Redis holds a head. A caller gets an answer when it is in Redis, but for the first calls, which may end before Redis is
    /// connected.
    /// </summary>
    private async Task WrittenAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!(await MyKeysAsync()).Exists(IsHead))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "Redis holds no head");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    private static bool IsHead(string key) => key.EndsWith(":head", StringComparison.Ordinal);

    private RunningGateway Start(params (string, string?)[] settings) =>
        RunningGateway.Start(simulator, account, clock, Settings(settings));

    private (string, string?)[] Settings(params (string, string?)[] more) =>
        [("Upstream:Retries", "0"), ("Cache:KeyPrefix", prefix), .. redis.Settings, .. more];
}
