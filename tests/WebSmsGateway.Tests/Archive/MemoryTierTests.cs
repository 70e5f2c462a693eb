using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

[Collection(MeasuredAlone.Name)]
public sealed class MemoryTierTests
{
    private static readonly UpstreamFailure Failure = new(UpstreamError.Timeout, "WEBSMS did not answer in time.");

    private static readonly DateTimeOffset Now = Moment(11, 12);

    private readonly MemoryTier memory = new(Options.Create(new CacheOptions { MemoryLimitMegabytes = 1 }));

    [Fact]
    public void Complete_MoreThanTheLimit_DropsWhatWasNotUsedLongest()
    {
        for (var number = 0; number < 100; number++)
        {
            Hold(Key(number), Record(100));
            Assert.InRange(memory.Cost, 0, 1024 * 1024);
            Assert.NotNull(Look(Key(0)).Record);
        }

        Assert.Null(memory.Peek(Key(1)));
        Assert.NotNull(memory.Peek(Key(99)));
        Assert.InRange(memory.Count, 2, 99);
    }

    [Fact]
    public void Complete_MoreThanTheLimit_KeepsTheDaysOfCachedPagesThatAreGiven()
    {
        var (given, forgotten) = (Record(100, isFinal: true), Record(100, isFinal: true));
        Hold(Key(0), given);
        Hold(Key(1), forgotten);
        var (page, other) = (new PageValidity([given.Validity], DateTimeOffset.MaxValue), new PageValidity([forgotten.Validity], DateTimeOffset.MaxValue));
        for (var number = 2; number < 100; number++)
        {
            Assert.True(page.Holds(Now));
            Hold(Key(number), Record(100, isFinal: true));
            Assert.InRange(memory.Cost, 0, 1024 * 1024);
        }

        Assert.True(page.Holds(Now));
        Assert.False(other.Holds(Now));
        Assert.NotNull(memory.Peek(Key(0)));
    }

    [Fact]
    public void Cost_OfRecords_IsNoLessThanTheMemoryThatTheyTake()
    {
        var before = MeasuredAlone.Memory();
        var record = Record(20_000);
        var taken = MeasuredAlone.Memory() - before;

        Assert.InRange(record.Cost, taken, taken * 2);
    }

    [Fact]
    public void Replace_OneRecordLargerThanTheLimit_IsNotKept()
    {
        Hold(Key(1), Record(10_000));

        Assert.Equal((0, 0), (memory.Count, memory.Cost));
    }

    [Fact]
    public void Replace_OneRecordLargerThanTheLimit_KeepsTheEpoch()
    {
        var scope = Key(1).Scope;
        var before = memory.HeadOf(scope);
        memory.Replace(scope, before with { LastStamp = 9 }, [Record(10_000)], isFromRedis: false);

        Assert.Equal((before.Epoch, 9), (memory.HeadOf(scope).Epoch, memory.HeadOf(scope).LastStamp));
    }

    [Fact]
    public void Replace_MoreThanTheLimit_DropsFinalDaysFirst()
    {
        Hold(Key(0), Record(100));
        for (var number = 1; number < 40; number++)
        {
            Hold(Key(number), Record(100, isFinal: true));
        }

        Assert.NotNull(memory.Peek(Key(0)));
        Assert.Null(memory.Peek(Key(1)));
        Assert.NotNull(memory.Peek(Key(39)));
    }

    [Fact]
    public void Complete_ReplacedRecord_CountsOnce()
    {
        Hold(Key(1), Record(100));
        Hold(Key(1), Record(10));

        Assert.Equal(Record(10).Cost, memory.Cost);
    }

    [Fact]
    public void Look_OnItsWay_IsOneFetchForAll()
    {
        var first = Begin(Key(1));

        var state = memory.Look(Key(1), 0, (_, _) => true, out var mine);

        Assert.Null(mine);
        Assert.Same(first, state.Fetch);
        Assert.Equal(1, memory.Fetches);
    }

    [Fact]
    public async Task Complete_FailureWithNothingKnown_LeavesNothingBehind()
    {
        var fetch = Begin(Key(1));

        memory.Complete(Key(1), fetch, new FetchOutcome(null, Failure, DaySource.Upstream, Moment(11, 12)));

        Assert.Equal((0, 0, 0), (memory.Count, memory.Cost, memory.Fetches));
        Assert.Equal(Failure, (await fetch.Completed).Failure);
    }

