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
        account.Receive("2026-03-10 10:00:00", "Ваш код 4711");
        account.Receive("2026-03-15 11:00:00", "сегодня");
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Read_SecondReplica_AsksNothingForKnownDays()
    {
        await using var first = Start();
        await first.ReadAsync("2026-03-01");
        await WrittenAsync(15);
        account.ClearRequests();

        await using var second = Start();
        var read = await second.ReadAsync("2026-03-01");

        Assert.Equal(["сегодня", "Ваш код 4711"], read.Texts);
        Assert.Empty(account.Requests());
        Assert.Contains("detail=redis", read.CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AfterARestart_AsksNothingForClosedDays()
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-01");
            await WrittenAsync(15);
        }

        account.ClearRequests();
        clock.Advance(TimeSpan.FromHours(1));
        await using var after = Start();

        Assert.Equal(["Ваш код 4711"], (await after.ReadAsync("2026-03-01", "2026-03-14")).Texts);
        Assert.Empty(account.Requests());
    }

    [Fact]
    public async Task Read_RestartWhileWebsmsIsDown_ServesTheOpenDayStale()
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-15");
            await WrittenAsync(1);
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
        await WrittenAsync(3);
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
        await WrittenAsync(3);
        await redis.ForEachKeyAsync(key => IsMine(key) && key.Split(':').Length == 4 ? $"DEL {key}" : null);
        clock.Advance(TimeSpan.FromSeconds(10));
        account.Receive("2026-03-15 12:00:05", "новое");

        await gateway.ReadAsync("2026-03-15");
        await gateway.SettleAsync();
        await WrittenAsync(1);

        // The gateway does not write the deleted blocks again, because it has recorded that Redis holds them.
        Assert.Single(await MyKeysAsync());
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
            await WrittenAsync(15);
        }

        await redis.ForEachKeyAsync(key => IsMine(key) ? string.Join('\n', commands.Select(command => string.Format(command, key))) : null);
        account.ClearRequests();
        await using var after = Start();

        Assert.Equal(["сегодня", "Ваш код 4711"], (await after.ReadAsync("2026-03-01")).Texts);
        Assert.Equal(2, account.Requests().Count);
    }

    [Fact]
    public async Task Read_ValuesMovedToOtherDays_AreMisses()
    {
        await using (var before = Start())
        {
            await before.ReadAsync("2026-03-01", "2026-03-14");
            await WrittenAsync(14);
        }

        // The value of one day is copied over all other days. Its message must not appear on them.
        await redis.ForEachKeyAsync(key =>
            IsMine(key) && !key.EndsWith("0310", StringComparison.Ordinal) ? $"COPY {key[..^4]}0310 {key} REPLACE" : null);
        await using var after = Start();

        Assert.Equal(["Ваш код 4711"], (await after.ReadAsync("2026-03-01", "2026-03-14")).Texts);
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
            await WrittenAsync(30);
        }

        var keys = await MyKeysAsync();
        var dump = string.Join('\n', keys);
        Assert.All(
            [PageReads.Number, account.Name, account.Password, "4711", EncryptionKey],
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
                [PageReads.Number, "код", "4711", "79161234567"],
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
        await WrittenAsync(15);

        var keys = await MyKeysAsync();

        Assert.Single(keys.Select(key => key[key.IndexOf('{')..key.IndexOf('}')]).Distinct());
        foreach (var server in redis.Servers)
        {
            foreach (var line in (await server.RunLinesAsync((await server.KeysAsync()).Where(IsMine).Select(key => $"TTL {key}"))).Split(
                '\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.InRange(int.Parse(line), 1, 30 * 86_400);
            }
        }
    }

    [Fact]
    public async Task Read_LeaseHolderDied_DelaysByNoMoreThanTheLease()
    {
        await using var gateway = Start();
        await gateway.ReadAsync("2026-03-01", "2026-03-01");
        await WrittenAsync(1);
        var lease = (await MyKeysAsync())[0];
        lease = lease[..(lease.IndexOf('}') + 2)] + "lease:closed";
        await redis.ForEachKeyAsync(key => IsMine(key) ? $"SET {lease} another NX PX 2000" : null);
        var started = TimeProvider.System.GetTimestamp();

        var read = await gateway.ReadAsync("2026-03-10", "2026-03-10");

        Assert.Equal(["Ваш код 4711"], read.Texts);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1, 4);
    }

    [Fact]
    public async Task Read_ReplicaWhoseClockIsAhead_DoesNotMakeOthersBelieveItsAnswers()
    {
        var ahead = new FakeTimeProvider(clock.GetUtcNow().AddHours(1));
        await using var hasty = RunningGateway.Start(simulator, account, ahead, Settings());
        await hasty.ReadAsync("2026-03-15");
        await WrittenAsync(1);
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
            await WrittenAsync(1);
        }

        await using var after = Start(("Upstream:TimeZone", "Asia/Yekaterinburg"));
        var item = Assert.Single((await after.ReadAsync("2026-03-10", "2026-03-10")).Items);

        Assert.Equal("2026-03-10T10:00:00+05:00", item.GetProperty("receivedAt").GetString());
    }

    private bool IsMine(string key) => key.StartsWith(prefix, StringComparison.Ordinal) && !key.Contains("lease", StringComparison.Ordinal);

    private async Task<List<string>> MyKeysAsync() => [.. (await redis.KeysAsync()).Where(IsMine)];

    /// <summary>Waits until Redis holds this many keys. A caller gets an answer before it is in Redis.</summary>
    private async Task WrittenAsync(int keys)
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await MyKeysAsync()).Count < keys)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"Redis holds fewer than {keys} keys");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    private RunningGateway Start(params (string, string?)[] settings) =>
        RunningGateway.Start(simulator, account, clock, Settings(settings));

    private (string, string?)[] Settings(params (string, string?)[] more) =>
        [("Upstream:Retries", "0"), ("Cache:KeyPrefix", prefix), .. redis.Settings, .. more];
}
