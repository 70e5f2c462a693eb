using WebSmsGateway.Archive.Records;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;
using static WebSmsGateway.Tests.Archive.ScheduleTests;

namespace WebSmsGateway.Tests.Archive;

/// <summary>What readers and watches do about a record.</summary>
public sealed class ScheduleReaderTests
{
    private readonly Schedule schedule = ScheduleOf();

    [Theory]
    [InlineData(0, null, null, false, nameof(Need.Nothing))]
    [InlineData(4, null, null, false, nameof(Need.Nothing))]
    [InlineData(5, null, null, false, nameof(Need.Fetch))]
    [InlineData(5, null, null, true, nameof(Need.Fetch))]
    [InlineData(4, 0, null, true, nameof(Need.Nothing))] // one question per interval, after a failure too
    [InlineData(30, 2, null, false, nameof(Need.ServeStale))] // the failure is younger than the retry interval
    [InlineData(30, 4, null, false, nameof(Need.ServeStale))]
    [InlineData(30, 5, null, false, nameof(Need.Fetch))]
    [InlineData(30, 2, 1, false, nameof(Need.Fetch))] // WEBSMS said that it will answer sooner
    [InlineData(30, 7, 60, false, nameof(Need.Fetch))]
    [InlineData(30, 2, null, true, nameof(Need.Fetch))] // a watch has pauses of its own
    [InlineData(3599, 2, null, false, nameof(Need.ServeStale))]
    [InlineData(3600, 2, null, false, nameof(Need.Fetch))] // too old to be served
    public void NeedOf_OpenDay_FollowsFromItsAgeTheLastFailureAndWhoReads(
        int age, int? failedBefore, int? retryAfter, bool isWatching, string expected)
    {
        var asked = Moment(11, 12);
        var now = asked + TimeSpan.FromSeconds(age);
        var failure = failedBefore is { } seconds ? new LastFailure(Down(retryAfter), now - TimeSpan.FromSeconds(seconds)) : null;

        Assert.Equal(expected, schedule.NeedOf(Of(Metadata(asked)), failure, isWatching, now).ToString());
    }

    [Fact]
    public void NeedOf_NothingKnown_IsFetched()
    {
        Assert.Equal(Need.Fetch, schedule.NeedOf(null, null, isWatching: false, Moment(11, 12)));
        Assert.Equal(Need.Fetch, schedule.NeedOf(null, new LastFailure(Down(null), Moment(11, 12)), isWatching: false, Moment(11, 12)));
    }

    [Fact]
    public void NeedOf_FinalDay_IsNothingForAWatchToo() => Assert.Equal(
        Need.Nothing, schedule.NeedOf(Of(Metadata(Moment(19, 1), isFinal: true)), null, isWatching: true, Moment(30, 12)));

    [Theory]
    [InlineData("11 12:00:00", true, false, 15, false)] // freshness and the time-out of one attempt
    [InlineData("11 12:00:00", true, false, 16, true)]
    [InlineData("11 12:00:00", true, true, 1, true)]
    [InlineData("12 00:09:59", true, true, 1, true)] // settling
    [InlineData("12 00:10:00", true, true, 1, false)] // a recheck that fails leaves the day as it is
    [InlineData("12 00:10:00", true, false, 100_000, false)]
    [InlineData("12 00:10:00", false, true, 1, true)] // closed, but cut
    public void IsStale_RecordAndLastQuestion_IsToldOfWhatMayHaveChanged(
        string asked, bool isWhole, bool isFailing, int age, bool isStale) =>
        Assert.Equal(isStale, schedule.IsStale(Of(Metadata(At(asked), isWhole: isWhole)), isFailing, At(asked).AddSeconds(age)));

    [Theory]
    [InlineData("11 12:00:00", true, "11 13:00:00")]
    [InlineData("12 00:09:59", true, "12 01:09:59")]
    [InlineData("12 00:10:00", false, "12 01:10:00")]
    [InlineData("12 00:10:00", true, null)]
    public void StaleUntil_OpenOrCut_IsMaxStaleAfterTheQuestion(string asked, bool isWhole, string? until) => Assert.Equal(
        until is null ? DateTimeOffset.MaxValue : At(until), schedule.StaleUntil(Of(Metadata(At(asked), isWhole: isWhole))));

    [Theory]
    [InlineData(1, null, 5)]
    [InlineData(2, null, 10)]
    [InlineData(9, null, 10)]
    [InlineData(1, 30, 30)]
    [InlineData(2, 1, 10)]
    public void PauseAfter_Failures_GrowsToTenSecondsAndHeedsWebSms(int failures, int? retryAfter, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), schedule.PauseAfter(Down(retryAfter), failures));

    [Fact]
    public void PauseAfter_AnAnswer_EndsWithTheFreshnessOfTheDayThatIsDueFirst()
    {
        DayRecord[] records = [Of(Metadata(Moment(11, 12))), Of(Metadata(Moment(11, 12, 0, 2)))];

        Assert.Equal(TimeSpan.FromSeconds(2), schedule.PauseAfter(records, Moment(11, 12, 0, 3)));
        Assert.Equal(TimeSpan.FromMilliseconds(1), schedule.PauseAfter(records, Moment(11, 13)));
        Assert.Equal(TimeSpan.FromSeconds(5), schedule.PauseAfter([Of(Metadata(At("12 00:10:00")))], At("12 00:10:00")));
    }

    private static UpstreamFailure Down(int? retryAfter) =>
        new(UpstreamError.Unavailable, "busy", RetryAfter: retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}
