using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class RecordLifetimesTests
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly RecordLifetimes lifetimes = new(
        Options.Create(new CacheOptions()), new AccountZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow")));

    [Fact]
    public void ExpiresAt_OpenDay_IsFreshnessAfterTheAnswer() =>
        Assert.Equal(Moment(11, 12, 0, 7), lifetimes.ExpiresAt(Of(Moment(11, 12), received: Moment(11, 12, 0, 2))));

    [Fact]
    public void ExpiresAt_SettlingDay_IsFreshnessAfterTheAnswer() =>
        Assert.Equal(Moment(12, 0, 9, 59) + Freshness, lifetimes.ExpiresAt(Of(Moment(12, 0, 9, 59))));

    [Fact]
    public void ExpiresAt_SettledDayThatIsNotFinal_IsTriedAgainAfterFiveMinutes() =>
        Assert.Equal(Moment(12, 0, 15), lifetimes.ExpiresAt(Of(Moment(12, 0, 10))));

    [Fact]
    public void ExpiresAt_FinalDay_IsClosedLifetime() =>
        Assert.Equal(Moment(12, 1) + TimeSpan.FromDays(30), lifetimes.ExpiresAt(Of(Moment(12, 1), isFinal: true)));

    [Fact]
    public void RenewsAt_FirstAnswer_IsHalfTheFreshness() =>
        Assert.Equal(Moment(11, 12) + (Freshness / 2), lifetimes.RenewsAt(Of(Moment(11, 12))));

    [Fact]
    public void RenewsAt_AskedEarly_MakesUpForItSoThatTheLongRunIsOneQuestionPerInterval()
    {
        var first = Moment(11, 12);
        var second = first + (Freshness / 2);

        Assert.Equal(first + (2 * Freshness), lifetimes.RenewsAt(Of(second, previous: first)));
    }

    [Fact]
    public void RenewsAt_QuestionBeforeIsLongAgo_IsHalfTheFreshness() =>
        Assert.Equal(Moment(11, 12) + (Freshness / 2), lifetimes.RenewsAt(Of(Moment(11, 12), previous: Moment(11, 10))));

    [Fact]
    public void RenewsAt_Final_IsNotBeforeItExpires() =>
        Assert.Equal(Moment(12, 1) + TimeSpan.FromDays(30), lifetimes.RenewsAt(Of(Moment(12, 1), isFinal: true)));

    [Fact]
    public void StaleUntil_Open_IsMaxStaleAfterTheQuestion() =>
        Assert.Equal(Moment(11, 13), lifetimes.StaleUntil(Of(Moment(11, 12))));

    [Fact]
    public void StaleUntil_Final_IsForEver() =>
        Assert.Equal(DateTimeOffset.MaxValue, lifetimes.StaleUntil(Of(Moment(12, 1), isFinal: true)));

    [Fact]
    public void CompleteUntil_OpenDay_IsWhenTheQuestionWasSent() =>
        Assert.Equal(Moment(11, 12), lifetimes.CompleteUntil(Of(Moment(11, 12), received: Moment(11, 12, 0, 9))));

    [Fact]
    public void CompleteUntil_DayThatIsOver_IsItsEnd() =>
        Assert.Equal(Moment(12, 0), lifetimes.CompleteUntil(Of(Moment(12, 0, 3))));

    [Fact]
    public void CompleteUntil_EndOfAnswerNotProven_PromisesNothing() =>
        Assert.Equal(Moment(11, 0), lifetimes.CompleteUntil(Of(Moment(11, 12), isWhole: false)));

    [Theory]
    [InlineData(11, 12, 0, true)]
    [InlineData(11, 12, 4, true)]
    [InlineData(11, 12, 5, false)]
    [InlineData(12, 0, 10, false)]
    public void CanAskForTail_SinceTheWholeRead_EndsAfterFiveMinutesAndWithTheDay(int day, int hour, int minute, bool expected) =>
        Assert.Equal(expected, lifetimes.CanAskForTail(Of(day == 12 ? Moment(12, 0, 9) : Moment(11, 12)), Moment(day, hour, minute)));

    [Fact]
    public void CanAskForTail_UnknownOrUnproven_IsWhole()
    {
        Assert.False(lifetimes.CanAskForTail(null, Moment(11, 12)));
        Assert.False(lifetimes.CanAskForTail(Of(Moment(11, 12), isWhole: false), Moment(11, 12)));
    }

    private static DayRecord Of(
        DateTimeOffset asked, DateTimeOffset? received = null, DateTimeOffset? previous = null, bool isFinal = false,
        bool isWhole = true) =>
        DayRecord.Of(Day, [], new(asked, received ?? asked, previous ?? DateTimeOffset.MinValue, asked, isWhole, isFinal, []));
}
