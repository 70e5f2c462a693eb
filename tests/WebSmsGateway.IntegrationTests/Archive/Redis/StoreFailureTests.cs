using System.Diagnostics.Metrics;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>Redis stops, restarts, fills up or refuses, and no call of the store takes long or throws.</summary>
[Collection(TimedTests.Name)]
public sealed class StoreFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private RedisServer redis = null!;

    private static readonly string[] AllCalls = ["head", "replace", "read", "write", "write much", "release", "lease", "subscribe"];

    public static TheoryData<string> Calls => [.. AllCalls];

    public async Task InitializeAsync() => redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AnyCall_RedisIsSuspended_IsUnansweredWithinItsLimitAndWorksAgainLater(string call)
    {
        await using var replica = await StartAsync();
        await AnswersSoonAsync(replica.Store, call);
        await redis.SuspendAsync();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var started = TimeProvider.System.GetTimestamp();
                var answered = await AnswersAsync(replica.Store, call);
                var elapsed = TimeProvider.System.GetElapsedTime(started);

                Assert.Equal(call == "subscribe", answered);
                Assert.InRange(elapsed, TimeSpan.Zero, RedisConnection.TimeLimit + TimeSpan.FromMilliseconds(150));
            }
        }
        finally
        {
            await redis.ResumeAsync();
        }

        await Eventually.TrueAsync(() => replica.Store.IsUp, "the breaker stays open");

        // Redis runs late what it was sent before. So the lease may be taken by a call that nobody waits for any more, until it ends.
        await AnswersSoonAsync(replica.Store, call);
    }

    [Fact]
    public async Task AnyCall_RedisWasRestarted_WorksAgain()
    {
        await using var replica = await StartAsync();
        await redis.KillAsync();
        Assert.Null(await replica.Store.ReadHeadAsync(default, null, CancellationToken.None));
        Assert.False(replica.Store.IsUp);

        await redis.StartAgainAsync();
        await Eventually.TrueAsync(() => replica.Store.IsUp, "the breaker stays open");

        Assert.Equal(new StoredHead("", null), await replica.Store.ReadHeadAsync(default, null, CancellationToken.None));
        foreach (var call in AllCalls)
        {
            await AnswersSoonAsync(replica.Store, call);
        }
    }

    [Fact]
    public async Task AnyCall_ScriptsFlushed_StillWorks()
    {
        await using var replica = await StartAsync();
        await AnswersSoonAsync(replica.Store, "replace");
        await redis.RunAsync("SCRIPT", "FLUSH");

        Assert.True(await AnswersAsync(replica.Store, "replace"));
        await AnswersSoonAsync(replica.Store, "lease");
    }

    [Fact]
    public async Task Notice_AfterARestartOfRedis_StillComes()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        using var subscription = new Subscribed(second.Store, default);
        await ArrivesAsync(first, subscription);

        await redis.KillAsync();
        await redis.StartAgainAsync();
        await Eventually.TrueAsync(() => first.Store.IsUp && second.Store.IsUp, "Redis is not in use again");

        await ArrivesAsync(first, subscription);
        await ArrivesAsync(first, subscription);
    }

    [Fact]
    public async Task Notice_SubscribedBeforeRedisWasThere_StillComes()
    {
        await redis.KillAsync();
        await using var second = StoreReplica.Create(TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString));
        using var subscription = new Subscribed(second.Store, default);
        new Subscribed(second.Store, default).Dispose();
        await redis.StartAgainAsync();
        await using var first = await StartAsync();

        await ArrivesAsync(first, subscription);
    }

    [Fact]
    public async Task Notice_SubscribedWhileRedisWasDown_StillComesAndCallsOnce()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await redis.KillAsync();
        Assert.Null(await second.Store.ReadHeadAsync(default, null, CancellationToken.None));
        using var subscription = new Subscribed(second.Store, default);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
        await redis.StartAgainAsync();
        await Eventually.TrueAsync(() => first.Store.IsUp && second.Store.IsUp, "Redis is not in use again");

        await ArrivesAsync(first, subscription);
        var before = subscription.Calls;
        await AnswersSoonAsync(first.Store, "replace");
        await Eventually.TrueAsync(() => subscription.Calls > before, "no notice came");
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);

        Assert.Equal(before + 1, subscription.Calls);
    }

    [Fact]
    public async Task AnyCall_RedisIsFull_RefusesWritesAndLogsItOnce()
    {
        await redis.RunAsync("CONFIG", "SET", "maxmemory", "1");
        await using var replica = await StartAsync();

        for (var i = 0; i < 5; i++)
        {
            Assert.False(await AnswersAsync(replica.Store, "replace"));
            Assert.False(await AnswersAsync(replica.Store, "write"));
            Assert.True(await AnswersAsync(replica.Store, "head"));
        }

        Assert.True(replica.Store.IsUp);
        Assert.Single(replica.Logs.Lines, line => line.Contains("Redis refused a call (OOM)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnyCall_UserWithoutRightsOfAnAdministrator_Works()
    {
        await redis.RunAsync(
            "ACL", "SETUSER", "gateway", "on", ">secret", "~websms:*", "&websms:*", "+hset", "+hmget", "+expire", "+eval", "+evalsha",
            "+script|load", "+time", "+type", "+get", "+getrange", "+set", "+del", "+pttl", "+pexpire", "+publish", "+subscribe",
            "+unsubscribe", "+ping", "+client|setname", "+client|setinfo");
        await using var first = await StartAsync(",user=gateway,password=secret");
        await using var second = await StartAsync(",user=gateway,password=secret");
        using var subscription = new Subscribed(second.Store, default);

        foreach (var call in AllCalls)
        {
            await AnswersSoonAsync(first.Store, call);
        }

        await ArrivesAsync(first, subscription);
        Assert.DoesNotContain(first.Logs.Lines.Concat(second.Logs.Lines), line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnyCall_UserWithoutScripts_IsUnansweredAsIfRedisWereDown()
    {
        await redis.RunAsync("ACL", "SETUSER", "gateway", "on", ">secret", "~*", "&*", "+@all", "-eval", "-evalsha");
        await using var replica = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString + ",user=gateway,password=secret"));
        await Eventually.TrueAsync(() => replica.Logs.Lines.Count > 0, "nothing was logged");

        foreach (var call in AllCalls.Where(call => call != "subscribe"))
        {
            Assert.False(await AnswersAsync(replica.Store, call), call);
        }

        Assert.False(replica.Store.IsUp);
        Assert.Contains("(NOPERM)", Assert.Single(replica.Logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceHead_UserWhoMayNotPublishOrSubscribe_IsWrittenWithoutNotices()
    {
        await redis.RunAsync("ACL", "SETUSER", "gateway", "on", ">secret", "~*", "resetchannels", "+@all");
        await using var replica = await StartAsync(",user=gateway,password=secret");
        using var subscription = new Subscribed(replica.Store, default);

        await AnswersSoonAsync(replica.Store, "replace");
        await Eventually.TrueAsync(() => replica.Logs.Lines.Any(line => line.Contains("(NOPERM)", StringComparison.Ordinal)), "nothing was logged");
        Assert.True(replica.Store.IsUp);
    }

    [Fact]
    public async Task Foreign_HeadAndValue_AreCounted()
    {
        var count = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "websms.redis.foreign_values")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref count, measured));
        listener.Start();
        await using var replica = await StartAsync();
        await AnswersSoonAsync(replica.Store, "replace");
        await AnswersSoonAsync(replica.Store, "write");
        await redis.RunLinesAsync((await redis.KeysAsync()).Select(key => $"SET {key} rubbish"));

        await replica.Store.ReadHeadAsync(default, null, CancellationToken.None);
        await replica.Store.ReadValuesAsync(default, ["name", "missing"], CancellationToken.None);

        Assert.Equal(2, count);
    }

    private async Task<StoreReplica> StartAsync(string more = "")
    {
        var replica = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString + more));
        await Eventually.TrueAsync(() => replica.Store.IsUp, "Redis is not in use");
        return replica;
    }

    /// <summary>Calls until there is an answer. On a busy machine one call may take longer than its limit.</summary>
    private static async Task AnswersSoonAsync(ISharedStore store, string call)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(store, call))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < RedisLease.Duration * 1.5, $"no answer: {call}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<bool> AnswersAsync(ISharedStore store, string call)
    {
        var token = CancellationToken.None;
        switch (call)
        {
            case "head":
                return await store.ReadHeadAsync(default, null, token) is not null;
            case "replace":
                var tag = (await store.ReadHeadAsync(default, null, token))?.Tag ?? "";
                return (await store.ReplaceHeadAsync(default, tag, new byte[100], token)).Outcome == HeadWriteOutcome.Written;
            case "read":
                return await store.ReadValuesAsync(default, [.. Enumerable.Range(0, 400).Select(i => $"{i}")], token) is not null;
            case "write":
                return await store.WriteValuesAsync(default, [new("name", new byte[100], Hour)], token);
            case "write much":
                return await store.WriteValuesAsync(default, [.. Enumerable.Range(0, 80).Select(i => new StoredValue($"{i}", new byte[100_000], Hour))], token);
            case "release":
                await store.ReleaseValuesAsync(default, ["name"], token);
                return store.IsUp;
            case "lease":
                await using (var lease = await store.LeaseAsync(default, isOpen: true, token))
                {
                    return !lease.IsElsewhere && store.IsUp;
                }

            default:
                new Subscribed(store, default).Dispose();
                return true;
        }
    }

    /// <summary>Replaces the head until a notice of it comes.</summary>
    private static async Task ArrivesAsync(StoreReplica from, Subscribed subscription)
    {
        var before = subscription.Calls;
        var started = TimeProvider.System.GetTimestamp();
        while (subscription.Calls == before)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "No notice came.");
            await AnswersAsync(from.Store, "replace");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }
}
