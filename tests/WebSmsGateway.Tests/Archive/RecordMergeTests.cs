using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>What an answer brings: messages, their two places, times, and what makes a day final.</summary>
public sealed class RecordMergeTests
{
    private readonly MergedDay day = new();

    [Fact]
    public void Merge_UnknownDay_GivesOneStampInTheOrderOfTimeAndMarksWhatWasThereFirst()
    {
        var record = day.Merge(Moment(11, 12), Answered(3, 1, 2));

        Assert.Equal([1, 2, 3], MessagesOf(record).Select(message => message.ReceivedAt.Second));
        Assert.Equal([0, 1, 2], MessagesOf(record).Select(message => message.Stamp.Ordinal));
        Assert.All(MessagesOf(record), message => Assert.Equal((day.LastStamp, true), (message.Stamp.Moment, message.IsFirst)));
        Assert.Equal((Moment(11, 12), Moment(11, 12), false), (record.AskedAt, record.ReadWholeAt, record.IsFinal));
    }

    [Fact]
    public void Merge_KnownAndNewMessages_KeepsTheKnownAsTheyAre()
    {
        var before = MessagesOf(day.Merge(Moment(11, 12), Answered(1, 3))).ToList();

        var after = day.Merge(Moment(11, 12, 1), Answered(1, 2, 3));

        Assert.Same(before[0], after[0]);
        Assert.Same(before[1], after[2]);
        Assert.Equal((day.LastStamp, 0, false), (after[1].Stamp.Moment, after[1].Stamp.Ordinal, after[1].IsFirst));
        Assert.True(after[1].Stamp > after[2].Stamp);
    }

    [Fact]
    public void Merge_ClockOfWebsmsWasPutBack_DateThatComesTwiceIsNews()
    {
        // A walk that read the first answer has come to 12:00:00.
        var behind = TimeSpan.FromSeconds(-50);
        day.Merge(Moment(11, 12), []);
        day.Merge(Moment(11, 12, 0, 10), [], change: _ => MergedDay.Answer(Moment(11, 12, 0, 10), ahead: behind));

        var record = day.Merge(
            Moment(11, 12, 0, 20), [Reported(new TimeSpan(11, 59, 25), "Код 1")], change: _ => MergedDay.Answer(Moment(11, 12, 0, 20), ahead: behind));

        Assert.False(MessagesOf(record).Single().IsFirst);
        Assert.Equal(Moment(11, 12), record.Metadata.SeenUntil);
    }

    [Fact]
    public void Merge_NothingNew_TakesNoStamp()
    {
        day.Merge(Moment(11, 12), Answered(1));
        var stamp = day.LastStamp;

        day.Merge(Moment(11, 12, 1), Answered(1));

        Assert.Equal(stamp, day.LastStamp);
    }

