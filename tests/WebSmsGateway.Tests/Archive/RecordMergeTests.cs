using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

public sealed class RecordMergeTests
{
    private readonly RecordMerge merge = new(new Schedule(
        Options.Create(new CacheOptions()), new AccountZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"))));

    [Fact]
    public void Merge_WholeAnswerAboutAnUnknownDay_IsThatAnswer()
    {
        var record = merge.Merge(Day, null, Answer(Moment(11, 12), Sequence(3)));

        Assert.Equal(3, record.Count);
        Assert.Equal((Moment(11, 12), Moment(11, 12), DateTimeOffset.MinValue), (record.AskedAt, record.ReadWholeAt, record.PreviouslyAskedAt));
        Assert.False(record.IsFinal);
    }

    [Fact]
    public void Merge_Tail_AddsWhatIsNewAndKeepsTheTimeOfTheWholeRead()
    {
        var before = merge.Merge(Day, null, Answer(Moment(11, 12), Sequence(3)));

        var after = merge.Merge(Day, before, Answer(Moment(11, 12, 1), Sequence(3, from: 2), isTail: true));

        Assert.Equal(5, after.Count);
        Assert.Same(before[2], after[2]);
        Assert.Equal((Moment(11, 12, 1), Moment(11, 12), Moment(11, 12)), (after.AskedAt, after.ReadWholeAt, after.PreviouslyAskedAt));
    }

    [Theory]
    [InlineData(12, 0, 9, true, false, null, false)] // not settled yet
    [InlineData(12, 0, 10, true, false, null, true)]
    [InlineData(12, 0, 10, false, false, null, false)] // the end of the answer is not proven
    [InlineData(12, 0, 10, true, true, null, false)] // only the tail
    [InlineData(12, 0, 10, true, false, 11, false)] // a problem of the day
    [InlineData(12, 0, 10, true, false, 10, true)] // a problem of another day
    [InlineData(12, 0, 10, true, false, 0, false)] // a record without a date may belong to any day
    public void Merge_DayThatIsOver_IsFinalByAWholeAnswerWithoutAProblemAfterSettleTime(
        int day, int hour, int minute, bool isWhole, bool isTail, int? problemDay, bool isFinal)
    {
        var before = merge.Merge(Day, null, Answer(Moment(11, 12), Sequence(1)));
        List<WireProblem> problems = problemDay is { } found
            ? [new WireProblem(1, found == 0 ? null : new DateTime(2026, 3, found), ProblemReason.UnreadableNumber)]
            : [];

        var record = merge.Merge(Day, before, Answer(Moment(day, hour, minute), Sequence(1), isTail, isWhole, problems));

        Assert.Equal(isFinal, record.IsFinal);
    }

    [Fact]
    public void Merge_TailWithAProblemOfAReasonThatIsKnown_AddsNone()
    {
        WireProblem problem = new(7, new DateTime(2026, 3, 11), ProblemReason.UnreadableNumber);
        var before = merge.Merge(Day, null, Answer(Moment(11, 12), Sequence(1), problems: [problem]));

        var after = merge.Merge(Day, before, Answer(Moment(11, 12, 1), [], isTail: true, problems: [problem with { Position = 1 }]));

        Assert.Equal(7, Assert.Single(after.Problems).Position);
    }

    private static DayAnswer Answer(
        DateTimeOffset askedAt, List<Message> messages, bool isTail = false, bool isWhole = true, List<WireProblem>? problems = null) =>
        new(UpstreamAnswer.Verified(askedAt, [], problems ?? [], isWhole, 0), messages, isTail, IsFirstDay: true, askedAt);
}
