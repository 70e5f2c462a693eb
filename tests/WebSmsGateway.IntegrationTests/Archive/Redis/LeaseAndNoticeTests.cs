using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

[Collection(TimedTests.Name)]
public sealed class SingleRedisLeaseTests(SingleRedis redis) : LeaseAndNoticeSuite(redis), IClassFixture<SingleRedis>;

[Collection(TimedTests.Name)]
public sealed class SecuredRedisLeaseTests(SecuredRedis redis) : LeaseAndNoticeSuite(redis), IClassFixture<SecuredRedis>;

[Collection(TimedTests.Name)]
public sealed class ClusterRedisLeaseTests(ClusterRedis redis) : LeaseAndNoticeSuite(redis), IClassFixture<ClusterRedis>;

/// <summary>One replica at a time asks WEBSMS, and the others hear of what it learned.</summary>
public abstract class LeaseAndNoticeSuite(RedisTopology redis) : SharedStoreSuite(redis)
{
    [Fact]
    public async Task Lease_HeldByOneReplica_IsElsewhereForTheOtherUntilItIsReleased()
    {
        await using (var held = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None))
        {
            await using var refused = await Second.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
            await using var closed = await Second.Store.LeaseAsync(Scope, LeaseFor.ClosedDays, None);
            await using var whole = await Second.Store.LeaseAsync(Scope, LeaseFor.WholeRead, None);
            await using var account = await Second.Store.LeaseAsync(default, LeaseFor.OpenDays, None);

            Assert.False(held.IsElsewhere);
            Assert.True(refused.IsElsewhere);
            Assert.False(closed.IsElsewhere);
            Assert.False(whole.IsElsewhere);
            Assert.False(account.IsElsewhere);
        }

        await using var taken = await Second.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        Assert.False(taken.IsElsewhere);
    }

    [Fact]
    public async Task Lease_ManyReplicasAtOnce_IsTakenByOne()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? First : Second).Store.LeaseAsync(Scope, LeaseFor.OpenDays, None)));

        Assert.Single(leases, lease => !lease.IsElsewhere);
        foreach (var lease in leases)
        {
            await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task Lease_WorkLongerThanItsDuration_IsRenewed()
    {
        await using var held = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < RedisLease.Duration * 1.5)
        {
            await using var refused = await Second.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
            Assert.True(refused.IsElsewhere || !Second.Store.IsUp);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, None);
        }
    }

    [Fact]
    public async Task Lease_HolderDied_IsTakenOverWithinItsDuration()
    {
        await using var lost = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        await First.Connection.DisposeAsync();
        var started = TimeProvider.System.GetTimestamp();

        while (true)
        {
            await using var lease = await Second.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
            if (!lease.IsElsewhere)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, None);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1, 5);
    }

    [Theory]
    [InlineData("SET {0} rubbish")]
    [InlineData("SET {0} rubbish PX 3600000")]
    [InlineData("DEL {0}", "LPUSH {0} x")]
    public async Task Lease_ValueThatIsNoLeaseInItsPlace_IsReplaced(params string[] commands)
    {
        await using var lost = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        await RunAsync("lease:open", commands);

        await using var taken = await Second.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        await using var refused = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);

        Assert.False(taken.IsElsewhere);
        Assert.True(refused.IsElsewhere);
    }

    [Fact]
    public async Task Lease_TakenByAnotherMeanwhile_IsNotReleasedByTheFirst()
    {
        var first = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        await RunAsync("lease:open", "DEL {0}");
        await using var second = await Second.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);

        await first.DisposeAsync();

        await using var refused = await First.Store.LeaseAsync(Scope, LeaseFor.OpenDays, None);
        Assert.True(refused.IsElsewhere);
    }

    [Fact]
    public async Task Notice_OfAReplacedHead_CallsTheOtherReplicasOnly()
    {
        using var own = new Subscribed(First.Store, Scope);
        using var other = new Subscribed(Second.Store, Scope);
        using var another = new Subscribed(Second.Store, Scope);
        await SubscribersAsync(2);

        for (var i = 1; i <= 10; i++)
        {
            await ReplaceAsync(First, "head");
            await Eventually.TrueAsync(() => other.Calls == i && another.Calls == i, $"the notice of head {i} did not come once");
        }

        Assert.Equal(0, own.Calls);
    }

    [Fact]
    public async Task Notice_OneOfTwoSubscriptionsDisposed_StillCallsTheOther()
    {
        using var kept = new Subscribed(Second.Store, Scope);
        var disposed = new Subscribed(Second.Store, Scope);
        await SubscribersAsync(1);
        await ReplaceAsync(First, "head");
        await Eventually.TrueAsync(() => kept.Calls == 1 && disposed.Calls == 1, "the notice did not come once");
        disposed.Dispose();
        disposed.Dispose();

        await ReplaceAsync(First, "head");
        await Eventually.TrueAsync(() => kept.Calls == 2, "no notice came");

        Assert.Equal(1, disposed.Calls);
    }

    [Fact]
    public async Task Notice_SubscribedAndDisposedOften_EndsAsTheLastCallWantsIt()
    {
        for (var i = 0; i < 200; i++)
        {
            new Subscribed(Second.Store, Scope).Dispose();
        }

        using (var last = new Subscribed(Second.Store, Scope))
        {
            await SubscribersAsync(1);
            await ReplaceAsync(First, "head");
            await Eventually.TrueAsync(() => last.Calls == 1, "no notice came");
        }

        await SubscribersAsync(0);
    }

    /// <summary>Waits until so many replicas have a subscription at Redis. Each notice calls them from then on.</summary>
    private Task SubscribersAsync(int count)
    {
        var found = 0;
        return Eventually.TrueAsync(async () => (found = await CountAsync()) == count, () => $"{found} replicas have a subscription, not {count}");

        async Task<int> CountAsync() => (await Task.WhenAll(Redis.Servers.Select(CountAtAsync))).Sum();
    }

    private async Task<int> CountAtAsync(RedisServer server)
    {
        var channels = (await server.RunAsync("PUBSUB", "CHANNELS", $"{Prefix}*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var counts = channels.Length == 0 ? "" : await server.RunAsync(["PUBSUB", "NUMSUB", .. channels]);

        // A name and its count, in turns.
        return counts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((_, i) => i % 2 == 1).Sum(int.Parse);
    }
}
