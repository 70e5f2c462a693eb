using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
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
        var other = new Scope(RentedNumber.Reported("79021234567"));
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await redis.KillAsync();
        Assert.Null(await second.Store.ReadHeadAsync(default, null, CancellationToken.None));
        using var subscription = new Subscribed(second.Store, default);
        await Eventually.TrueAsync(() => second.Logs.Lines.Any(line => line.Contains("refuses subscriptions")), "nobody tried to subscribe");
        await redis.StartAgainAsync();
        await Eventually.TrueAsync(() => first.Store.IsUp && second.Store.IsUp, "Redis is not in use again");

        await ArrivesAsync(first, subscription);
        using var last = new Subscribed(second.Store, other);
        await ArrivesAsync(first, last, other);
        var (before, sent) = (subscription.Calls, 0);
        for (var i = 0; i < 20; i++)
        {
            sent += await AnswersAsync(first.Store, "replace") ? 1 : 0;
        }

        // Notices come one after the other, so a second call of each would be there. A connection that was restored calls once more.
        await ArrivesAsync(first, last, other);
        await Eventually.TrueAsync(() => subscription.Calls >= before + sent, "notices are missing");
        Assert.InRange(subscription.Calls - before, sent, sent + 5);
    }

    private async Task<StoreReplica> StartAsync(string more = "")
    {
        var replica = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString + more));
        await Eventually.TrueAsync(() => replica.Store.IsUp, "Redis is not in use");
        return replica;
    }
}
