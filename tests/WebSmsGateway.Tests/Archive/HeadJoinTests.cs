using WebSmsGateway.Model;
using WebSmsGateway.Tests.Archive.Redis;

namespace WebSmsGateway.Tests.Archive;

/// <summary>What becomes of an answer, and of what was taken off, where a replica takes over a head that it did not know.</summary>
public sealed class HeadJoinTests
{
    private readonly StoreModel store = new();
    private readonly StoreReplicaModel first;
    private readonly StoreReplicaModel second;

    public HeadJoinTests() => (first, second) = (new(store), new(store));

    [Fact]
    public async Task Commit_DayOfTheHeadThatIsNotInMemory_KeepsItsStampsAndItsOrder()
    {
        // Redis was silent as the question of the second replica was sent, so that it has not loaded the day.
        await first.AnswerAsync("a");
        await second.AnswerAsync("a", "b");
        await first.SyncAsync();

        Assert.Equal(["a", "b"], second.Texts);
        Assert.Equal(first.Messages.Select(message => message.Stamp), second.Messages.Select(message => message.Stamp));
        Assert.True(second.Messages.First().Stamp < second.Messages.Last().Stamp);
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
    }

    [Fact]
    public async Task Commit_DayOfTheHeadCannotBeLoaded_GoesItsOwnWay()
    {
        await first.AnswerAsync("a");
        await second.SyncAsync();
        var head = first.Head;
        store.Answers = false;

        await second.AnswerAsync("a", "b");
        store.Answers = true;
        await first.SyncAsync();

        Assert.True(second.Head.IsApart);
        Assert.Equal((head.Epoch, head.LastStamp), (first.Head.Epoch, first.Head.LastStamp));
        Assert.Equal(["a"], first.Texts);
    }

    [Fact]
    public async Task Sync_MessageWasTakenOffSinceTheOtherLooked_StaysOffAndIsNoNewsWhenItReturns()
    {
        await first.AnswerAsync("a", "b");
        await second.SyncAsync();
        await second.LoadAsync();
        var learned = first.Messages.Last().Stamp;
        store.Flush();
        await TakeOffAsync(first, "a");
        Assert.Equal(["a"], first.Texts);

        second.Clock.Advance(TimeSpan.FromMinutes(5));
        await second.SyncAsync();
        Assert.Equal(["a"], second.Texts);

        await second.AnswerAsync("a", "b");
        var returned = Assert.IsType<ReturnedMessage>(second.Messages.Last());
        Assert.Equal(learned, returned.FirstLearned);
    }

    [Fact]
    public async Task Sync_OtherSawAMessageAfterItWasTakenOff_HasReturned()
    {
        await first.AnswerAsync("a", "b");
        await second.SyncAsync();
        await second.LoadAsync();
        store.Flush();
        await TakeOffAsync(first, "a");

        // The second replica had no Redis meanwhile.
        second.Clock.Advance(TimeSpan.FromMinutes(5));
        store.IsUp = false;
        await second.AnswerAsync("a", "b");
        store.IsUp = true;
        await second.SyncAsync();

        Assert.IsType<ReturnedMessage>(second.Messages.Last());
        Assert.Equal(["a", "b"], second.Texts);
        Assert.Empty(second.Record!.Metadata.Removed);
    }

    [Fact]
    public async Task Sync_RedisLostALaterStateOfADay_KeepsWhatIsKnownInANewEpoch()
    {
        await first.AnswerAsync("a");
        await second.SyncAsync();
        await second.LoadAsync();
        await first.AnswerAsync("a", "b");
        store.LoseValues();
        await second.SyncAsync();

        // The day is read whole, because the other replica may have learned anything of it.
        Assert.Equal(["a"], second.Texts);
        Assert.False(second.Record!.IsWhole);
        Assert.Equal(first.Head.Epoch, Assert.Single(second.Head.Ancestors));

        // An answer without known messages is doubted.
        await second.AnswerAsync();
        Assert.Equal(["a"], second.Texts);
        Assert.Single(second.Record.Metadata.Doubts);
        await first.SyncAsync();
        Assert.Equal(second.Head.Epoch, first.Head.Epoch);
        Assert.Equal(["a", "b"], first.Texts);
    }

    private static async Task TakeOffAsync(StoreReplicaModel replica, params string[] left)
    {
        await replica.AnswerAsync(left);
        replica.Clock.Advance(TimeSpan.FromMinutes(1));
        await replica.AnswerAsync(left);
    }
}
