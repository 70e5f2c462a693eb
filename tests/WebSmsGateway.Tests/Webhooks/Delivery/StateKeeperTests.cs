using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Tests.Webhooks.Delivery;

/// <summary>Two replicas, one store, and who may write.</summary>
public sealed class StateKeeperTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly SharedStates store;
    private readonly StateKeeper first;
    private readonly StateKeeper second;

    public StateKeeperTests()
    {
        store = new SharedStates(clock);
        (first, second) = (new StateKeeper("shop", store), new StateKeeper("shop", store));
    }

    [Fact]
    public async Task Hold_TwoReplicas_OneSendsAndTheOtherFollowsItsState()
    {
        await BeginAsync(first);
        Assert.Equal(Holding.Elsewhere, await second.HoldAsync(default));
        Assert.True(await first.SaveAsync(first.State! with { Cursor = "1" }, default));

        Assert.Equal(Holding.Elsewhere, await second.HoldAsync(default));
        Assert.Equal("1", second.State!.Cursor);
    }

    [Fact]
    public async Task Save_AfterAFreeze_ChangesNothingAndEndsTheRight()
    {
        await BeginAsync(first);
        await first.SaveAsync(first.State! with { Cursor = "1" }, default);
        clock.Advance(IStateStore.LeaseDuration * 2);
        Assert.Equal(Holding.Here, await second.HoldAsync(default));
        await second.SaveAsync(second.State! with { Cursor = "2" }, default);

        // The first one comes back between an answer and its save.
        Assert.False(await first.SaveAsync(first.State! with { Cursor = "old" }, default));
        Assert.False(await first.SaveAsync(first.State! with { Cursor = "old" }, default));
        Assert.Equal(Holding.Elsewhere, await first.HoldAsync(default));
        Assert.Equal("2", first.State!.Cursor);
        Assert.True(await second.SaveAsync(second.State! with { Cursor = "3" }, default));
        Assert.Equal("3", await StoredCursorAsync());
    }

    [Fact]
    public async Task Save_TwoSendersOfOneNumber_OneOfThemHasLost()
    {
        await BeginAsync(first);
        await first.ReleaseAsync(default);

        // Both find the lease free, because it ran out between the look and the first write of the other.
        store.IsLeaseIgnored = true;
        await second.LookAsync(default);
        store.BeforeReplace = async () =>
        {
            store.BeforeReplace = null;
            Assert.Equal(Holding.Here, await second.HoldAsync(default));
        };
        Assert.Equal(Holding.Elsewhere, await first.HoldAsync(default));
        store.IsLeaseIgnored = false;

        Assert.False(await first.SaveAsync(first.State! with { Cursor = "first" }, default));
        Assert.True(await second.SaveAsync(second.State! with { Cursor = "second" }, default));
        Assert.Equal("second", await StoredCursorAsync());
    }

    [Fact]
    public async Task Hold_AfterTheStoreWasEmptied_TheSenderWritesItsStateAgain()
    {
        await BeginAsync(first);
        await first.SaveAsync(first.State! with { Cursor = "1" }, default);
        await first.OrderAsync((orders, _) => orders with { Resumes = 7 }, default);
        await second.HoldAsync(default);
        store.Empty();

        // The other one comes first, and gives the sender its chance.
        Assert.Equal(Holding.Elsewhere, await second.HoldAsync(default));
        Assert.Equal(Holding.Here, await first.HoldAsync(default));
        Assert.Equal(Holding.Elsewhere, await second.HoldAsync(default));
        Assert.Equal("1", await StoredCursorAsync());
        Assert.Equal(7, second.Orders.Resumes);
    }

    [Fact]
    public async Task Hold_AfterTheStoreWasEmptiedAndTheSenderDied_TheOtherGoesOnFromWhatItKnows()
    {
        await BeginAsync(first);
        await first.SaveAsync(first.State! with { Cursor = "1" }, default);
        await second.HoldAsync(default);
        store.Empty();

        Assert.Equal(Holding.Elsewhere, await second.HoldAsync(default));
        Assert.Equal(Holding.Here, await second.HoldAsync(default));
        Assert.Equal("1", second.State!.Cursor);
    }

    [Fact]
    public async Task Save_WhileTheStoreIsDown_IsWrittenWhenItIsBack()
    {
        await BeginAsync(first);
        store.IsDown = true;
        Assert.True(await first.SaveAsync(first.State! with { Cursor = "1" }, default));
        Assert.Equal(Holding.Here, await first.HoldAsync(default));
        Assert.Equal(Holding.Unknown, await second.HoldAsync(default));
        Assert.False(await second.OrderAsync((orders, _) => orders with { IsPaused = true }, default));
        store.IsDown = false;

        Assert.Equal(Holding.Here, await first.HoldAsync(default));
        Assert.Equal("1", await StoredCursorAsync());
    }

    [Fact]
    public async Task Save_WhoseAnswerWasLost_IsNotLost()
    {
        await BeginAsync(first);
        store.LosesAnswers = true;
        Assert.True(await first.SaveAsync(first.State! with { Cursor = "1" }, default));
        store.LosesAnswers = false;

        Assert.True(await first.SaveAsync(first.State! with { Cursor = "2" }, default));
        Assert.Equal("2", await StoredCursorAsync());
    }

    [Fact]
    public async Task Order_OfAnotherReplica_ReachesTheSenderAndChangesNoState()
    {
        await BeginAsync(first);
        var changed = first.Changed;
        Assert.True(await second.OrderAsync((orders, _) => orders with { IsPaused = true }, default));
        await first.HoldAsync(default);

        Assert.True(changed.IsCompleted);
        Assert.True(first.Orders.IsPaused);
        Assert.True(await first.SaveAsync(first.State! with { Cursor = "1" }, default));
        Assert.True(await second.OrderAsync((orders, _) => orders with { IsPaused = false }, default));
    }

    [Fact]
    public async Task Hold_ADamagedState_IsKnownToBeNoNewOne()
    {
        await store.ReplaceAsync("shop", StateSlot.State, "", "{ damaged"u8.ToArray(), default);

        Assert.Equal(Holding.Here, await first.HoldAsync(default));
        Assert.Null(first.State);
        Assert.True(first.IsDamaged);
        Assert.True(await first.BeginAnewAsync(new EndpointState { Cursor = "begin" }, default));
        Assert.Equal("begin", await StoredCursorAsync());
    }

    [Fact]
    public async Task Files_AfterARestart_HaveTheStateAndTheOrders()
    {
        var directory = Directory.CreateTempSubdirectory("webhook-state-");
        try
        {
            using (var states = new FileStates(directory.FullName, clock, NullLogger<FileStates>.Instance))
            {
                var keeper = new StateKeeper("shop", states);
                await BeginAsync(keeper);
                await keeper.SaveAsync(keeper.State! with { Cursor = "1" }, default);
                await keeper.OrderAsync((orders, _) => orders with { IsPaused = true }, default);
                using var intruder = new FileStates(directory.FullName, clock, NullLogger<FileStates>.Instance);
                var other = new StateKeeper("shop", intruder);
                Assert.Equal(Holding.Elsewhere, await other.HoldAsync(default));
            }

            clock.Advance(TimeSpan.FromMinutes(5));
            using var again = new FileStates(directory.FullName, clock, NullLogger<FileStates>.Instance);
            var resumed = new StateKeeper("shop", again);
            Assert.Equal(Holding.Here, await resumed.HoldAsync(default));
            Assert.Equal("1", resumed.State!.Cursor);
            Assert.True(resumed.Orders.IsPaused);
            Assert.Equal((true, TimeSpan.FromMinutes(5)), await again.AgeAsync(default));
            Assert.DoesNotContain(directory.EnumerateFiles(), file => file.Name.EndsWith(".new", StringComparison.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task BeginAsync(StateKeeper keeper)
    {
        Assert.Equal(Holding.Here, await keeper.HoldAsync(default));
        Assert.True(await keeper.BeginAnewAsync(new EndpointState { Cursor = "begin" }, default));
    }

    private async Task<string> StoredCursorAsync()
    {
        var reader = new StateKeeper("shop", store);
        await reader.LookAsync(default);
        return reader.State!.Cursor;
    }
}
