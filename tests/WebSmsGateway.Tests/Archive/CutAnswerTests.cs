using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;
using static WebSmsGateway.Tests.Archive.RecordMergeTests;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>What a cut answer brings: its messages, and nothing that is said of those that it lacks.</summary>
public sealed class CutAnswerTests
{
    private readonly MergedDay day = new();
    private readonly Schedule schedule = ScheduleOf();

    [Fact]
    public void Merge_CutAnswerAboutAnUnknownDay_IsCompleteUpToItsStartOnly()
    {
        var record = MergeCut(Moment(11, 12), Answered(1, 2));

        Assert.Equal(2, record.Count);
        Assert.Equal(Moment(11, 0), schedule.CompleteUntil(record));
        Assert.Equal(Moment(11, 12).AddSeconds(5), schedule.DueAt(record));
        Assert.Null(schedule.TailStart(record, Moment(11, 12, 1)));
        Assert.False(schedule.IsWholeReadDue(record, Moment(11, 13)));
        Assert.Equal([MessageProblem.OfDay(Day, 2, ProblemReason.AnswerCut)], ProblemsOf(record));
    }

    [Fact]
    public void Merge_WholeAnswerAfterACutOne_MarksWhatTheCutOneLackedAsThereFirst()
    {
        MergeCut(Moment(11, 12), Answered(1));

        var record = day.Merge(Moment(11, 12, 1), Answered(1, 2));

        Assert.All(MessagesOf(record), message => Assert.True(message.IsFirst));
        Assert.Equal(Moment(11, 12, 1), schedule.CompleteUntil(record));
        Assert.Empty(ProblemsOf(record));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(11)]
    public void Merge_CutAnswerAboutAKnownDay_LeavesWhatIsCompleteAndDoubtsNothing(int? tailFrom)
    {
        day.Merge(Moment(11, 12), Answered(1, 2, 3));

        var record = MergeCut(Moment(11, 13), Answered(2, 4), tailFrom is { } hour ? TimeSpan.FromHours(hour) : null);

        Assert.Equal([1, 2, 3, 4], MessagesOf(record).Select(message => message.ReceivedAt.Second));
        Assert.Empty(record.Doubts);
        Assert.Equal((Moment(11, 12), true), (schedule.CompleteUntil(record), record.IsWhole));
        Assert.Equal(Moment(11, 13).AddSeconds(5), schedule.DueAt(record));
        Assert.Equal([MessageProblem.OfDay(Day, 4, ProblemReason.AnswerCut)], ProblemsOf(record));
    }

    [Fact]
    public void Merge_CutAnswersAMinuteApart_RemoveNothing()
    {
        day.Merge(Moment(11, 12), Answered(1, 2));
        day.Merge(Moment(11, 12, 1), Answered(1));
        var doubted = Assert.Single(day.Known!.Doubts);

        MergeCut(Moment(11, 12, 3), Answered(1));
        var record = MergeCut(Moment(11, 12, 5), Answered(1));

        Assert.Equal(2, record.Count);
        Assert.Equal([doubted], record.Doubts);
    }

    [Theory]
    [InlineData(11, 23, 5)]
    [InlineData(12, 1, 300)]
    [InlineData(20, 12, 300)]
    public void Merge_CutAnswer_NeverClosesADayAndIsAskedForAgain(int dayOfMonth, int hour, int seconds)
    {
        var askedAt = Moment(dayOfMonth, hour);
        var record = MergeCut(askedAt, Answered(1));

        Assert.False(record.IsFinal);
        Assert.False(schedule.IsClosed(record));
        Assert.False(schedule.IsReadPastEnd(record));
        Assert.Equal(askedAt.AddSeconds(seconds), schedule.DueAt(record));
        Assert.False(schedule.IsDue(record, askedAt));
    }

    [Fact]
    public void Merge_CutAnswerAboutAFinalDay_IsFinalAgainAfterAWholeOne()
    {
        Assert.True(day.Merge(Moment(20, 12), Answered(1)).IsFinal);

        Assert.False(MergeCut(Moment(20, 13), Answered(1)).IsFinal);
        Assert.True(day.Merge(Moment(20, 14), Answered(1)).IsFinal);
    }

    [Fact]
    public void Merge_CutAnswerThatComesLate_BringsMessagesAndMovesNothing()
    {
        day.Merge(Moment(11, 13), Answered(1));
        var before = day.Known!.Metadata;

        var record = day.Merge(
            Moment(11, 12), Answered(1, 2), receivedAt: Moment(11, 14), change: _ => MergedDay.Answer(Moment(11, 12), isCut: true));

        Assert.Equal(2, record.Count);
        Assert.Equal(before, record.Metadata);
    }

    [Fact]
    public void StaleUntil_CutAnswer_CountsFromItsQuestion()
    {
        var record = MergeCut(Moment(11, 12), Answered(1));

        Assert.Equal(Moment(11, 13), schedule.StaleUntil(record));
        Assert.False(schedule.IsStale(record, isFailing: false, Moment(11, 12, 0, 10)));
        Assert.True(schedule.IsStale(record, isFailing: false, Moment(11, 12, 1)));
    }

    private DayRecord MergeCut(DateTimeOffset askedAt, IEnumerable<Message> messages, TimeSpan? tail = null) =>
        day.Merge(askedAt, messages, tail, change: _ => MergedDay.Answer(askedAt, isCut: true));

    private static IEnumerable<MessageProblem> ProblemsOf(DayRecord record) =>
        DayProblems.Of(record, Scope.Account, DoubtTests.QueryOf(NumberSet.All));
}
