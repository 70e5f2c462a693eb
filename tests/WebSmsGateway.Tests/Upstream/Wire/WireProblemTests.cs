namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Records that cannot be read are said to be there; the others are given all the same.</summary>
public sealed class WireProblemTests
{
    [Theory]
    [InlineData("unreadable-date.json", "1 UnreadableDate")]
    [InlineData("unreadable-date.xml", "1 UnreadableDate")]
    [InlineData("unreadable-date.txt", "1 UnreadableDate")]
    [InlineData("unreadable-number.json", "1 UnreadableNumber")]
    [InlineData("unreadable-number.xml", "1 UnreadableNumber")]
    [InlineData("unreadable-number.txt", "1 UnreadableNumber")]
    [InlineData("damaged-record.json", "1 UnreadableRecord")]
    public void Read_UnreadableRecord_IsAProblemAndTheNextIsRead(string sample, string problem)
    {
        var document = WireSample.Read(sample);

        Assert.Equal([problem], document.ProblemList());
        Assert.Equal(["b"], document.Texts());
        Assert.True(document.IsWhole);
    }

    [Theory]
    [InlineData("renamed-field.json", "")]
    [InlineData("unknown-field-for-text.txt", "massage=Тест")]
    public void Read_TextUnderAnotherName_IsAMessageThatIsReported(string sample, string text)
    {
        var document = WireSample.Read(sample);

        Assert.Equal([text, "b"], document.Texts());
        Assert.Equal(["1 AmbiguousText"], document.ProblemList());
    }

    [Fact]
    public void Read_UnreadableNumber_KeepsTheDateForTheProblem() =>
        Assert.Equal(WireSample.First, Assert.Single(WireSample.Read("unreadable-number.xml").Problems).Date);

    [Fact]
    public void Read_LoneSurrogate_IsReplacedAndReported()
    {
        var document = WireSample.Read("lone-surrogate.json");

        Assert.Equal(["a\uFFFD b 😀", "b"], document.Texts());
        Assert.Equal(["1 UnreadableCharacters"], document.ProblemList());
    }

    [Fact]
    public void Read_SenderSentReplacementCharacter_IsNoProblem()
    {
        var answer = WireWriter.Json([new(WireSample.First, WireSample.RentNum, "900", "\uFFFD")]);

        Assert.Empty(WireWriter.ReadBack(answer).Problems);
    }
}
