using System.Text;
using System.Text.Json;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive;

/// <summary>However many records of a day are damaged, a page lists a hundred of them and counts the rest.</summary>
public sealed class DayProblemsTests
{
    private static readonly DateTime Noon = Day.ToDateTime(new TimeOnly(12, 0));

    [Fact]
    public void Of_ManyDamagedRecords_ListsTheFirstHundredAndCountsTheRest()
    {
        var problems = DayProblems.Of(AnswerOf(Broken(300_000)), Day, isFirst: true);

        Assert.Equal(101, problems.Count);
        Assert.Equal(Enumerable.Range(1, 100).Cast<int?>(), problems.Take(100).Select(problem => problem.Position));
        Assert.Equal(MessageProblem.OfRest(Day, 299_900, ProblemReason.UnreadableRecord), problems[^1]);
    }

    [Fact]
    public void Of_ManyReasons_CountsEachByItself()
    {
        var listed = Enumerable.Range(1, 120).Select(i => new WireProblem(
            i, Noon, i % 2 == 0 ? ProblemReason.AmbiguousText : ProblemReason.UnreadableCharacters));

        var problems = DayProblems.Of(AnswerOf([.. listed, new WireProblem(500, Noon, ProblemReason.AmbiguousText, Count: 7)], strays: 3), Day, isFirst: true);

        Assert.Equal(100, problems.Count(problem => problem.Position is not null));
        Assert.Contains(MessageProblem.OfRest(Day, 17, ProblemReason.AmbiguousText), problems);
        Assert.Contains(MessageProblem.OfRest(Day, 10, ProblemReason.UnreadableCharacters), problems);
        Assert.Contains(MessageProblem.OfDay(Day, 3, ProblemReason.OutsideOfQuestion), problems);
    }

    [Fact]
    public void Of_ExactlyAHundred_HasNoRest() => Assert.Equal(100, DayProblems.Of(AnswerOf(Broken(100)), Day, isFirst: true).Count);

    [Fact]
    public void Join_TailsWithOtherReasons_StaysBounded()
    {
        IReadOnlyList<MessageProblem> problems = [];
        foreach (var reason in Enum.GetValues<ProblemReason>())
        {
            problems = DayProblems.Join(problems, [.. Enumerable.Range(1, 90).Select(i => MessageProblem.OfRecord(Day, i, reason))]);
        }

        Assert.Equal(100, problems.Count(problem => problem.Position is not null));
        Assert.Equal((90 * Enum.GetValues<ProblemReason>().Length) - 100, problems.Sum(problem => problem.More ?? 0));
    }

    [Fact]
    public void Rest_AsJson_HasDayCountAndReason()
    {
        var json = JsonSerializer.Serialize(
            MessageProblem.OfRest(Day, 299_900, ProblemReason.UnreadableRecord), MessageJson.Default.MessageProblem);

        Assert.Equal("""{"day":"2026-03-11","more":299900,"reason":"unreadable-record"}""", json);
    }

    [Fact]
    public void Cost_OfARecordWithProblems_CountsThem()
    {
        var metadata = Metadata(Moment(11, 12));
        MessageProblem[] problems = [.. Enumerable.Range(1, 100).Select(i => MessageProblem.OfRecord(Day, i, ProblemReason.UnreadableRecord))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        MessageProblem[] again = [.. problems.Select(problem => problem with { })];
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        var cost = DayRecord.Of(Day, [], metadata with { Problems = again }).Cost - DayRecord.Of(Day, [], metadata).Cost;

        Assert.InRange(cost, taken * 9 / 10, 2 * taken);
    }

    [Fact]
    public void Read_AnswerOfTinyDamagedRecords_TakesLittleMemory()
    {
        var body = Encoding.ASCII.GetBytes("[" + string.Concat(Enumerable.Repeat("{},", 300_000)) + "{\"sms_date\":\"11.03.2026\"}]");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problems = WireReader.Read(body, null, WireEnd.Proven).Problems;

        Assert.Equal(300_001, problems.Sum(problem => problem.Count));
        Assert.InRange(problems.Count, 101, 102);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static List<WireProblem> Broken(int count)
    {
        var problems = new WireProblems();
        for (var i = 1; i <= count; i++)
        {
            problems.Add(new WireProblem(i, null, ProblemReason.UnreadableRecord));
        }

        return [.. problems.Made()];
    }

    private static UpstreamAnswer AnswerOf(IReadOnlyList<WireProblem> problems, int strays = 0) =>
        UpstreamAnswer.Verified(default, [], problems, isWhole: true, 0, strays);
}
