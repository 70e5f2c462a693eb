using Microsoft.Extensions.Options;
using WebSmsGateway.Caching;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Caching.SampleMessages;

namespace WebSmsGateway.Tests.Caching;

public sealed class MemoryTierTests
{
    private static readonly UpstreamFailure Failure = new(UpstreamError.Timeout, "WEBSMS did not answer in time.");

    private readonly MemoryTier memory = new(Options.Create(new CacheOptions { MemoryLimitMegabytes = 1 }));

    [Fact]
    public void Land_MoreThanTheLimit_DropsWhatWasNotUsedLongest()
    {
        for (var number = 0; number < 100; number++)
        {
            Hold(Key(number), Segment(100));
            Assert.InRange(memory.Cost, 0, 1024 * 1024);
            Assert.NotNull(Look(Key(0)).Segment);
        }

        Assert.Null(memory.Peek(Key(1)));
        Assert.NotNull(memory.Peek(Key(99)));
        Assert.InRange(memory.Count, 2, 99);
    }

    [Fact]
    public void Cost_OfSegments_IsNoLessThanTheMemoryThatTheyTake()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var segment = Segment(20_000);
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(segment.Cost, taken, taken * 2);
    }

    [Fact]
    public async Task Land_OneSegmentLargerThanTheLimit_ReachesItsReadersAndIsNotKept()
    {
        var flight = Begin(Key(1));

        memory.Land(Key(1), flight, Outcome(Segment(10_000)));

        Assert.Equal(10_000, (await flight.Landed).Segment!.Count);
        Assert.Equal((0, 0), (memory.Count, memory.Cost));
    }

    [Fact]
    public void Land_ReplacedSegment_CountsOnce()
    {
        Hold(Key(1), Segment(100));
        Hold(Key(1), Segment(10));

        Assert.Equal(Segment(10).Cost, memory.Cost);
    }

    [Fact]
    public void Look_OnItsWay_IsOneFlightForAll()
    {
        var first = Begin(Key(1));

        var state = memory.Look(Key(1), (_, _, _) => true, out var mine);

        Assert.Null(mine);
        Assert.Same(first, state.Flight);
        Assert.Equal(1, memory.Flights);
    }

    [Fact]
    public async Task Land_FailureWithNothingKnown_LeavesNothingBehind()
    {
        var flight = Begin(Key(1));

        memory.Land(Key(1), flight, new SegmentOutcome(null, Failure, SegmentSource.Upstream, Moment(11, 12)));

        Assert.Equal((0, 0, 0), (memory.Count, memory.Cost, memory.Flights));
        Assert.Equal(Failure, (await flight.Landed).Failure);
    }

    [Fact]
    public void Land_FailureWithALastGoodAnswer_KeepsItAndRemembersTheFailure()
    {
        Hold(Key(1), Segment(5));

        memory.Land(Key(1), Begin(Key(1)), new SegmentOutcome(null, Failure, SegmentSource.Upstream, Moment(11, 12)));

        var state = Look(Key(1));
        Assert.Equal(5, state.Segment!.Count);
        Assert.Equal(Failure, state.Refusal!.Failure);
    }

    [Fact]
    public async Task Crash_Defect_ReachesThoseWhoWaitAndFreesThePlace()
    {
        var flight = Begin(Key(1));

        memory.Crash(Key(1), flight, new InvalidOperationException("defect"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => flight.Landed);
        Assert.NotSame(flight, Begin(Key(1)));
    }

    [Fact]
    public void Land_OlderAnswerOfAnotherReplica_DoesNotReplaceANewerOne()
    {
        Hold(Key(1), DaySegment.Of(Day, Sequence(2), Stamps(Moment(11, 12))));
        Hold(Key(1), DaySegment.Of(Day, Sequence(1), Stamps(Moment(11, 11))));

        Assert.Equal(2, memory.Peek(Key(1))!.Count);
    }

    [Fact]
    public void Land_SealedDayThatOutlivedItsLifetime_IsReplacedByTheNewAnswer()
    {
        Hold(Key(1), DaySegment.Of(Day, Sequence(1), Stamps(Moment(12, 1), isSealed: true)));
        Hold(Key(1), DaySegment.Of(Day, Sequence(1), Stamps(Moment(30, 1), isSealed: true)));

        Assert.Equal(Moment(30, 1), memory.Peek(Key(1))!.AskedAt);
    }

    private static SegmentKey Key(int number) => new($"7902{number:0000000}", Day);

    private static SegmentOutcome Outcome(DaySegment segment) => new(segment, null, SegmentSource.Upstream, segment.ReceivedAt);

    private SegmentState Look(SegmentKey key) => memory.Look(key, (_, _, _) => false, out _);

    private SegmentFlight Begin(SegmentKey key)
    {
        memory.Look(key, (_, _, _) => true, out var mine);
        return mine ?? throw new InvalidOperationException("Somebody else flies.");
    }

    private void Hold(SegmentKey key, DaySegment segment) => memory.Land(key, Begin(key), Outcome(segment));
}
