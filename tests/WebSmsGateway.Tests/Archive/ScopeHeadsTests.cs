using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Tests.Archive.Redis;

namespace WebSmsGateway.Tests.Archive;

/// <summary>How replicas share a head, and when a head begins a new epoch.</summary>
public sealed class ScopeHeadsTests
{
    private readonly StoreModel store = new();
    private readonly StoreReplicaModel first;
    private readonly StoreReplicaModel second;

    public ScopeHeadsTests() => (first, second) = (new(store), new(store));

    [Fact]
    public async Task Commit_OtherReplica_HasTheSameHeadAndDays()
    {
        await first.AnswerAsync("a");
        await second.SyncAsync();
        await second.LoadAsync();

        Assert.Equal((first.Head.Epoch, first.Head.LastStamp, first.Head.Tag), (second.Head.Epoch, second.Head.LastStamp, second.Head.Tag));
        Assert.Equal(first.Messages.Select(message => message.Stamp), second.Messages.Select(message => message.Stamp));

        // What one of them learns later is there at once with the head, because the other holds the day.
        await first.AnswerAsync("a", "b");
        await second.SyncAsync();
        Assert.Equal(["a", "b"], second.Texts);
    }

    [Fact]
    public async Task Commit_LostRace_MergesAgainIntoTheHeadOfTheWinner()
    {
        await first.AnswerAsync("a");
        await second.SyncAsync();
        await second.LoadAsync();
        store.BeforeReplace = () => second.AnswerAsync("a", "b");

        await first.AnswerAsync("a", "b", "c");
        await second.SyncAsync();

        Assert.Equal(["a", "b", "c"], first.Texts);
        Assert.Equal(["a", "b", "c"], second.Texts);
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
        Assert.Equal(3, first.Messages.Select(message => message.Stamp.Moment).Distinct().Count());
        Assert.Equal(first.Messages.OrderBy(message => message.Stamp), first.Messages);
    }

    [Fact]
    public async Task Commit_TwoReplicasWithoutAHead_AgreeOnOneEpoch()
    {
        store.BeforeReplace = () => second.AnswerAsync("a");

        await first.AnswerAsync("a", "b");

        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
        Assert.Equal(["a", "b"], first.Texts);
    }

    [Fact]
    public async Task Sync_HeadOfAnEarlierMomentWasPutBack_BeginsANewEpochForAll()
    {
        await first.AnswerAsync("a");
        var saved = store.Saved(Scope.Account)!;
        await first.AnswerAsync("a", "b");
        var (epoch, stamp) = (first.Head.Epoch, first.Head.LastStamp);
        store.PutBack(Scope.Account, saved);

        await first.SyncAsync();
        await second.SyncAsync();

        Assert.NotEqual(epoch, first.Head.Epoch);
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
        Assert.Contains(epoch, second.Head.Ancestors);
        Assert.Equal(stamp, second.Head.LastStamp);

        // What this replica knows is not lost with the writes.
        Assert.Equal(["a", "b"], first.Texts);
        await second.LoadAsync();
        Assert.Equal(["a", "b"], second.Texts);
    }

    [Fact]
    public async Task Sync_AnotherReplicaWentOnFromTheHeadThatWasPutBack_BeginsANewEpochWithWhatBothKnow()
    {
        await first.AnswerAsync("a");
        await second.SyncAsync();
        await second.LoadAsync();
        var (saved, epoch) = (store.Saved(Scope.Account)!, first.Head.Epoch);
        await first.AnswerAsync("a", "b");
        store.PutBack(Scope.Account, saved);
        second.Clock.Advance(TimeSpan.FromMinutes(1));
        await second.AnswerAsync("a", "c");
        Assert.True(second.Head.LastStamp > first.Head.LastStamp);

        await first.SyncAsync();
        await second.SyncAsync();

        Assert.NotEqual(epoch, first.Head.Epoch);
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
        Assert.Equal(["a", "b", "c"], first.Texts.Order());
        Assert.Equal(["a", "b", "c"], second.Texts.Order());
    }

