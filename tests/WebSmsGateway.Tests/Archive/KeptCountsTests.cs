using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>The counts of days outlive their messages in memory.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class KeptCountsTests
{
    private const int Days = 100;

    private static readonly DateOnly First = new(2026, 3, 1);
    private static readonly RentedNumber Received = RentedNumber.Reported("79020000001");
    private static readonly RentedNumber Absent = RentedNumber.Reported("79029999999");
    private static readonly DayReader OfAbsent = DayReader.Of("reader", Absent, NumberSet.All);

    private readonly MemoryTier memory = new(Options.Create(new CacheOptions { MemoryLimitMegabytes = 1 }));

    [Fact]
    public void CountOf_MessagesOfSeveralNumbers_IsThatOfEach()
    {
        var record = Record(First, 300, [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "79020000002" : "79020000001")]);
        record.CountNumbers();

        var counts = record.Counts!;
        Assert.Equal(
            [("79020000001", 200, record[299].Position.Second), ("79020000002", 100, record[297].Position.Second)],
            counts.All.ToArray().Select(count => (count.Number.ToString(), count.Count, count.LastSecond)));
        Assert.Equal(
            (200, 0, 300, 100, 0),
            (counts.CountOf(Received, NumberSet.All), counts.CountOf(Absent, NumberSet.All), counts.CountOf(null, NumberSet.All),
                counts.CountOf(null, NumberSet.Of([RentedNumber.Reported("79020000002"), Absent])), counts.CountOf(null, NumberSet.Of([Absent]))));
    }

    [Fact]
    public void TryUse_DaysThatMemoryLetGo_AreEnoughForReadersOfOtherNumbersOnly()
    {
        HoldDays();

        Assert.InRange(memory.Count, 1, 30);
        Assert.InRange(memory.Cost, 1, 1024 * 1024);
        var days = DayRange.Of(First, First.AddDays(Days - 1));
        var records = new DayRecord?[Days];
        Assert.NotNull(memory.TryUse(Scope.Account, days, records, OfAbsent));
        Assert.Equal(Days - memory.Count, records.Count(record => record!.IsCountsOnly));
        Assert.Null(memory.TryUse(Scope.Account, days, new DayRecord?[Days], DayReader.Of("reader", Received, NumberSet.All)));
        Assert.Null(memory.TryUse(Scope.Account, days, new DayRecord?[Days], new DayReader(["reader"])));
    }

    [Fact]
    public void Replace_DayWhoseMessagesWereLetGo_EndsItsCountsAndThePagesMadeFromThem()
    {
        HoldDays();
        var before = FindCounted(0)!;
        Assert.False(before.Validity.IsSuperseded);

        memory.Hold(Scope.Account, Counted(First, 10));

        Assert.True(before.Validity is { IsSuperseded: true, IsOutdated: true });
        Assert.Equal(10, FindCounted(0)!.Count);
    }

    [Fact]
    public void Trim_PageMadeFromADayWhoseCountsStay_IsGoodStill()
    {
        var record = Counted(First, 100);
        memory.Hold(Scope.Account, record);
        HoldDays(from: 1);

        Assert.True(FindCounted(0)!.IsCountsOnly);
        Assert.False(record.Validity.IsSuperseded);
    }

    [Fact]
    public void Refresh_CountsThatWereEnoughAreNotTrueAnyMore_IsRefused()
    {
        HoldDays();
        var records = new DayRecord?[1];
        Assert.NotNull(memory.TryUse(Scope.Account, [First], records, OfAbsent));
        Assert.NotNull(memory.Refresh(Scope.Account, [First], records, OfAbsent));

        // A newer state with a message of the reader comes and is let go before the read ends.
        memory.Hold(Scope.Account, Counted(First, 101, numbers: Absent.ToString()));
        HoldDays(from: 1);

        Assert.Null(memory.Refresh(Scope.Account, [First], records, OfAbsent));
    }

    [Fact]
    public void Hold_WithoutEnd_KeepsCountsWithinAQuarter()
    {
        for (var day = 0; day < 20_000; day++)
        {
            memory.Hold(Scope.Account, Counted(First.AddDays(day), 1));
            Assert.InRange(memory.Cost, 0, 1024 * 1024);
        }

        Assert.Null(FindCounted(0));
        var counted = Enumerable.Range(0, 20_000).Select(FindCounted).Where(record => record is { IsCountsOnly: true }).ToList();
        Assert.InRange(counted.Sum(record => record!.Cost + record.Counts!.Cost), 200 * 1024, 256 * 1024);
    }

    [Fact]
    public void Cost_OfRecordsAndCounts_IsNoLessThanTheMemoryThatTheyTake()
    {
        var before = MeasuredAlone.Memory();
        var tier = new MemoryTier(Options.Create(new CacheOptions { MemoryLimitMegabytes = 16 }));
        for (var day = 0; day < 1000; day++)
        {
            var record = Record(First.AddDays(day), 100, [.. Enumerable.Range(0, 100).Select(number => $"7902{number:0000000}")]);
            record.CountNumbers();
            tier.Hold(Scope.Account, record);
        }

        var taken = MeasuredAlone.Memory() - before;

        Assert.InRange(tier.Count, 1, 500);
        Assert.InRange(tier.Cost, taken, taken * 2);
    }

    [Fact]
    public void Trim_DayInDoubtOrCutOrWithoutAProvenEnd_KeepsNoCounts()
    {
        var record = Counted(First, 2);
        DayRecord[] others =
        [
            record.With([], record.Metadata with { Doubts = [new Doubt(record[0].Id.Hash, null)] }),
            record.With([], record.Metadata with { IsWhole = false }),
            record.With([], record.Metadata with { CutAt = Moment(11, 13) }),
        ];

        Assert.All(others, other =>
        {
            other.CountNumbers();
            Assert.Null(other.WithoutMessages());
        });
        Assert.NotNull(record.WithoutMessages());
    }

    [Fact]
    public void Replace_HeadOfAnotherReplicaHasNewerStates_EndsTheCountsOfThese()
    {
        DayRecord[] records = [Counted(First, 2, isFinal: false), Counted(First.AddDays(1), 2, isFinal: false), Counted(First.AddDays(2), 2), Counted(First.AddDays(3), 2)];
        Array.ForEach(records, record => memory.Hold(Scope.Account, record));
        HoldDays(from: 4, isFinal: false);
        Assert.Equal([true, true, true, true], Enumerable.Range(0, 4).Select(day => FindCounted(day) is { IsCountsOnly: true }));

        var head = memory.HeadOf(Scope.Account);
        head = head with
        {
            Days = head.Days
                .Add(First, new ListedDay(First, records[0].NewestStamp) { Metadata = records[0].Metadata })
                .Add(First.AddDays(1), new ListedDay(First.AddDays(1), records[1].NewestStamp) { Metadata = records[1].Metadata with { AskedAt = Moment(12, 12) } })
                .Add(First.AddDays(2), new ListedDay(First.AddDays(2), records[2].NewestStamp))
                .Add(First.AddDays(3), new ListedDay(First.AddDays(3), new Stamp(records[3].NewestStamp.Moment + 1, 0))),
        };
        memory.Replace(Scope.Account, head, [], isFromRedis: true);

        Assert.Equal([true, false, true, false], Enumerable.Range(0, 4).Select(day => FindCounted(day) is not null));
    }

    [Fact]
    public void Complete_QuestionAboutACountedDayFails_LeavesTheCounts()
    {
        HoldDays();
        var key = new DayKey(Scope.Account, First);
        memory.Look(key, 0, (_, _) => true, out var fetch, OfAbsent);

        memory.Complete(key, fetch!, new FetchOutcome(null, MessageArchive.LateAnswer, DaySource.Upstream, Moment(11, 12)));

        var state = memory.Look(key, 0, (_, _) => false, out _, OfAbsent);
        Assert.True(state.Record!.IsCountsOnly);
        Assert.NotNull(state.LastFailure);
        Assert.Null(memory.Look(key, 0, (_, _) => false, out _).Record);
    }

    private void HoldDays(int from = 0, bool isFinal = true)
    {
        for (var day = from; day < Days; day++)
        {
            memory.Hold(Scope.Account, Counted(First.AddDays(day), 100, isFinal));
        }
    }

    /// <summary>What is known of a day, for a reader of none of its numbers.</summary>
    private DayRecord? FindCounted(int day) =>
        memory.Look(new DayKey(Scope.Account, First.AddDays(day)), 0, (_, _) => false, out _, DayReader.OfCounts("reader", _ => false)).Record;

    private static DayRecord Record(DateOnly day, int count, string[] numbers, bool isFinal = true) => DayRecord.Of(
        day, [.. Enumerable.Range(0, count).Select(second => At(TimeSpan.FromSeconds(second), ordinal: second, number: numbers[second]))],
        Metadata(Moment(11, 12).AddSeconds(day.DayNumber), isFinal));

    private static DayRecord Counted(DateOnly day, int count, bool isFinal = true, string numbers = "79020000001")
    {
        var record = Record(day, count, [.. Enumerable.Repeat(numbers, count)], isFinal);
        record.CountNumbers();
        return record;
    }
}
