using WebSmsGateway.Archive.Records;
using static WebSmsGateway.Tests.Archive.SampleMessages;
using static WebSmsGateway.Tests.Archive.ScheduleTests;

namespace WebSmsGateway.Tests.Archive;

/// <summary>Clocks that differ and that step back.</summary>
public sealed class ScheduleClockTests
{
    private readonly Schedule schedule = ScheduleOf();

    [Theory]
    [InlineData("11 12:00:00", "11 12:00:04", false)]
    [InlineData("11 12:00:00", "11 12:00:05", true)]
    [InlineData("11 12:00:00", "11 11:59:59", false)] // replicas without Redis differ by a second
    [InlineData("11 12:00:00", "11 11:59:58", true)] // our clock stepped back
    [InlineData("12 00:20:00", "12 00:19:58", true)]
    [InlineData("19 12:00:00", "12 00:30:00", true)] // final, by a clock that was wrong
    public void IsDue_ClockThatStepsBack_MakesRecordsDueAndNeverFresh(string asked, string now, bool isDue)
    {
        Assert.Equal(isDue, schedule.IsDue(Of(Metadata(At(asked))), At(now)));
        Assert.Equal(isDue && now != "11 12:00:05", schedule.IsDue(Of(Metadata(At(asked), isFinal: true)), At(now)));
    }

    [Theory]
    [InlineData("12 00:10:00", 0, true)]
    [InlineData("12 00:10:00", -1, false)] // WEBSMS is behind: its day has not settled
    [InlineData("12 00:15:00", -300, true)]
    [InlineData("12 00:14:59", -300, false)]
    [InlineData("12 00:05:00", 300, false)] // WEBSMS is ahead: ours has not settled
    [InlineData("12 00:09:59", 3600, false)]
    [InlineData("12 00:10:00", 3600, true)]
    public void IsClosed_ClocksThatDiffer_IsByTheOneThatIsBehind(string asked, int ahead, bool isClosed) =>
        Assert.Equal(isClosed, schedule.IsClosed(Of(Metadata(At(asked), ahead: TimeSpan.FromSeconds(ahead)))));

    [Theory]
    [InlineData("12 00:15:00", -300, "12 01:05:00")]
    [InlineData("12 01:04:59", -300, "12 01:05:00")]
    [InlineData("12 01:05:00", -300, "12 06:05:00")]
    [InlineData("12 00:10:00", 300, "12 01:00:00")]
    [InlineData("12 01:00:00", 300, "12 06:00:00")]
    public void DueAt_ClocksThatDiffer_RechecksByTheOneThatIsBehind(string asked, int ahead, string due)
    {
        var record = Of(Metadata(At(asked), ahead: TimeSpan.FromSeconds(ahead)));

        Assert.Equal(At(due), schedule.DueAt(record));
        Assert.False(schedule.IsDue(record, At(due).AddSeconds(-1)));
        Assert.True(schedule.IsDue(record, At(due)));
    }

    [Theory]
    [InlineData("11 23:55:00", 300, "11 23:55:00", true)]
    [InlineData("11 23:54:59", 300, "11 23:54:59", false)]
    [InlineData("12 00:00:00", -1, "11 23:59:59", false)]
    [InlineData("12 00:00:00", 0, "12 00:00:00", true)]
    [InlineData("12 00:05:00", -300, "12 00:00:00", true)]
    public void CompleteUntil_ClocksThatDiffer_IsToldByTheOneThatIsBehind(string asked, int ahead, string until, bool isPastEnd)
    {
        var record = Of(Metadata(At(asked), ahead: TimeSpan.FromSeconds(ahead)));

        Assert.Equal(At(until), schedule.CompleteUntil(record));
        Assert.Equal(isPastEnd, schedule.IsReadPastEnd(record));
    }

    [Fact]
    public void CompleteUntil_EndOfAnswerNotProven_PromisesNothing() =>
        Assert.Equal(At("11 00:00:00"), schedule.CompleteUntil(Of(Metadata(At("11 12:00:00"), isWhole: false))));