    [Fact]
    public async Task Sync_HeadWithoutTheLastAnswerWasPutBack_MovesNoTimeBack()
    {
        await first.AnswerAsync("a");
        var (saved, epoch) = (store.Saved(Scope.Account)!, first.Head.Epoch);
        await first.AnswerAsync("a");
        var askedAt = first.Record!.AskedAt;
        store.PutBack(Scope.Account, saved);

        await first.SyncAsync();

        Assert.Equal((askedAt, epoch), (first.Record!.AskedAt, first.Head.Epoch));
    }

    [Fact]
    public async Task Sync_HeadOfAnEarlierEpochWasPutBack_BeginsANewEpoch()
    {
        await first.AnswerAsync("a");
        var saved = store.Saved(Scope.Account)!;
        store.Flush();
        await first.AnswerAsync("a", "b");
        var epoch = first.Head.Epoch;
        store.PutBack(Scope.Account, saved);

        await first.SyncAsync();

        Assert.Contains(epoch, first.Head.Ancestors);
        Assert.True(first.Head.IsShared);
        await second.SyncAsync();
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
    }

    [Fact]
    public async Task Sync_HeadIsMissing_BeginsANewEpochWithWhatIsKnown()
    {
        await first.AnswerAsync("a");
        var epoch = first.Head.Epoch;
        store.Flush();

        await first.AnswerAsync("a", "b");
        await second.SyncAsync();
        await second.LoadAsync();

        Assert.NotEqual(epoch, first.Head.Epoch);
        Assert.Equal(epoch, first.Head.Ancestors[^1]);
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
        Assert.Equal(["a", "b"], first.Texts);
        Assert.Equal(["a", "b"], second.Texts);
    }

    [Fact]
    public async Task Sync_DamagedHead_IsAMissingOne()
    {
        await first.AnswerAsync("a");
        var epoch = first.Head.Epoch;
        store.PutBack(Scope.Account, new("tag", [1, 2, 3]));

        await first.AnswerAsync("a", "b");

        Assert.NotEqual(epoch, first.Head.Epoch);
        await second.SyncAsync();
        Assert.Equal(first.Head.Epoch, second.Head.Epoch);
    }

    [Theory]
    [InlineData(false)] // it does not answer, and nobody knows whether the head was replaced
    [InlineData(true)] // it is known to be down
    public async Task Commit_StoreIsSilent_ForksOnlyWithNewsAndJoinsAgain(bool isDown)
    {
        await first.AnswerAsync("a");
        await second.SyncAsync();
        var (epoch, stamp) = (first.Head.Epoch, first.Head.LastStamp);
        (store.Answers, store.IsUp) = (isDown, !isDown);

        await first.AnswerAsync("a");
        Assert.Equal((epoch, stamp), (first.Head.Epoch, first.Head.LastStamp));

        await first.AnswerAsync("a", "b");
        var fork = first.Head.Epoch;
        Assert.NotEqual(epoch, fork);
        Assert.False(first.Head.IsShared);
        Assert.Equal(["a", "b"], first.Texts);
        await first.AnswerAsync("a", "b", "c");
        Assert.Equal(fork, first.Head.Epoch);

        (store.Answers, store.IsUp) = (true, true);
        await second.LoadAsync();
        await second.AnswerAsync("a", "b", "d");
        await first.AnswerAsync("a", "b", "d", "e");
        await second.SyncAsync();

        Assert.Equal((epoch, epoch), (first.Head.Epoch, second.Head.Epoch));
        Assert.Equal(["a", "b", "d", "c", "e"], first.Texts);
        Assert.Equal(first.Messages.Select(message => message.Stamp), second.Messages.Select(message => message.Stamp));
    }

