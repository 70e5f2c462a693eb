using System.Diagnostics.Metrics;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Archive.Redis.StoreCalls;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>Redis stops, restarts, fills up or refuses, and no call of the store takes long or throws.</summary>
[Collection(TimedTests.Name)]
public sealed class StoreFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = RedisConnection.TimeLimit + TimeSpan.FromMilliseconds(150);

    private RedisServer redis = null!;

    public static TheoryData<string> Calls => [.. StoreCalls.All];

    public async Task InitializeAsync() => redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AnyCall_RedisIsSuspended_IsUnansweredWithinItsLimitAndWorksAgainLater(string call)
    {
        await using var replica = await StartAsync();
        var shortest = TimeSpan.MaxValue;

        // A busy machine may delay one call. Without the limit each would take as long as the client waits, which is a second.
        for (var attempt = 0; attempt < 3 && shortest > Bound; attempt++)
        {
            await AnswersSoonAsync(replica.Store, call);
            await redis.SuspendAsync();
            try
            {
                var started = TimeProvider.System.GetTimestamp();
                Assert.Equal(call == "subscribe", await AnswersAsync(replica.Store, call));
                Assert.Equal(call == "subscribe", await AnswersAsync(replica.Store, call));
                var elapsed = TimeProvider.System.GetElapsedTime(started);
                shortest = elapsed < shortest ? elapsed : shortest;
            }
            finally
            {
                await redis.ResumeAsync();
            }

            await Eventually.TrueAsync(() => replica.Store.IsUp, "the breaker stays open");
        }

        Assert.InRange(shortest, TimeSpan.Zero, Bound);

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
        foreach (var call in StoreCalls.All)
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
}
