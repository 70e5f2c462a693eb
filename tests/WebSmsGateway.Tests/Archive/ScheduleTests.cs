using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>When a day is asked for again, by its state and its age.</summary>
public sealed class ScheduleTests
{
    private static readonly TimeSpan[] NoAgeIsLeft = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)];

    private readonly Schedule schedule = ScheduleOf();

    [Theory]
    [InlineData("11 12:00:00", "11 12:00:05")] // open
    [InlineData("11 23:59:59", "12 00:00:04")]
    [InlineData("12 00:09:59", "12 00:10:04")] // settling
    [InlineData("12 00:10:00", "12 01:00:00")] // closed: the recheck after ten minutes is done by the read that closes
    [InlineData("12 00:59:59", "12 01:00:00")]
    [InlineData("12 01:00:00", "12 06:00:00")]
    [InlineData("12 05:59:59", "12 06:00:00")]
    [InlineData("12 06:00:00", "13 00:00:00")]
    [InlineData("13 00:00:00", "15 00:00:00")]
    [InlineData("14 23:59:59", "15 00:00:00")]
    [InlineData("15 00:00:00", "19 00:00:00")]
    [InlineData("17 13:00:00", "19 00:00:00")] // read late: the ages that have passed meanwhile are done by this one read
    public void DueAt_StateAndAge_IsTheNextQuestion(string asked, string due) =>
        Assert.Equal(At(due), schedule.DueAt(Of(Metadata(At(asked)))));

    [Theory]
    [InlineData("19 00:00:00", false)]
    [InlineData("19 00:00:00", true)]
    [InlineData("12 01:00:00", true)]
    public void DueAt_LastRecheckIsDone_IsAfterTheLifetime(string asked, bool isFinal) =>
        Assert.Equal(At(asked).AddDays(30), schedule.DueAt(Of(Metadata(At(asked), isFinal))));

    [Theory]
    [InlineData("12 00:20:00", 5)]
    [InlineData("14 12:00:00", 5)]
    [InlineData("25 12:00:00", 5)] // all ages have passed
    public void DueAt_ClosedWithAProblemOrCut_IsEveryFiveMinutes(string asked, int minutes)
    {
        MessageProblem[] problems = [MessageProblem.OfRecord(Day, 1, ProblemReason.UnreadableRecord)];

        Assert.Equal(At(asked).AddMinutes(minutes), schedule.DueAt(Of(Metadata(At(asked)) with { Problems = problems })));
        Assert.Equal(At(asked).AddMinutes(minutes), schedule.DueAt(Of(Metadata(At(asked), isWhole: false))));
        Assert.Equal(At(asked).AddMinutes(1), schedule.DueAt(Of(Doubted(At(asked), At(asked)) with { Problems = problems })));
    }

    [Theory]
    [InlineData("11 12:00:00", 5)] // open: the tails go on, and the whole read is counted apart
    [InlineData("12 00:20:00", 60)]
    [InlineData("25 12:00:00", 60)]
    public void DueAt_Doubted_IsAfterAMinuteOnceTheDayIsClosed(string asked, int seconds) =>
        Assert.Equal(At(asked).AddSeconds(seconds), schedule.DueAt(Of(Doubted(At(asked), At(asked)))));

    [Fact]
    public void DueAt_ReplacedList_HasOnlyItsOwnAgesInOrder()
    {
        var replaced = ScheduleOf(new CacheOptions { RecheckAges = [TimeSpan.FromHours(30), TimeSpan.FromHours(2)] });

        Assert.Equal(At("12 02:00:00"), replaced.DueAt(Of(Metadata(At("12 00:10:00")))));
        Assert.Equal(At("13 06:00:00"), replaced.DueAt(Of(Metadata(At("12 02:00:00")))));
        Assert.Equal(At("13 06:00:00").AddDays(30), replaced.DueAt(Of(Metadata(At("13 06:00:00")))));
        Assert.Equal(TimeSpan.FromHours(30), replaced.LastAge);
    }

    [Fact]
    public void DueAt_NoAgeAfterSettleTime_HasNoRecheck()
    {
        var closing = ScheduleOf(new CacheOptions { RecheckAges = NoAgeIsLeft });

        Assert.Equal(At("12 00:10:00").AddDays(30), closing.DueAt(Of(Metadata(At("12 00:10:00")))));
        Assert.True(closing.IsLastRead(Day, At("12 00:10:00")));
        Assert.False(closing.IsLastRead(Day, At("12 00:09:59")));
        Assert.Equal(TimeSpan.FromMinutes(10), closing.LastAge);
    }

    [Theory]
    [InlineData("00:00:00", "12 00:00:00", "12 00:10:00")]
    [InlineData("00:09:59", "12 00:09:59", "12 00:10:00")]
    [InlineData("12:00:00", "12 12:00:00", "13 00:00:00")]
    public void DueAt_OtherSettleTime_DropsTheAgesThatTheClosingReadHasDone(string settleTime, string asked, string due) => Assert.Equal(
        At(due), ScheduleOf(new CacheOptions { SettleTime = TimeSpan.Parse(settleTime) }).DueAt(Of(Metadata(At(asked)))));

    [Fact]
    public void DueAt_LongFreshness_IsNoExceptionForProblems()
    {
        var slow = ScheduleOf(new CacheOptions { Freshness = TimeSpan.FromMinutes(20) });

        Assert.Equal(At("12 00:50:00"), slow.DueAt(Of(Metadata(At("12 00:30:00"), isWhole: false))));
    }

    [Theory]
    [InlineData("18 23:59:59", false)]
    [InlineData("19 00:00:00", true)]
    [InlineData("12 00:10:00", false)]
    public void IsLastRead_ReadAt_IsTrueOnceNoAgeIsLeft(string readAt, bool isLast) =>
        Assert.Equal(isLast, schedule.IsLastRead(Day, At(readAt)));

    [Theory]
    [InlineData("11 12:04:59", null, false)]
    [InlineData("11 12:05:00", null, true)]
    [InlineData("11 12:00:59", "11 12:00:00", false)] // a whole answer doubts: the second one a minute later
    [InlineData("11 12:01:00", "11 12:00:00", true)]
    [InlineData("11 12:00:01", "", true)] // a tail doubts: the first whole answer at once
    [InlineData("11 12:00:01", null, false)]
    public void IsWholeReadDue_OpenDay_IsEveryFiveMinutesAndForADoubt(string now, string? doubtedSince, bool isDue)
    {
        var metadata = doubtedSince is null
            ? Metadata(At("11 12:00:00"))
            : Doubted(At("11 12:00:00"), doubtedSince == "" ? null : At(doubtedSince));

        Assert.Equal(isDue, schedule.IsWholeReadDue(Of(metadata), At(now)));
    }

    [Fact]
    public void IsWholeReadDue_ClosedDay_IsAskedForWholeAnyway() =>
        Assert.False(schedule.IsWholeReadDue(Of(Metadata(At("12 00:10:00"))), At("12 12:00:00")));

    [Theory]
    [InlineData("19 23:59:59", true, false)]
    [InlineData("20 00:00:00", true, true)]
    [InlineData("20 00:00:00", false, false)]
    public void IsLeft_NobodyAskedAfterTheLastAge_LeavesTheHeadADayLater(string now, bool isListed, bool isLeft)
    {
        var day = new ListedDay(Day, Stamp.None) { Metadata = isListed ? Metadata(At("11 12:00:00")) : null };

        Assert.Equal(isLeft, schedule.IsLeft(day, At(now)));
    }

    [Fact]
    public void AnswerBy_Moment_IsTheLatestMomentOfAnAnswerThatWasDue() =>
        Assert.Equal(At("11 12:00:07"), schedule.AnswerBy(At("11 12:00:00")));

    internal static DateTimeOffset At(string moment) =>
        new(DateTime.ParseExact("2026-03-" + moment, "yyyy-MM-dd HH:mm:ss", null), TimeSpan.FromHours(3));

    internal static DayRecord Of(RecordMetadata metadata) => DayRecord.Of(Day, [], metadata);

    private static RecordMetadata Doubted(DateTimeOffset asked, DateTimeOffset? since) =>
        Metadata(asked) with { Doubts = [new Doubt(1, since)] };
}