    [Fact]
    public async Task Commit_WriteWasNotConfirmed_WritesTheBlocksAgain()
    {
        await first.AnswerAsync("a");
        store.BeforeReplace = () =>
        {
            store.Answers = false;
            return Task.CompletedTask;
        };
        await first.AnswerAsync("a", "b");
        store.Flush();
        store.Answers = true;

        await first.AnswerAsync("a", "b");
        await second.SyncAsync();
        await second.LoadAsync();

        Assert.Equal(["a", "b"], second.Texts);
    }

    [Fact]
    public async Task Commit_ReplacedBlocks_AreReleasedAndTheOthersAreKept()
    {
        await first.AnswerAsync("a");
        var before = first.Head.Days.Values.Single().Blocks.Single();

        await first.AnswerAsync("a");
        Assert.Empty(store.Released);
        await first.AnswerAsync("a", "b");

        Assert.Equal([before], store.Released);
    }

    [Fact]
    public async Task BeginEpoch_RedisDoesNotAnswer_GoesItsOwnWay()
    {
        await first.AnswerAsync("a");
        var cursor = new PageCursor(0, WalkState.Changes, first.Head.Epoch) { Learned = new Stamp(first.Head.LastStamp + 500, 0) };

        await first.Heads.BeginEpochAsync(Scope.Account, cursor, isSynced: false, CancellationToken.None);

        Assert.NotEqual(cursor.Epoch, first.Head.Epoch);
        Assert.True(first.Head.IsApart);
        await second.SyncAsync();
        Assert.Equal(cursor.Epoch, second.Head.Epoch);
    }

    [Fact]
    public async Task BeginEpoch_PlaceThatTheSharedHeadHasNotReached_IsALostWrite()
    {
        await first.AnswerAsync("a");
        var cursor = new PageCursor(0, WalkState.Changes, first.Head.Epoch) { Learned = new Stamp(first.Head.LastStamp + 500, 0) };
        var reached = cursor with { Learned = new Stamp(first.Head.LastStamp, 9) };

        await first.Heads.BeginEpochAsync(Scope.Account, reached, isSynced: true, CancellationToken.None);
        Assert.Equal(cursor.Epoch, first.Head.Epoch);
        await first.Heads.BeginEpochAsync(Scope.Account, cursor with { Epoch = 1 }, isSynced: true, CancellationToken.None);
        Assert.Equal(cursor.Epoch, first.Head.Epoch);
        await first.Heads.BeginEpochAsync(Scope.Account, cursor, isSynced: true, CancellationToken.None);
        await second.SyncAsync();

        Assert.NotEqual(cursor.Epoch, first.Head.Epoch);
        Assert.Equal((first.Head.Epoch, cursor.Latest), (second.Head.Epoch, second.Head.LastStamp));
    }

    [Fact]
    public async Task Commit_WithoutAStore_GrowsInOneEpoch()
    {
        var alone = new StoreReplicaModel(null);
        await alone.AnswerAsync("a");
        var epoch = alone.Head.Epoch;

        await alone.AnswerAsync("a", "b");

        Assert.Equal(epoch, alone.Head.Epoch);
        Assert.Equal(["a", "b"], alone.Texts);
        Assert.True(alone.Messages.First().Stamp < alone.Messages.Last().Stamp);
    }

    [Fact]
    public void NextStamp_ClockThatStandsStillOrStepsBack_GrowsAllTheSame()
    {
        var head = ScopeHead.New() with { LastStamp = Stamp.MomentOf(SampleMessages.Moment(11, 12)) };

        Assert.Equal(head.LastStamp + 1, head.NextStamp(SampleMessages.Moment(11, 12)));
        Assert.Equal(head.LastStamp + 1, head.NextStamp(SampleMessages.Moment(1, 12)));
        Assert.Equal(head.LastStamp + 1_000_000, head.NextStamp(SampleMessages.Moment(11, 12, 0, 1)));
        Assert.Equal(16, Enumerable.Range(0, 40).Aggregate(head, (next, _) => next.InNewEpoch()).Ancestors.Length);
    }
}
