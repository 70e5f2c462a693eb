using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using static WebSmsGateway.Tests.Archive.RecordMergeTests;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>Messages that an answer lacks: doubted, kept, and taken off only by a second whole answer.</summary>
public sealed class DoubtTests
{
    private const int LastSecond = 86_399;

    private readonly MergedDay day = new();

    [Fact]
    public void Merge_WholeAnswerThatLacksMessages_DoubtsAndKeepsThem()
    {
        var before = day.Merge(Moment(11, 12), Answered(10, 20, 30));

        var after = day.Merge(Moment(11, 12, 1), Answered(20));

        Assert.Equal(3, after.Count);
        Assert.Equal([new Doubt(before[0].Id.Hash, Moment(11, 12, 1)), new Doubt(before[2].Id.Hash, Moment(11, 12, 1))], after.Doubts);
        Assert.Equal([MessageProblem.OfDay(Day, 2, ProblemReason.NoLongerReported)], DayProblems.Of(after, Scope.Account, QueryOf(NumberSet.All)));

        // A caller of other numbers is not told of them.
        Assert.Empty(DayProblems.Of(after, Scope.Account, QueryOf(NumberSet.Of([RentedNumber.Reported("79029999999")]))));
    }

    [Fact]
    public void Merge_NoRecordsOnce_TakesNothingOff()
    {
        day.Merge(Moment(11, 12), Answered([.. Enumerable.Range(10, 300)]));

        var after = day.Merge(Moment(11, 12, 1), []);

        Assert.Equal((300, 300), (after.Count, after.Doubts.Count));
    }

    [Fact]
    public void Merge_PresentAgain_ClearsTheDoubt()
    {
        day.Merge(Moment(11, 12), Answered(10, 20));
        day.Merge(Moment(11, 12, 1), Answered(20));

        var after = day.Merge(Moment(11, 12, 2), Answered(10, 20));

        Assert.Empty(after.Doubts);
        Assert.Equal(2, after.Count);
        Assert.Empty(day.Merge(Moment(11, 12, 3), Answered(10, 20)).Metadata.Removed);
    }

    [Fact]
    public void Merge_MessageThatReturns_TakesItsOldPlaceInItsSecond()
    {
        var texts = MessagesOf(day.Merge(Moment(11, 12), OfOneSecond("a", "b", "c"))).Select(message => message.Text).ToList();
        day.Merge(Moment(11, 12, 1), OfOneSecond("b", "c"));
        day.Merge(Moment(11, 12, 2), OfOneSecond("b", "c"));

        var after = MessagesOf(day.Merge(Moment(11, 12, 3), OfOneSecond("a", "b", "c", "d"))).ToList();

        Assert.Equal([.. texts, "d"], after.Select(message => message.Text));
        Assert.Equal([0, 1, 2, 3], after.Select(message => message.Position.Rank));

        static IEnumerable<Message> OfOneSecond(params string[] texts) => texts.Select(text => Reported(TimeSpan.FromSeconds(10), text));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(86_400, true)]
    public void Merge_SecondWholeAnswer_TakesOffAMinuteLaterAtTheEarliest(int later, bool isRemoved)
    {
        var gone = day.Merge(Moment(11, 12), Answered(10, 20))[0];
        day.Merge(Moment(11, 12, 1), Answered(20));

        var after = day.Merge(Moment(11, 12, 1).AddSeconds(later), Answered(20));

        if (isRemoved)
        {
            Assert.Equal([20], MessagesOf(after).Select(message => message.ReceivedAt.Second));
            Assert.Empty(after.Doubts);
            Assert.Same(gone, Assert.Single(after.Metadata.Removed).Message);
        }
        else
        {
            Assert.Equal(2, after.Count);
            Assert.Equal([new Doubt(gone.Id.Hash, Moment(11, 12, 1))], after.Doubts);
        }
    }

    [Fact]
    public void Merge_Tails_DoubtAndNeverTakeOff()
    {
        var doubted = day.Merge(Moment(11, 12), Answered(100, 200))[1];

        foreach (var minute in (int[])[1, 3, 5])
        {
            var tail = day.Merge(Moment(11, 12, minute), [], tail: TimeSpan.FromSeconds(150));
            Assert.Equal([new Doubt(doubted.Id.Hash, null)], tail.Doubts);
            Assert.Equal(2, tail.Count);
        }

        // The first whole answer begins the minute, and a tail after it does not end it.
        Assert.Equal([new Doubt(doubted.Id.Hash, Moment(11, 12, 6))], day.Merge(Moment(11, 12, 6), Answered(100)).Doubts);
        Assert.Equal(
            [new Doubt(doubted.Id.Hash, Moment(11, 12, 6))], day.Merge(Moment(11, 12, 8), [], tail: TimeSpan.FromSeconds(150)).Doubts);
        Assert.Equal(1, day.Merge(Moment(11, 12, 9), Answered(100)).Count);
    }

