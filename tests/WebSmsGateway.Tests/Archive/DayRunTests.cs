using WebSmsGateway.Archive;

namespace WebSmsGateway.Tests.Archive;

public sealed class DayRunTests
{
    private static readonly DateOnly Start = new(2026, 2, 1);

    [Fact]
    public void Plan_NeighbouringDays_AreOneRun()
    {
        var run = Assert.Single(Plan([0, 1, 2], []));

        Assert.Equal((Start, Start.AddDays(2), false), (run.First, run.Last, run.StartsWithTail));
    }

    [Fact]
    public void Plan_GapBetweenDays_IsNotAskedFor() =>
        Assert.Equal([(0, 1), (3, 3)], Spans(Plan([0, 1, 3], [])));

    [Fact]
    public void Plan_MoreThanAMonth_IsSplitAt31Days() =>
        Assert.Equal([(0, 30), (31, 61), (62, 69)], Spans(Plan([.. Enumerable.Range(0, 70)], [])));

    [Fact]
    public void Plan_TailAfterWholeDay_BeginsItsOwnRun() =>
        Assert.Equal([(0, 0), (1, 1)], Spans(Plan([0, 1], new() { [1] = TimeSpan.FromMinutes(1) })));

    [Fact]
    public void Plan_WholeDayAfterTail_IsAskedWithIt()
    {
        var run = Assert.Single(Plan([0, 1], new() { [0] = TimeSpan.FromHours(23) }));

        Assert.True(run.StartsWithTail);
    }

    [Fact]
    public void Plan_TwoTailsJustAfterMidnight_AreOneRun() =>
        Assert.Single(Plan([0, 1], new() { [0] = TimeSpan.FromHours(23), [1] = TimeSpan.FromMinutes(3) }));

    [Fact]
    public void Plan_TwoTailsLaterInTheDay_AreTwoRunsSoThatTheDayIsNotReadWhole() =>
        Assert.Equal(2, Plan([0, 1], new() { [0] = TimeSpan.FromHours(23), [1] = TimeSpan.FromHours(9) }).Count);

    private static List<DayRun> Plan(int[] days, Dictionary<int, TimeSpan> tails) =>
        DayRun.Plan(
            [.. days.Select(day => new DayFetch(Start.AddDays(day), started: 0))],
            day => tails.TryGetValue(day.DayNumber - Start.DayNumber, out var start) ? day.ToDateTime(TimeOnly.MinValue) + start : null);

    private static List<(int, int)> Spans(List<DayRun> runs) =>
        runs.ConvertAll(run => (run.First.DayNumber - Start.DayNumber, run.Last.DayNumber - Start.DayNumber));
}
