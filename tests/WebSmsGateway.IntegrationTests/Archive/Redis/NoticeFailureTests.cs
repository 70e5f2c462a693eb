using WebSmsGateway.Archive.Redis;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Archive.Redis.StoreCalls;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>A break of the connection may cost notices that are sent meanwhile, and none after it.</summary>
[Collection(TimedTests.Name)]
public sealed class NoticeFailureTests : IAsyncLifetime
{
    private RedisServer redis = null!;

    public async Task InitializeAsync() => redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await redis.DisposeAsync();

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
        await using var second = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString));
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
        for (var i = 1; i <= 10; i++)
        {
            await AnswersSoonAsync(first.Store, "replace");
            await Eventually.TrueAsync(() => subscription.Calls == before + i, $"notice {i} did not call once");
        }
    }

    private async Task<StoreReplica> StartAsync(string more = "")
    {
        var replica = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString + more));
        await Eventually.TrueAsync(() => replica.Store.IsUp, "Redis is not in use");
        return replica;
    }
}