    [Fact]
    public void Merge_TailBehindADoubtedMessage_KeepsTheDoubt()
    {
        var doubted = day.Merge(Moment(11, 12), Answered(100, 200))[0];
        day.Merge(Moment(11, 12, 1), Answered(200));

        Assert.Equal(
            [new Doubt(doubted.Id.Hash, Moment(11, 12, 1))],
            day.Merge(Moment(11, 12, 2), Answered(200), tail: TimeSpan.FromSeconds(150)).Doubts);
    }

    [Fact]
    public void Merge_EndOfAnswerNotProven_NeitherDoubtsNorTakesOffNorClears()
    {
        day.Merge(Moment(11, 12), Answered(10, 20));
        Assert.Empty(Cut(Moment(11, 12, 1), []).Doubts);
        day.Merge(Moment(11, 12, 2), Answered(20));

        Assert.Equal(2, Cut(Moment(11, 12, 4), Answered(20)).Count);
        Assert.Single(Cut(Moment(11, 12, 5), []).Doubts);

        DayRecord Cut(DateTimeOffset asked, IEnumerable<Message> messages) =>
            day.Merge(asked, messages, change: _ => MergedDay.Answer(asked, isWhole: false));
    }

    [Theory]
    [InlineData(null, 0, false)]
    [InlineData(null, 1, true)]
    [InlineData(null, LastSecond, false)]
    [InlineData(null, LastSecond - 1, true)]
    [InlineData(5000, 4999, false)] // not asked for
    [InlineData(5000, 5000, false)]
    [InlineData(5000, 5001, true)]
    public void Merge_EdgeOfTheWindow_DoubtsOnlyWhatLiesASecondInside(int? tail, int second, bool isDoubted)
    {
        day.Merge(Moment(12, 0), Answered(second));

        var after = day.Merge(Moment(12, 0, 1), [], tail: tail is { } from ? TimeSpan.FromSeconds(from) : null);

        Assert.Equal(isDoubted ? 1 : 0, after.Doubts.Count);
        Assert.Equal(1, after.Count);
    }

    [Fact]
    public void Merge_LearnedAfterTheQuestion_IsNotDoubted()
    {
        day.Merge(Moment(11, 12), Answered(10));
        var before = day.LastStamp;
        var learned = day.Merge(Moment(11, 12, 0, 30), Answered(10, 20));

        Assert.Empty(day.Merge(Moment(11, 12, 0, 20), Answered(10), receivedAt: Moment(11, 12, 0, 40), knownBefore: before).Doubts);
        Assert.Equal(
            [new Doubt(learned[1].Id.Hash, Moment(11, 12, 1))], day.Merge(Moment(11, 12, 1), Answered(10)).Doubts);
    }

    [Fact]
    public void Merge_ReturnedMessage_KeepsItsIdAndIsKnownAsReturned()
    {
        var first = day.Merge(Moment(11, 12), Answered(10, 20))[0];
        Absent(1);
        var removedAt = Assert.Single(day.Known!.Metadata.Removed).RemovedAt;

        var returned = Assert.IsType<ReturnedMessage>(day.Merge(Moment(11, 12, 10), Answered(10, 20))[0]);

        Assert.Equal(first.Id, returned.Id);
        Assert.Equal(first.Json, returned.Json);
        Assert.Equal((first.Stamp, removedAt, false), (returned.FirstLearned, returned.RemovedAt, returned.IsFirst));
        Assert.Equal(day.LastStamp, returned.Stamp.Moment);
        Assert.Empty(day.Known.Metadata.Removed);

        // It goes and returns once more. The first stamp is still the one of the first time.
        Absent(11);
        var again = Assert.IsType<ReturnedMessage>(day.Merge(Moment(11, 12, 20), Answered(10, 20))[0]);
        Assert.Equal(first.Stamp, again.FirstLearned);
        Assert.True(again.RemovedAt > returned.Stamp.Moment && again.Stamp > returned.Stamp);
    }

    [Fact]
    public void Merge_TakenOff_IsNotCountedAsMissingAgain()
    {
        day.Merge(Moment(11, 12), Answered(10, 20));
        Absent(1);

        var after = day.Merge(Moment(11, 12, 10), Answered(20));

        Assert.Empty(after.Doubts);
        Assert.Single(after.Metadata.Removed);
    }

    [Fact]
    public void Merge_DoubtedDay_IsNotFinal()
    {
        day.Merge(Moment(11, 12), Answered(10, 20));

        Assert.False(day.Merge(Moment(20, 12), Answered(20)).IsFinal);
        Assert.True(day.Merge(Moment(20, 12, 1), Answered(20)).IsFinal);
        Assert.Equal(1, day.Known!.Count);
    }

    private void Absent(int minute)
    {
        day.Merge(Moment(11, 12, minute), Answered(20));
        day.Merge(Moment(11, 12, minute + 1), Answered(20));
        Assert.Equal(1, day.Known!.Count);
    }

    internal static MessageQuery QueryOf(NumberSet numbers) => new()
    {
        Numbers = numbers,
        Fields = MessageFields.All,
        Range = new TimeRange(DateTimeOffset.UnixEpoch, null),
    };
}