    [Fact]
    public void Refresh_OfManyScopesOfWhichNothingIsKnown_LeavesFewBehind()
    {
        for (var number = 0; number < 5000; number++)
        {
            memory.Complete(Key(number), Begin(Key(number)), new FetchOutcome(null, Failure, DaySource.Upstream, Moment(11, 12)));
            memory.Refresh(Key(number).Scope, [Day], [null], new DayReader(["reader"]));
            memory.HeadOf(Key(number).Scope);
        }

        Assert.InRange(memory.Scopes, 1, 1000);
    }

    [Fact]
    public void HeadOf_ScopeWithoutDaysThatIsInUse_StaysWhileOthersCome()
    {
        memory.Replace(Key(0).Scope, memory.HeadOf(Key(0).Scope) with { LastStamp = 7 }, [], isFromRedis: true);
        for (var number = 1; number < 5000; number++)
        {
            memory.HeadOf(Key(number).Scope);
            Assert.Equal(7, memory.HeadOf(Key(0).Scope).LastStamp);
        }
    }

    [Fact]
    public void Complete_FailureWithALastGoodAnswer_KeepsItAndRemembersTheFailure()
    {
        Hold(Key(1), Record(5));

        memory.Complete(Key(1), Begin(Key(1)), new FetchOutcome(null, Failure, DaySource.Upstream, Moment(11, 12)));

        var state = Look(Key(1));
        Assert.Equal(5, state.Record!.Count);
        Assert.Equal(Failure, state.LastFailure!.Failure);
    }

