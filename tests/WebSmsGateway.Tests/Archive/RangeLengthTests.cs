using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;

namespace WebSmsGateway.Tests.Archive;

public sealed class RangeLengthTests
{
    private readonly FakeTimeProvider clock = new();

    /// <summary>Lengths of questions that were not answered in time, one after the other, and how many days the next one may cover.</summary>
    [Theory]
    [InlineData("", 31)]
    [InlineData("31", 15)]
    [InlineData("31 15 7", 3)]
    [InlineData("31 15 31 31", 7)]
    [InlineData("31 15 7 3", 1)]
    [InlineData("31 15 7 3 1", 31)]
    [InlineData("2", 1)]
    public void Days_AfterTimeOuts_AreHalvedForAWhile(string timedOut, int expected)
    {
        var lengths = new RangeLength(clock);
        foreach (var days in timedOut.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            lengths.TimedOut(int.Parse(days));
        }

        Assert.Equal(expected, lengths.Days);
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(31, lengths.Days);
    }
}
