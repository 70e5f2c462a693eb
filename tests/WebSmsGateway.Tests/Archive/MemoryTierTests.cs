using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

[Collection(MeasuredAlone.Name)]
public sealed class MemoryTierTests
{
    private static readonly UpstreamFailure Failure = new(UpstreamError.Timeout, "WEBSMS did not answer in time.");

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
    public void Cost_OfRecords_IsNoLessThanTheMemoryThatTheyTake()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var record = Record(20_000);
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(record.Cost, taken, taken * 2);
    }

    [Fact]
    public async Task Complete_OneRecordLargerThanTheLimit_ReachesItsReadersAndIsNotKept()
    {
        var fetch = Begin(Key(1));

        memory.Complete(Key(1), fetch, Outcome(Record(10_000)));

        Assert.Equal(10_000, (await fetch.Completed).Record!.Count);
        Assert.Equal((0, 0), (memory.Count, memory.Cost));
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

        var state = memory.Look(Key(1), (_, _, _) => true, out var mine);

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
    public void Complete_OlderAnswerOfAnotherReplica_DoesNotReplaceANewerOne()
    {
        Hold(Key(1), DayRecord.Of(Day, Sequence(2), Metadata(Moment(11, 12))));
        Hold(Key(1), DayRecord.Of(Day, Sequence(1), Metadata(Moment(11, 11))));

        Assert.Equal(2, memory.Peek(Key(1))!.Count);
    }

    [Fact]
    public void Complete_FinalDayThatOutlivedItsLifetime_IsReplacedByTheNewAnswer()
    {
        Hold(Key(1), DayRecord.Of(Day, Sequence(1), Metadata(Moment(12, 1), isFinal: true)));
        Hold(Key(1), DayRecord.Of(Day, Sequence(1), Metadata(Moment(30, 1), isFinal: true)));

        Assert.Equal(Moment(30, 1), memory.Peek(Key(1))!.AskedAt);
    }

    private static DayKey Key(int number) => new(new Scope(RentedNumber.Reported($"7902{number:0000000}")), Day);

    private static FetchOutcome Outcome(DayRecord record) => new(record, null, DaySource.Upstream, record.ReceivedAt);

    private DayState Look(DayKey key) => memory.Look(key, (_, _, _) => false, out _);

    private DayFetch Begin(DayKey key)
    {
        memory.Look(key, (_, _, _) => true, out var mine);
        return mine ?? throw new InvalidOperationException("Somebody else fetches it.");
    }

    private void Hold(DayKey key, DayRecord record) => memory.Complete(key, Begin(key), Outcome(record));
}
