using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>The counts of days outlive their messages in memory.</summary>
public sealed class KeptCountsTests
{
    private static readonly DateOnly First = new(2026, 3, 1);
    private static readonly RentedNumber Absent = RentedNumber.Reported("79029999999");

    [Fact]
    public void Of_MessagesOfSeveralNumbers_CountsEachWithItsLast()
    {
        var record = Record(First, 300, [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "79020000002" : "79020000001")]);
        record.CountNumbers();

        var counts = record.Counts!.All.ToArray();
        Assert.Equal([("79020000001", 200), ("79020000002", 100)], counts.Select(count => (count.Number.ToString(), count.Count)));
        Assert.Equal([record[299].Position.Second, record[297].Position.Second], counts.Select(count => count.LastSecond));
        Assert.True(record.Counts.HasAny(RentedNumber.Reported("79020000002"), NumberSet.All));
        Assert.False(record.Counts.HasAny(Absent, NumberSet.All));
        Assert.False(record.Counts.HasAny(null, NumberSet.Of([Absent])));
        Assert.True(record.Counts.HasAny(null, NumberSet.All));
    }

    [Fact]
    public void MemoryTier_DaysThatItLetsGo_KeepTheirCountsAndLittleElse()
    {
        var memory = new MemoryTier(Options.Create(new CacheOptions { MemoryLimitMegabytes = 1 }));
        for (var day = 0; day < 100; day++)
        {
            memory.Hold(Scope.Account, Counted(First.AddDays(day), 100));
        }

        var kept = Enumerable.Range(0, 100).Select(day => memory.Counts.Find(new DayKey(Scope.Account, First.AddDays(day)))).ToList();
        Assert.InRange(memory.Cost, 1, 1024 * 1024);
        Assert.InRange(memory.Count, 1, 30);
        Assert.Equal(100 - memory.Count, kept.Count(counts => counts is not null));
        Assert.All(kept.OfType<(DayRecord Day, NumberCounts Counts)>(), found => Assert.Equal((0, 1), (found.Day.Count, found.Counts.All.Length)));
    }

    [Fact]
    public void MemoryTier_DayIsReadAgain_ForgetsItsCountsAndThePagesMadeFromThem()
    {
        var memory = new MemoryTier(Options.Create(new CacheOptions { MemoryLimitMegabytes = 1 }));
        for (var day = 0; day < 100; day++)
        {
            memory.Hold(Scope.Account, Counted(First.AddDays(day), 100));
        }

        var key = new DayKey(Scope.Account, First);
        var (before, _) = memory.Counts.Find(key)!.Value;
        Assert.False(before.Validity.IsSuperseded);
        memory.Hold(Scope.Account, Counted(First, 10));

        Assert.True(before.Validity.IsSuperseded);
        Assert.Null(memory.Counts.Find(key));
    }

    [Fact]
    public void Keep_WithoutEnd_StaysWithinItsBound()
    {
        var counts = new KeptCounts(limit: 100_000);
        for (var day = 0; day < 2000; day++)
        {
            counts.Keep(new DayKey(Scope.Account, First.AddDays(day)), Counted(First.AddDays(day), 1));
            Assert.InRange(counts.Cost, 0, 100_000);
        }

        Assert.Null(counts.Find(new DayKey(Scope.Account, First)));
        Assert.NotNull(counts.Find(new DayKey(Scope.Account, First.AddDays(1999))));
    }

    [Fact]
    public void Keep_DayInDoubtOrWithoutAProvenEnd_IsNotKept()
    {
        var (counts, key) = (new KeptCounts(limit: 100_000), new DayKey(Scope.Account, First));
        var record = Counted(First, 2);
        var doubted = record.With([], record.Metadata with { Doubts = [new Doubt(record[0].Id.Hash, null)] });
        var cut = record.With([], record.Metadata with { IsWhole = false });
        foreach (var other in (DayRecord[])[doubted, cut])
        {
            other.CountNumbers();
            counts.Keep(key, other);
            Assert.Null(counts.Find(key));
        }
    }

    [Fact]
    public void ForgetOthers_HeadOfAnotherReplicaHasANewerState_ForgetsThatDay()
    {
        var counts = new KeptCounts(limit: 100_000);
        var (known, changed) = (Counted(First, 2, isFinal: false), Counted(First.AddDays(1), 2, isFinal: false));
        foreach (var record in (DayRecord[])[known, changed, Counted(First.AddDays(2), 2)])
        {
            counts.Keep(new DayKey(Scope.Account, record.Day), record);
        }

        var head = ScopeHead.New();
        head = head with
        {
            Days = head.Days.Add(known.Day, new ListedDay(known.Day, known.NewestStamp) { Metadata = known.Metadata })
                .Add(changed.Day, new ListedDay(changed.Day, new Stamp(changed.NewestStamp.Moment + 1, 0)) { Metadata = changed.Metadata }),
        };
        counts.ForgetOthers(Scope.Account, head);

        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(day => counts.Find(new DayKey(Scope.Account, First.AddDays(day))) is not null));
    }

    private static DayRecord Record(DateOnly day, int count, string[] numbers, bool isFinal = true) => DayRecord.Of(
        day, [.. Enumerable.Range(0, count).Select(second => At(TimeSpan.FromSeconds(second), ordinal: second, number: numbers[second]))],
        Metadata(Moment(11, 12), isFinal));

    private static DayRecord Counted(DateOnly day, int count, bool isFinal = true)
    {
        var record = Record(day, count, [.. Enumerable.Repeat("79020000001", count)], isFinal);
        record.CountNumbers();
        return record;
    }
}