    [Fact]
    public void Merge_SeveralDaysOfOneAnswer_ShareAStamp()
    {
        var ordinal = 7;
        var part = new DayAnswer(
            MergedDay.Answer(Moment(11, 12)), [.. Answered(1, 2)],
            new(null, default, default), false, true, default, default, default, 0);

        var record = new RecordMerge(ScheduleOf(), Zone).Merge(Day, null, part, 5, ref ordinal);

        Assert.Equal([new Stamp(5, 7), new Stamp(5, 8)], MessagesOf(record).Select(message => message.Stamp));
        Assert.Equal(9, ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Merge_EightMessagesOfOneSecond_StandInTheOrderOfTheList(bool isNewestFirst)
    {
        var date = Day.ToDateTime(new TimeOnly(12, 0));
        var list = Enumerable.Range(0, 8).Select(i => new WireRecord(date, "79021234567", "900", $"Код {i}")).ToList();
        list.Insert(isNewestFirst ? 8 : 0, new WireRecord(date.AddSeconds(-1), "79021234567", "900", "Раньше"));

        Assert.Equal(isNewestFirst, MessageFactory.IsNewestFirst(list));
        var record = day.Merge(Moment(11, 13), new MessageFactory(Zone, Keys).Make(list, isNewestFirst, _ => null)[Day]);

        IEnumerable<int> expected = Enumerable.Range(0, 8);
        Assert.Equal(
            ["Раньше", .. (isNewestFirst ? expected.Reverse() : expected).Select(i => $"Код {i}")],
            MessagesOf(record).Select(message => message.Text));
        Assert.Equal(Enumerable.Range(0, 8), MessagesOf(record).Skip(1).Select(message => message.Position.Rank));
    }

    [Fact]
    public void IsNewestFirst_DatesThatDoNotTell_IsUnknown()
    {
        var record = new WireRecord(Day.ToDateTime(TimeOnly.MinValue), "79021234567", "900", "x");

        Assert.Null(MessageFactory.IsNewestFirst([]));
        Assert.Null(MessageFactory.IsNewestFirst([record, record with { Message = "y" }]));
    }

    [Fact]
    public void Merge_FiveThousandMessagesOfOneSecondInFortyReports_AppendsEachReport()
    {
        // Each report has all that came before, and new messages anywhere between them.
        var random = new Random(14);
        var all = Enumerable.Range(0, 5000).ToArray();
        var reportOf = all.Select(i => i < 40 ? i : random.Next(40)).ToArray();
        random.Shuffle(reportOf);
        var records = new List<DayRecord>();
        for (var report = 0; report < 40; report++)
        {
            records.Add(day.Merge(
                Moment(11, 13, 0, report),
                all.Where(i => reportOf[i] <= report).Select(i => Reported(TimeSpan.FromHours(12), $"Код {i}"))));
        }

        var expected = all.OrderBy(i => reportOf[i]).Select(i => $"Код {i}").ToList();
        Assert.Equal(expected, MessagesOf(records[^1]).Select(message => message.Text));
        Assert.Equal(Enumerable.Range(0, 5000), MessagesOf(records[^1]).Select(message => message.Position.Rank));
        Assert.Equal(expected, MessagesOf(records[^1]).OrderBy(message => message.Stamp).Select(message => message.Text));
        Assert.Equal(5000, MessagesOf(records[^1]).Select(message => message.Stamp).Distinct().Count());
        Assert.All(records, record => Assert.Equal(expected.Take(record.Count), MessagesOf(record).Select(message => message.Text)));
        Assert.Empty(records[^1].Doubts);
    }

    [Fact]
    public void Merge_Tail_AddsWhatIsNewAndKeepsTheTimeOfTheWholeRead()
    {
        day.Merge(Moment(11, 12), Answered(1, 2, 200));

        var after = day.Merge(Moment(11, 12, 1), Answered(200, 201), tail: TimeSpan.FromSeconds(100));

        Assert.Equal(4, after.Count);
        Assert.Empty(after.Doubts);
        Assert.Equal((Moment(11, 12, 1), Moment(11, 12)), (after.AskedAt, after.ReadWholeAt));
    }

    [Fact]
    public void Merge_AnswerThatComesLate_DoesNotMoveTheTimesBack()
    {
        day.Merge(Moment(11, 12), Answered(1));
        day.Merge(Moment(11, 12, 0, 10), Answered(1), tail: TimeSpan.Zero);

        var late = day.Merge(Moment(11, 12, 0, 5), Answered(1, 2), receivedAt: Moment(11, 12, 0, 20));

        Assert.Equal(2, late.Count);
        Assert.Equal((Moment(11, 12, 0, 10), Moment(11, 12, 0, 10)), (late.AskedAt, late.ReceivedAt));
        Assert.Equal(Moment(11, 12, 0, 5), late.ReadWholeAt);

        var later = day.Merge(Moment(11, 12, 0, 3), Answered(1, 2), receivedAt: Moment(11, 12, 0, 30));
        Assert.Equal((Moment(11, 12, 0, 10), Moment(11, 12, 0, 5)), (later.AskedAt, later.ReadWholeAt));
    }

    [Fact]
    public void Merge_TimesInTheFuture_WereAWrongClockAndAreReplaced()
    {
        day.Merge(Moment(12, 12), Answered(1));

        var record = day.Merge(Moment(11, 12), Answered(1));

        Assert.Equal((Moment(11, 12), Moment(11, 12)), (record.AskedAt, record.ReadWholeAt));
    }

    [Theory]
    [InlineData("19 00:00:00", 0, true, false, true)]
    [InlineData("18 23:59:59", 0, true, false, false)] // an age is left
    [InlineData("12 00:10:00", 0, true, false, false)]
    [InlineData("19 00:00:00", -1, true, false, false)] // an age is left by the clock of WEBSMS
    [InlineData("19 00:00:00", 3600, true, false, true)]
    [InlineData("18 23:59:59", 3600, true, false, false)] // and by ours
    [InlineData("19 00:00:00", 0, false, false, false)] // the end of the answer is not proven
    [InlineData("19 00:00:00", 0, true, true, false)] // only the tail
    public void Merge_DayThatIsOver_IsFinalByAWholeAnswerAfterAllAges(string asked, int ahead, bool isWhole, bool isTail, bool isFinal)
    {
        if (isTail)
        {
            day.Merge(Moment(11, 12), Answered(1));
        }

        var record = day.Merge(
            ScheduleTests.At(asked), Answered(1), tail: isTail ? TimeSpan.Zero : null,
            change: _ => MergedDay.Answer(ScheduleTests.At(asked), isWhole, ahead: TimeSpan.FromSeconds(ahead)));

        Assert.Equal(isFinal, record.IsFinal);
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(null, true)] // a record without a date may belong to any day
    [InlineData(10, false)] // a problem of another day
    public void Merge_DayWithAProblem_IsFinalOnlyAfterASecondLook(int? problemDay, bool isOfTheDay)
    {
        List<WireProblem> problems = [new(1, problemDay is { } of ? new DateTime(2026, 3, of) : null, ProblemReason.UnreadableNumber)];
        DayRecord Look(int hour) =>
            day.Merge(Moment(20, hour), Answered(1), change: _ => MergedDay.Answer(Moment(20, hour), problems: problems));

        var first = Look(12);
        Assert.Equal((isOfTheDay ? 1 : 0, !isOfTheDay), (first.Problems.Count, first.IsFinal));
        Assert.True(Look(13).IsFinal);
    }

    [Fact]
    public void Merge_ProblemThatWasSeenBeforeTheDayClosed_IsLookedAtAgain()
    {
        List<WireProblem> problems = [new(1, null, ProblemReason.UnreadableNumber)];
        day.Merge(Moment(11, 12), Answered(1), change: _ => MergedDay.Answer(Moment(11, 12), problems: problems));

        Assert.False(day.Merge(Moment(20, 12), Answered(1), change: _ => MergedDay.Answer(Moment(20, 12), problems: problems)).IsFinal);
    }

    [Fact]
    public void Merge_TailWithAProblemOfAReasonThatIsKnown_AddsNone()
    {
        WireProblem problem = new(7, new DateTime(2026, 3, 11), ProblemReason.UnreadableNumber);
        day.Merge(Moment(11, 12), Answered(1), change: _ => MergedDay.Answer(Moment(11, 12), problems: [problem]));

        var after = day.Merge(
            Moment(11, 12, 1), [], tail: TimeSpan.FromHours(11),
            change: _ => MergedDay.Answer(Moment(11, 12, 1), problems: [problem with { Position = 1 }], strays: 3));

        Assert.Equal(
            [
                MessageProblem.OfRecord(Day, 7, ProblemReason.UnreadableNumber),
                MessageProblem.OfDay(Day, 3, ProblemReason.OutsideOfQuestion),
            ],
            after.Problems);
    }

    internal static IEnumerable<Message> Answered(params int[] seconds) =>
        seconds.Select(second => Reported(TimeSpan.FromSeconds(second), $"Сообщение {second}"));
}
