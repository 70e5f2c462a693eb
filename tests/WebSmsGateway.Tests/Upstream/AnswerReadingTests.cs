using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream;

public sealed class AnswerReadingTests
{
    private static readonly DateTime Noon = new(2021, 1, 1, 12, 0, 0);
    private static readonly UpstreamQuestion Question = new(RentedNumber.Reported("79123456789"), Noon, Noon.AddHours(1));
    private static readonly WireRecord Record = new(Noon, "79123456789", "900", "Код 1234");

    [Fact]
    public void Judge_RecordsOutsideTheWindow_AreDroppedAndCounted()
    {
        var answer = Judge(Document(
            Record with { Date = Noon.AddSeconds(-1) }, Record, Record with { Date = Question.Through },
            Record with { Date = Question.Through.AddSeconds(1) }));

        Assert.Equal([Noon, Question.Through], answer.Records.Select(record => record.Date));
        Assert.Equal(2, answer.Strays);
    }

    [Fact]
    public void Judge_RecordsOfAnotherNumber_AreDroppedButAPlusIsNoOtherNumber()
    {
        var answer = Judge(Document(
            Record with { RentNum = "79123456780" }, Record with { RentNum = "+79123456789" }, Record with { RentNum = "9123456789" }));

        Assert.Equal("+79123456789", Assert.Single(answer.Records).RentNum);
        Assert.Equal(2, answer.Strays);
    }

    [Fact]
    public void Judge_WholeAccountAsked_KeepsEveryNumber()
    {
        var answer = Judge(Document(Record, Record with { RentNum = "79990000000" }), Question with { RentedNumber = null });

        Assert.Equal(2, answer.Records.Count);
        Assert.Equal(0, answer.Strays);
    }

    [Fact]
    public void Judge_ExactRepeats_AreKeptInOrder()
    {
        var answer = Judge(Document(Record, Record with { Message = "b" }, Record));

        Assert.Equal(["Код 1234", "b", "Код 1234"], answer.Records.Select(record => record.Message));
    }

    [Fact]
    public void Judge_ProblemsKnownToBeOutside_AreDroppedAndUndatedOnesKept()
    {
        var answer = Judge(Document() with
        {
            Problems =
            [
                new(1, Noon.AddDays(-1), ProblemReason.UnreadableNumber), new(2, null, ProblemReason.UnreadableDate),
                new(3, Noon, ProblemReason.UnreadableRecord),
            ],
        });

        Assert.Equal([2, 3], answer.Problems.Select(problem => problem.Position));
    }

    [Fact]
    public void Judge_NoRecordsFoundBesideRecords_IsInvalid()
    {
        Assert.Equal(UpstreamError.InvalidResponse, Judge(Document(Record) with { ErrorNumber = 4 }).Failure?.Error);
    }

    [Fact]
    public void Judge_ErrorBesideRecords_IsTheError()
    {
        Assert.Equal(UpstreamError.CredentialsRejected, Judge(Document(Record) with { ErrorNumber = 2 }).Failure?.Error);
    }

    [Fact]
    public void Judge_ZeroBesideRecords_IsAnAnswer()
    {
        var answer = Judge(Document(Record) with { ErrorNumber = 0 });

        Assert.Null(answer.Failure);
        Assert.Single(answer.Records);
    }

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    public void Judge_CutBehindRecords_IsAnAnswerThatAnotherAttemptMayBringWhole(object format)
    {
        WireProblem problem = new(2, Record.Date, ProblemReason.UnreadableRecord);
        var cut = Document(Record) with { Format = (WireFormat)format, End = WireEnd.Cut, Problems = [problem] };
        var attempt = AnswerReading.Judge(Question, cut, Noon, TimeSpan.Zero, 10);

        Assert.Null(attempt.Answer.Failure);
        Assert.Equal([Record], attempt.Answer.Records);
        Assert.Equal([problem], attempt.Answer.Problems);
        Assert.Equal((true, true, false), (attempt.IsNetworkFault, attempt.Answer.IsCut, attempt.Answer.IsWhole));
    }

    [Fact]
    public void Judge_CutBehindRecordsThatWereNotAskedFor_IsAFaultThatMayPass()
    {
        var cut = Document(Record with { Date = Record.Date.AddDays(-9) }) with { End = WireEnd.Cut };

        Assert.Equal(UpstreamError.Truncated, AnswerReading.Judge(Question, cut, Noon, TimeSpan.Zero, 10).Answer.Failure?.Error);
    }

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    public void Judge_CutBeforeARecord_IsAFaultThatMayPass(object format)
    {
        var cut = Document() with { Format = (WireFormat)format, End = WireEnd.Cut };
        var attempt = AnswerReading.Judge(Question, cut, Noon, TimeSpan.Zero, 10);

        Assert.Equal(UpstreamError.Truncated, attempt.Answer.Failure?.Error);
        Assert.True(attempt.IsNetworkFault);
    }

    [Fact]
    public void Judge_EndNotProven_IsAnAnswerThatIsNotWhole()
    {
        var answer = Judge(Document(Record) with { End = WireEnd.Unproven });

        Assert.Null(answer.Failure);
        Assert.Single(answer.Records);
        Assert.False(answer.IsWhole);
    }

    [Fact]
    public void Judge_NoRecordsFoundInACutAnswer_IsNoAnswer()
    {
        Assert.NotNull(Judge(Document() with { ErrorNumber = 4, End = WireEnd.Cut }).Failure);
    }

    [Fact]
    public void Judge_RefusalInACutAnswer_IsTheRefusal()
    {
        Assert.Equal(UpstreamError.CredentialsRejected, Judge(Document() with { ErrorNumber = 2, End = WireEnd.Cut }).Failure?.Error);
    }

    [Fact]
    public void Judge_CutBeforeAnythingWasRecognised_IsAFaultThatMayPass()
    {
        Assert.True(AnswerReading.Judge(Question, WireDocument.NotTheProtocol with { End = WireEnd.Cut }, Noon, TimeSpan.Zero, 10).IsNetworkFault);
    }

    private static WireDocument Document(params WireRecord[] records) =>
        new() { IsProtocol = true, Format = WireFormat.Json, End = WireEnd.Proven, Records = records };

    private static UpstreamAnswer Judge(WireDocument document, UpstreamQuestion? question = null) =>
        AnswerReading.Judge(question ?? Question, document, Noon, TimeSpan.Zero, 10).Answer;
}
