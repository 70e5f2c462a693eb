using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Upstream;

/// <summary>What the <c>Date</c> of an answer says about the clock of WEBSMS.</summary>
public sealed class WebSmsClockTests
{
    private static readonly DateTimeOffset Asked = new(2026, 3, 11, 9, 0, 0, 500, TimeSpan.Zero);

    private readonly WebSmsClock clock = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 4_300)] // the answer was there at 09:00:00.7
    [InlineData(-6, -6_700)]
    public void Ahead_QuickAnswer_IsTheLeastThatTheDateAllows(int seconds, int expectedMilliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(expectedMilliseconds),
        clock.Ahead(Asked.AddMilliseconds(-500).AddSeconds(seconds), Asked, Asked.AddMilliseconds(200)));

    [Fact]
    public void Ahead_NoDate_IsZero() => Assert.Equal(TimeSpan.Zero, clock.Ahead(null, Asked, Asked.AddSeconds(1)));

    [Fact]
    public void Ahead_SlowAnswer_LeavesWhatAQuickOneShowed()
    {
        var known = clock.Ahead(Asked.AddSeconds(-6), Asked, Asked.AddMilliseconds(50));

        // The date was written some time in these seven seconds.
        var later = Asked.AddMinutes(1);
        Assert.Equal(known, clock.Ahead(later.AddSeconds(-3), later, later.AddSeconds(7)));
    }

    [Fact]
    public void Ahead_SlowAnswerThatContradicts_IsBelieved()
    {
        clock.Ahead(Asked.AddSeconds(-6), Asked, Asked.AddMilliseconds(50));

        var later = Asked.AddMinutes(1);
        Assert.Equal(TimeSpan.FromSeconds(53), clock.Ahead(later.AddSeconds(60), later, later.AddSeconds(7)));
    }

    [Fact]
    public void Ahead_ClocksThatAgreeAgain_AreTakenToAgree()
    {
        clock.Ahead(Asked.AddSeconds(-6), Asked, Asked.AddMilliseconds(50));

        var later = Asked.AddMinutes(1);
        Assert.Equal(TimeSpan.Zero, clock.Ahead(later, later, later.AddMilliseconds(50)));
    }
}