    [Fact]
    public async Task Fail_Defect_ReachesThoseWhoWaitAndFreesThePlace()
    {
        var fetch = Begin(Key(1));

        memory.Fail(Key(1), fetch, new InvalidOperationException("defect"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => fetch.Completed);
        Assert.NotSame(fetch, Begin(Key(1)));
    }

    [Fact]
    public void Hold_OlderRecordFromRedis_DoesNotReplaceANewerOne()
    {
        memory.Hold(Key(1).Scope, DayRecord.Of(Day, Sequence(2), Metadata(Moment(11, 12))));
        memory.Hold(Key(1).Scope, DayRecord.Of(Day, Sequence(1), Metadata(Moment(11, 11))));

        Assert.Equal(2, memory.Peek(Key(1))!.Count);
    }

    [Fact]
    public void Replace_HeadWithNews_SupersedesTheNewsBeforeAndTheReplacedRecordsOnly()
    {
        var (before, other) = (Record(1), DayRecord.Of(Day.AddDays(1), [], Metadata(Moment(12, 1))));
        var scope = Key(1).Scope;
        memory.Replace(scope, memory.HeadOf(scope), [before, other], isFromRedis: false);
        var head = memory.HeadOf(scope);

        memory.Replace(scope, head with { LastStamp = 1 }, [Record(2)], isFromRedis: false);
        Assert.False(head.News.IsSuperseded);
        memory.Replace(scope, head with { LastStamp = 2, News = new RecordValidity() }, [], isFromRedis: false);

        Assert.True(head.News.IsSuperseded);
        Assert.Equal((true, false), (before.Validity.IsSuperseded, other.Validity.IsSuperseded));
        Assert.Equal(2, memory.HeadOf(scope).LastStamp);
    }

    [Fact]
    public void Replace_HeadFromRedis_DropsDaysThatItDoesNotKnowButFinalOnes()
    {
        var scope = Key(1).Scope;
        var final = DayRecord.Of(Day.AddDays(-30), [], Metadata(Moment(11, 12), isFinal: true));
        memory.Replace(scope, memory.HeadOf(scope), [Record(1), final], isFromRedis: false);

        memory.Replace(scope, memory.HeadOf(scope) with { LastStamp = 9 }, [], isFromRedis: true);

        Assert.Null(memory.Peek(Key(1)));
        Assert.Same(final, memory.Peek(new DayKey(scope, final.Day)));
    }

    [Fact]
    public void ViewOf_StampAndDay_IsWhatIsNewerOrOfADayFromThereOn()
    {
        var scope = Key(1).Scope;
        DayRecord[] records =
        [
            .. Enumerable.Range(0, 4).Select(i => DayRecord.Of(Day.AddDays(i), [At(TimeSpan.Zero, moment: 100 - i)], Metadata(Now))),
        ];
        memory.Replace(scope, memory.HeadOf(scope), records, isFromRedis: false);

        var view = memory.ViewOf(scope, Stamp.EndOf(98), Day.AddDays(3));

        Assert.Equal([0, 1, 3], view.Records.Select(record => record.Day.DayNumber - Day.DayNumber).Order());
        Assert.Same(memory.HeadOf(scope), view.Head);
    }

    [Fact]
    public void Refresh_RecordsThatWereReadBefore_AreTakenFromTheSameMomentAsTheHead()
    {
        var scope = Key(1).Scope;
        var (before, after) = (Record(1), Record(2));
        memory.Replace(scope, memory.HeadOf(scope), [before], isFromRedis: false);
        DayRecord?[] records = [before, null];
        memory.Replace(scope, memory.HeadOf(scope) with { LastStamp = 5 }, [after], isFromRedis: false);

        var head = memory.Refresh(scope, [Day, Day.AddDays(1)], records, new DayReader(["reader"]));

        Assert.Equal([after, null], records);
        Assert.Equal(5, head!.LastStamp);
    }

    [Fact]
    public void Refresh_LaterStateWasLetGo_IsRefused()
    {
        var scope = Key(1).Scope;
        var (before, after) = (Record(1), Record(2));
        memory.Replace(scope, memory.HeadOf(scope), [before], isFromRedis: false);
        DayRecord?[] records = [before];
        memory.Replace(scope, memory.HeadOf(scope) with { LastStamp = 5 }, [after], isFromRedis: false);
        Hold(Key(2), Record(30_000));

        // The head has the stamp of a message that the record lacks, so a walk would take it for given.
        Assert.Null(memory.Peek(Key(1)));
        Assert.Null(memory.Refresh(scope, [Day], records, new DayReader(["reader"])));
        Assert.Same(before, records[0]);

        // A reader that has read it often enough goes on without it.
        Assert.NotNull(memory.Refresh(scope, [Day], records, new DayReader(["reader"]), isLast: true));
        Assert.Null(records[0]);
    }

    [Fact]
    public void Refresh_StateThatWasReadWasLetGoItself_IsGoodStill()
    {
        var scope = Key(1).Scope;
        DayRecord?[] records = [Record(1)];
        memory.Replace(scope, memory.HeadOf(scope), [records[0]!], isFromRedis: false);
        Hold(Key(2), Record(30_000));

        Assert.Null(memory.Peek(Key(1)));
        Assert.NotNull(memory.Refresh(scope, [Day], records, new DayReader(["reader"])));
    }

    [Fact]
    public void TryBeginWholeRead_SeveralReaders_IsOneAtOnceAndInAnInterval()
    {
        var (record, scope, minute) = (Record(1), Key(1).Scope, TimeSpan.FromMinutes(1));
        Hold(Key(1), record);

        Assert.True(memory.TryBeginWholeRead(scope, record, Now, minute));
        Assert.False(memory.TryBeginWholeRead(scope, record, Now.AddSeconds(59), minute));
        Assert.False(memory.TryBeginWholeRead(scope, record, Now.AddSeconds(60), minute));
        memory.EndWholeRead(Key(1));
        Assert.True(memory.TryBeginWholeRead(scope, record, Now.AddSeconds(60), minute));
        memory.EndWholeRead(Key(1));
        Assert.True(memory.TryBeginWholeRead(scope, record, Now.AddSeconds(-60), minute));
    }

    private static DayKey Key(int number) => new(new Scope(RentedNumber.Reported($"7902{number:0000000}")), Day);

    private DayState Look(DayKey key) => memory.Look(key, 0, (_, _) => false, out _);

    private DayFetch Begin(DayKey key)
    {
        memory.Look(key, 0, (_, _) => true, out var mine);
        return mine ?? throw new InvalidOperationException("Somebody else fetches it.");
    }

    private void Hold(DayKey key, DayRecord record) => memory.Replace(key.Scope, memory.HeadOf(key.Scope), [record], isFromRedis: false);
}
