using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
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
        await using (var held = await First.Store.LeaseAsync(Scope, isOpen: true, None))
        {
            await using var refused = await Second.Store.LeaseAsync(Scope, isOpen: true, None);
            await using var closed = await Second.Store.LeaseAsync(Scope, isOpen: false, None);
            await using var account = await Second.Store.LeaseAsync(default, isOpen: true, None);

            Assert.False(held.IsElsewhere);
            Assert.True(refused.IsElsewhere);
            Assert.False(closed.IsElsewhere);
            Assert.False(account.IsElsewhere);
        }

        await using var taken = await Second.Store.LeaseAsync(Scope, isOpen: true, None);
        Assert.False(taken.IsElsewhere);
    }

    [Fact]
    public async Task Lease_ManyReplicasAtOnce_IsTakenByOne()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? First : Second).Store.LeaseAsync(Scope, isOpen: true, None)));

        Assert.Single(leases, lease => !lease.IsElsewhere);
        foreach (var lease in leases)
        {
            await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task Lease_WorkLongerThanItsDuration_IsRenewed()
    {
        await using var held = await First.Store.LeaseAsync(Scope, isOpen: true, None);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < RedisLease.Duration * 1.5)
        {
            await using var refused = await Second.Store.LeaseAsync(Scope, isOpen: true, None);
            Assert.True(refused.IsElsewhere || !Second.Store.IsUp);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, None);
        }
    }

    [Fact]
    public async Task Lease_HolderDied_IsTakenOverWithinItsDuration()
    {
        await using var lost = await First.Store.LeaseAsync(Scope, isOpen: true, None);
        await First.Connection.DisposeAsync();
        var started = TimeProvider.System.GetTimestamp();

        while (true)
        {
            await using var lease = await Second.Store.LeaseAsync(Scope, isOpen: true, None);
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
        await using var lost = await First.Store.LeaseAsync(Scope, isOpen: true, None);
        await RunAsync("lease:open", commands);

        await using var taken = await Second.Store.LeaseAsync(Scope, isOpen: true, None);
        await using var refused = await First.Store.LeaseAsync(Scope, isOpen: true, None);

        Assert.False(taken.IsElsewhere);
        Assert.True(refused.IsElsewhere);
    }

    [Fact]
    public async Task Lease_TakenByAnotherMeanwhile_IsNotReleasedByTheFirst()
    {
        var first = await First.Store.LeaseAsync(Scope, isOpen: true, None);
        await RunAsync("lease:open", "DEL {0}");
        await using var second = await Second.Store.LeaseAsync(Scope, isOpen: true, None);

        await first.DisposeAsync();

        await using var refused = await First.Store.LeaseAsync(Scope, isOpen: true, None);
        Assert.True(refused.IsElsewhere);
    }

    [Fact]
    public async Task Notice_OfAReplacedHead_CallsTheOtherReplicasOnly()
    {
        using var own = new Subscribed(First.Store, Scope);
        using var other = new Subscribed(Second.Store, Scope);
        using var another = new Subscribed(Second.Store, Scope);
        await ArrivesAsync(other);
        await ArrivesAsync(another);
        var before = (own.Calls, Other: other.Calls, Another: another.Calls);

        await ReplaceAsync(First, "head");
        await Eventually.TrueAsync(() => other.Calls > before.Other && another.Calls > before.Another, "no notice came");

        Assert.Equal((own.Calls, before.Other + 1, before.Another + 1), (0, other.Calls, another.Calls));
    }

    [Fact]
    public async Task Notice_OneOfTwoSubscriptionsDisposed_StillCallsTheOther()
    {
        using var kept = new Subscribed(Second.Store, Scope);
        var disposed = new Subscribed(Second.Store, Scope);
        await ArrivesAsync(kept);
        await Eventually.TrueAsync(() => disposed.Calls == kept.Calls, "one subscription is behind");
        disposed.Dispose();
        disposed.Dispose();
        var before = (disposed.Calls, Kept: kept.Calls);

        await ReplaceAsync(First, "head");
        await Eventually.TrueAsync(() => kept.Calls > before.Kept, "no notice came");

        Assert.Equal(before.Calls, disposed.Calls);
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
            await ArrivesAsync(last);
            await SubscribersAsync(1);
        }

        await SubscribersAsync(0);
    }

    /// <summary>Replaces the head until the notice comes. A subscription takes effect after a moment.</summary>
    private async Task ArrivesAsync(Subscribed subscription)
    {
        var before = subscription.Calls;
        var started = TimeProvider.System.GetTimestamp();
        while (subscription.Calls == before)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5), "No notice came.");
            await ReplaceAsync(First, "head");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, None);
        }

        // Notices that are on their way arrive before the test goes on.
        var calls = -1;
        while (calls != subscription.Calls)
        {
            calls = subscription.Calls;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, None);
        }
    }

    private Task SubscribersAsync(int count)
    {
        return Eventually.TrueAsync(async () => await CountAsync() == count, $"there are not {count} subscriptions", 5);

        async Task<int> CountAsync()
        {
            var channels = await Task.WhenAll(Redis.Servers.Select(server => server.RunAsync("PUBSUB", "CHANNELS", $"{Prefix}*")));
            return channels.Sum(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }
}