    [Fact]
    public void CompleteUntil_SeveralDays_EndsWithTheFirstThatIsNotComplete()
    {
        var (day, next) = (Day, Day.AddDays(1));
        DayRecord open(DateOnly of, string asked) => DayRecord.Of(of, [], Metadata(At(asked)));

        Assert.Null(schedule.CompleteUntil(Array.Empty<DayRecord>()));
        Assert.Equal(At("12 08:00:00"), schedule.CompleteUntil([open(day, "12 00:00:00"), open(next, "12 08:00:00")]));
        Assert.Equal(At("11 23:00:00"), schedule.CompleteUntil([open(day, "11 23:00:00"), open(next, "12 08:00:00")]));
    }

    [Theory]
    [InlineData("10:00:00", 0, "09:58:00")] // the newest message is before the last question
    [InlineData("12:05:00", 0, "11:58:00")] // a message is dated ahead of us
    [InlineData("12:05:00", 300, "12:03:00")] // the clock of WEBSMS is ahead of ours
    [InlineData("11:57:00", -300, "11:53:00")] // and behind ours
    [InlineData("00:01:00", 0, "00:00:00")] // the overlap would reach into the day before
    public void TailStart_NewestMessageAndLastQuestion_IsTheOverlapBeforeTheEarlierOne(string newest, int ahead, string expected)
    {
        var record = DayRecord.Of(
            Day, [SampleMessages.At(TimeSpan.Parse(newest))], Metadata(Moment(11, 12), ahead: TimeSpan.FromSeconds(ahead)));

        Assert.Equal(Day.ToDateTime(TimeOnly.Parse(expected)), schedule.TailStart(record, Moment(11, 12, 1)));
    }

    [Theory]
    [InlineData("11 12:00:00", "11 13:00:00", true)] // whole reads of an open day are counted apart
    [InlineData("12 00:09:00", "12 00:09:59", true)]
    [InlineData("12 00:09:00", "12 00:10:00", false)] // the closing read is whole
    [InlineData("12 00:10:00", "12 01:00:00", false)]
    public void TailStart_OpenOrClosed_IsATailUntilTheDayHasSettled(string asked, string now, bool isTail) =>
        Assert.Equal(isTail, schedule.TailStart(Of(Metadata(At(asked))), At(now)) is not null);

    [Fact]
    public void TailStart_UnknownOrUnprovenOrFinal_IsWhole()
    {
        Assert.Null(schedule.TailStart(null, Moment(11, 12)));
        Assert.Null(schedule.TailStart(Of(Metadata(Moment(11, 12), isWhole: false)), Moment(11, 12)));
        Assert.Null(schedule.TailStart(Of(Metadata(Moment(11, 12), isFinal: true)), Moment(11, 12)));
    }

    [Fact]
    public void TailStart_InTheHourThatTheClockRepeats_BeginsBeforeBoth()
    {
        // Moscow, 26.10.2014: at 02:00 the clock went back to 01:00.
        var day = new DateOnly(2014, 10, 26);
        var asked = new DateTimeOffset(2014, 10, 26, 1, 30, 0, TimeSpan.FromHours(3));
        var message = MessageFactory.Make(new(day, 1), Number, new(), asked.AddMinutes(-1), "x").Placed(0, new(1, 0), false);

        Assert.Equal(
            new DateTime(2014, 10, 26, 0, 27, 0),
            schedule.TailStart(DayRecord.Of(day, [message], Metadata(asked)), asked.AddSeconds(9)));
    }

    [Theory]
    [InlineData("11 12:00:00", 11)]
    [InlineData("12 00:05:00", 11)]
    [InlineData("12 00:11:59", 11)]
    [InlineData("12 00:12:00", 12)]
    public void FirstWatchedDay_AroundMidnight_IsYesterdayUntilItHasSettled(string now, int expected) =>
        Assert.Equal(new DateOnly(2026, 3, expected), schedule.FirstWatchedDay(At(now)));
}
