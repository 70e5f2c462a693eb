using WebSmsGateway.Archive.Redis;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Archive.Redis.StoreCalls;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>The rights that the store needs at Redis, and what it does without them.</summary>
[Collection(TimedTests.Name)]
public sealed class RightsTests : IAsyncLifetime
{
    // docs/caching.md names these rights.
    private static readonly string[] Rights =
    [
        "ACL", "SETUSER", "gateway", "on", ">secret", "~websms:*", "&websms:*", "+hset", "+hmget", "+expire", "+eval", "+evalsha",
        "+script|load", "+time", "+type", "+get", "+getrange", "+set", "+del", "+pttl", "+pexpire", "+publish", "+subscribe",
        "+unsubscribe", "+ping", "+client|setname", "+client|setinfo",
    ];

    private RedisServer redis = null!;

    public async Task InitializeAsync() => redis = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Fact]
    public async Task AnyCall_UserWithoutRightsOfAnAdministrator_Works()
    {
        await redis.RunAsync(Rights);
        await using var first = await StartAsync(",user=gateway,password=secret");
        await using var second = await StartAsync(",user=gateway,password=secret");
        using var subscription = new Subscribed(second.Store, default);

        foreach (var call in StoreCalls.All)
        {
            await AnswersSoonAsync(first.Store, call);
        }

        await ArrivesAsync(first, subscription);
        Assert.DoesNotContain(first.Logs.Lines.Concat(second.Logs.Lines), line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnyCall_UserOfAClusterWhoMaySeeItsNodes_Works()
    {
        var cluster = new ClusterRedis();
        await cluster.InitializeAsync();
        try
        {
            await Task.WhenAll(cluster.Servers.Select(server => server.RunAsync([.. Rights, "+cluster|nodes"])));
            var connection = string.Join(',', cluster.Servers.Select(server => server.ConnectionString));
            await using var replica = await StoreReplica.StartAsync(("Cache:Redis", $"{connection},user=gateway,password=secret"));

            foreach (var call in StoreCalls.All)
            {
                await AnswersSoonAsync(replica.Store, call);
            }
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task AnyCall_UserOfAPrimaryAndAReplicaWhoMaySeeTheirRoles_Works()
    {
        await using var second = await RedisServer.StartAsync(options: ["--replicaof", $"127.0.0.1 {redis.Port}"]);
        await redis.RunAsync([.. Rights, "+info"]);
        await second.RunAsync([.. Rights, "+info"]);
        await using var replica = await StoreReplica.StartAsync(
            ("Cache:Redis", $"{second.ConnectionString},{redis.ConnectionString},user=gateway,password=secret"));

        foreach (var call in StoreCalls.All)
        {
            await AnswersSoonAsync(replica.Store, call);
        }
    }

    [Fact]
    public async Task AnyCall_UserWithoutScripts_IsUnansweredAsIfRedisWereDown()
    {
        await redis.RunAsync("ACL", "SETUSER", "gateway", "on", ">secret", "~*", "&*", "+@all", "-eval", "-evalsha");
        await using var replica = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString + ",user=gateway,password=secret"));
        await Eventually.TrueAsync(() => replica.Logs.Lines.Count > 0, "nothing was logged");

        foreach (var call in StoreCalls.All.Where(call => call != "subscribe"))
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
        await Eventually.TrueAsync(
            () => replica.Logs.Lines.Any(line => line.Contains("(NOPERM)", StringComparison.Ordinal)), "nothing was logged");
        Assert.True(replica.Store.IsUp);
    }

    private async Task<StoreReplica> StartAsync(string more = "")
    {
        var replica = StoreReplica.Create(
            TimeProvider.System, RedisConnection.TimeLimit, ("Cache:Redis", redis.ConnectionString + more));
        await Eventually.TrueAsync(() => replica.Store.IsUp, "Redis is not in use");
        return replica;
    }
}
