using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class ScheduleTests
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly Schedule schedule = new(
        Options.Create(new CacheOptions()), new AccountZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow")));

    [Fact]
    public void ExpiresAt_OpenDay_IsFreshnessAfterTheAnswer() =>
        Assert.Equal(Moment(11, 12, 0, 7), schedule.ExpiresAt(Of(Moment(11, 12), received: Moment(11, 12, 0, 2))));

    [Fact]
    public void ExpiresAt_SettlingDay_IsFreshnessAfterTheAnswer() =>
        Assert.Equal(Moment(12, 0, 9, 59) + Freshness, schedule.ExpiresAt(Of(Moment(12, 0, 9, 59))));

    [Fact]
    public void ExpiresAt_SettledDayThatIsNotFinal_IsTriedAgainAfterFiveMinutes() =>
        Assert.Equal(Moment(12, 0, 15), schedule.ExpiresAt(Of(Moment(12, 0, 10))));

    [Fact]
    public void ExpiresAt_FinalDay_IsClosedLifetime() =>
        Assert.Equal(Moment(12, 1) + TimeSpan.FromDays(30), schedule.ExpiresAt(Of(Moment(12, 1), isFinal: true)));

    [Fact]
    public void RenewsAt_FirstAnswer_IsHalfTheFreshness() =>
        Assert.Equal(Moment(11, 12) + (Freshness / 2), schedule.RenewsAt(Of(Moment(11, 12))));

    [Fact]
    public void RenewsAt_AskedEarly_MakesUpForItSoThatTheLongRunIsOneQuestionPerInterval()
    {
        var first = Moment(11, 12);
        var second = first + (Freshness / 2);

        Assert.Equal(first + (2 * Freshness), schedule.RenewsAt(Of(second, previous: first)));
    }

    [Fact]
    public void RenewsAt_QuestionBeforeIsLongAgo_IsHalfTheFreshness() =>
        Assert.Equal(Moment(11, 12) + (Freshness / 2), schedule.RenewsAt(Of(Moment(11, 12), previous: Moment(11, 10))));

    [Fact]
    public void RenewsAt_Final_IsNotBeforeItExpires() =>
        Assert.Equal(Moment(12, 1) + TimeSpan.FromDays(30), schedule.RenewsAt(Of(Moment(12, 1), isFinal: true)));

    [Fact]
    public void StaleUntil_Open_IsMaxStaleAfterTheQuestion() =>
        Assert.Equal(Moment(11, 13), schedule.StaleUntil(Of(Moment(11, 12))));

    [Fact]
    public void StaleUntil_Final_IsForEver() =>
        Assert.Equal(DateTimeOffset.MaxValue, schedule.StaleUntil(Of(Moment(12, 1), isFinal: true)));

    [Fact]
    public void CompleteUntil_OpenDay_IsWhenTheQuestionWasSent() =>
        Assert.Equal(Moment(11, 12), schedule.CompleteUntil(Of(Moment(11, 12), received: Moment(11, 12, 0, 9))));

    [Fact]
    public void CompleteUntil_DayThatIsOver_IsItsEnd() =>
        Assert.Equal(Moment(12, 0), schedule.CompleteUntil(Of(Moment(12, 0, 3))));

    [Fact]
    public void CompleteUntil_EndOfAnswerNotProven_PromisesNothing() =>
        Assert.Equal(Moment(11, 0), schedule.CompleteUntil(Of(Moment(11, 12), isWhole: false)));

    [Theory]
    [InlineData(11, 12, 0, true)]
    [InlineData(11, 12, 4, true)]
    [InlineData(11, 12, 5, false)]
    [InlineData(12, 0, 10, false)]
    public void TailStart_SinceTheWholeRead_EndsAfterFiveMinutesAndWithTheDay(int day, int hour, int minute, bool isTail) => Assert.Equal(
        isTail, schedule.TailStart(Of(day == 12 ? Moment(12, 0, 9) : Moment(11, 12)), Moment(day, hour, minute)) is not null);

    [Fact]
    public void TailStart_UnknownOrUnprovenOrFinal_IsWhole()
    {
        Assert.Null(schedule.TailStart(null, Moment(11, 12)));
        Assert.Null(schedule.TailStart(Of(Moment(11, 12), isWhole: false), Moment(11, 12)));
        Assert.Null(schedule.TailStart(Of(Moment(11, 12), isFinal: true), Moment(11, 12)));
    }

    [Theory]
    [InlineData("10:00:00", "09:58:00")] // the newest message is before the last question
    [InlineData("12:05:00", "11:58:00")] // WEBSMS's clock is ahead of ours
    [InlineData("00:01:00", "00:00:00")] // the overlap would reach into the day before
    public void TailStart_NewestMessageAndLastQuestion_IsTheOverlapBeforeTheEarlierOne(string newest, string expected)
    {
        var record = DayRecord.Of(Day, [At(TimeSpan.Parse(newest))], Metadata(Moment(11, 12)));

        Assert.Equal(Day.ToDateTime(TimeOnly.Parse(expected)), schedule.TailStart(record, Moment(11, 12, 1)));
    }

    [Theory]
    [InlineData(0, null, false, false, nameof(Need.Nothing))]
    [InlineData(4, null, false, false, nameof(Need.Renew))]
    [InlineData(5, null, false, false, nameof(Need.Fetch))]
    [InlineData(5, null, false, true, nameof(Need.Fetch))]
    [InlineData(4, 0, false, false, nameof(Need.Nothing))] // after a failure nothing is renewed early
    [InlineData(30, 2, false, false, nameof(Need.ServeStale))] // the failure is younger than the retry interval
    [InlineData(30, 2, false, true, nameof(Need.ServeStale))]
    [InlineData(30, 7, false, false, nameof(Need.ServeStaleAndRetry))]
    [InlineData(30, 7, true, false, nameof(Need.ServeStale))] // somebody asks already
    [InlineData(30, 7, false, true, nameof(Need.Fetch))] // a watch waits for the end of the outage
    [InlineData(30, 20, false, false, nameof(Need.Fetch))] // an old failure says nothing about the present
    [InlineData(3601, 2, false, false, nameof(Need.Fetch))] // too old to be served
    public void NeedOf_OpenDay_FollowsFromItsAgeTheLastFailureAndWhoReads(
        int age, int? failedBefore, bool isAsked, bool isWatching, string expected)
    {
        var asked = Moment(11, 12);
        var now = asked + TimeSpan.FromSeconds(age);
        var failure = failedBefore is { } seconds
            ? new LastFailure(new UpstreamFailure(UpstreamError.Unreachable, "down"), now - TimeSpan.FromSeconds(seconds))
            : null;

        Assert.Equal(expected, schedule.NeedOf(Of(asked), failure, isAsked, isWatching, now).ToString());
    }

    [Fact]
    public void NeedOf_NothingKnown_IsFetched() =>
        Assert.Equal(Need.Fetch, schedule.NeedOf(null, null, isAsked: false, isWatching: false, Moment(11, 12)));

    [Fact]
    public void NeedOf_FinalDay_IsNothingForAWatchToo() =>
        Assert.Equal(Need.Nothing, schedule.NeedOf(Of(Moment(12, 1), isFinal: true), null, false, isWatching: true, Moment(12, 12)));

    [Theory]
    [InlineData(1, null, 5)]
    [InlineData(2, null, 10)]
    [InlineData(9, null, 10)]
    [InlineData(1, 30, 30)]
    public void PauseAfter_Failures_GrowsToTenSecondsAndHeedsWebSms(int failures, int? retryAfter, int expected)
    {
        var failure = new UpstreamFailure(
            UpstreamError.Unavailable, "busy", RetryAfter: retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        Assert.Equal(TimeSpan.FromSeconds(expected), schedule.PauseAfter(failure, failures));
    }

    [Fact]
    public void PauseAfter_AnAnswer_EndsWithTheFreshnessOfTheDayThatIsDueFirst()
    {
        DayRecord[] records = [Of(Moment(11, 12)), Of(Moment(11, 12, 0, 2))];

        Assert.Equal(TimeSpan.FromSeconds(2), schedule.PauseAfter(records, Moment(11, 12, 0, 3)));
        Assert.Equal(TimeSpan.FromMilliseconds(1), schedule.PauseAfter(records, Moment(11, 13)));
    }

    [Theory]
    [InlineData(11, 12, 0, 11)]
    [InlineData(12, 0, 5, 11)]
    [InlineData(12, 0, 11, 11)]
    [InlineData(12, 0, 13, 12)]
    public void FirstWatchedDay_AroundMidnight_IsYesterdayUntilItHasSettled(int day, int hour, int minute, int expected) =>
        Assert.Equal(new DateOnly(2026, 3, expected), schedule.FirstWatchedDay(Moment(day, hour, minute)));

    private static DayRecord Of(
        DateTimeOffset asked, DateTimeOffset? received = null, DateTimeOffset? previous = null, bool isFinal = false,
        bool isWhole = true) =>
        DayRecord.Of(Day, [], new(asked, received ?? asked, previous ?? DateTimeOffset.MinValue, asked, isWhole, isFinal, []));
}
