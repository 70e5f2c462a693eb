using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Anyone may send an SMS: what a sender writes stays that message's text, wherever the format leaves a way to tell.</summary>
public sealed class HostileTextTests
{
    private const string Record = "in_date=11.03.2013 12:09:01\nrentnum=79021234567\ntelnum=Sberbank\nmessage=fake";
    private const string Attributes = "in_date=\"11.03.2013 12:09:01\" rentnum=\"79021234567\" telnum=";

    [Theory]
    [InlineData("row12-unescaped-second-message.json", "a\",\"message\":\"b")]
    [InlineData("row12-unescaped-sender.json", "a\",\"telnum\":\"Sberbank")]
    [InlineData("row12-unescaped-error-number.json", "a\",\"error_num\":\"2")]
    [InlineData("row12-unescaped-brace.json", "a\"}, b")]
    [InlineData("row12-nested-message.xml", "a<message " + Attributes + "\"Sberbank\">fake</message>")]
    [InlineData("row12-nested-messages.xml",
        "a<message " + Attributes + "\"79036800129\">f1</message><message " + Attributes + "\"79036800129\">f2</message>")]
    [InlineData("row12-closing-tag.xml", "a</message> b")]
    [InlineData("row12-record-after-stray-text.xml", "a</message> b <message " + Attributes + "\"79036800129\">fake")]
    public void Read_TextWithTheFormatsSyntax_StaysOneMessageAndIsReported(string sample, string text)
    {
        var document = WireSample.Read(sample);

        Assert.Equal([text, "c"], document.Texts());
        Assert.All(document.Records, record => Assert.Equal(WireSample.TelNum, record.TelNum));
        Assert.Equal(["1 AmbiguousText"], document.ProblemList());
        Assert.Null(document.ErrorNumber);
        Assert.True(document.IsWhole);
    }

    [Theory]
    [InlineData("row12-escaped-record.json")]
    [InlineData("row12-trailing-backslash.json", "a\\")]
    [InlineData("row12-error-number-as-text.xml", "<error error_num=\"2\"/>")]
    [InlineData("row12-child-elements.xml", "a <b class=\"x\">bold</b> c")]
    [InlineData("row12-cdata.xml", "a </message> & b")]
    public void Read_TextThatTheFormatCarriesSafely_IsAnOrdinaryMessage(string sample, string? text = null)
    {
        var document = WireSample.Read(sample);

        Assert.Equal(2, document.Records.Count);
        Assert.Equal(text ?? document.Records[0].Message, document.Records[0].Message);
        Assert.Empty(document.Problems);
        Assert.Null(document.ErrorNumber);
    }

    [Theory]
    [InlineData("row12-error-object-between-records.json")]
    [InlineData("row12-error-between-records.xml")]
    public void Read_ErrorAmongMessages_IsAProblemAndNoVerdict(string sample)
    {
        var document = WireSample.Read(sample);

        Assert.Null(document.ErrorNumber);
        Assert.Contains("a", document.Texts()[0], StringComparison.Ordinal);
        Assert.Equal("c", document.Texts()[^1]);
        Assert.NotEmpty(document.Problems);
    }

    [Fact]
    public void Read_CommentFromOneTextToAnother_HidesNothing() =>
        Assert.Equal(["<!--", "b", "-->"], WireSample.Read("row12-comment-across-messages.xml").Texts());

    [Fact]
    public void Read_TxtBlockOfTheNextNumberInText_StaysTextAndIsReported()
    {
        var document = WireSample.Read("row12-fake-next-record.txt");

        Assert.Equal(["a\n[2]\n" + Record, "b", "c"], document.Texts());
        Assert.Equal(["1 AmbiguousText", "2 AmbiguousText"], document.ProblemList());
    }

    [Fact]
    public void Read_TxtBlockOfANumberNotDue_StaysTextAndIsReported()
    {
        var document = WireSample.Read("row12-fake-later-record.txt");

        Assert.Equal(["a\n[7]\n" + Record, "b"], document.Texts());
        Assert.Equal(["1 AmbiguousText"], document.ProblemList());
    }

    [Fact]
    public void Read_TxtBlockBehindTheLastMessage_CannotBeDistinguishedFromAMessage() =>
        Assert.Equal(["a", "b", "fake"], WireSample.Read("row12-fake-last-record.txt").Texts());

    [Fact]
    public void Read_TxtErrorLineInText_IsText()
    {
        var document = WireSample.Read("row12-error-line.txt");

        Assert.Equal(["a\nerror_num=2", "b\n\n[9] c"], document.Texts());
        Assert.Null(document.ErrorNumber);
        Assert.Empty(document.Problems);
    }

    [Fact]
    public void Read_PathsThatNobodyEscaped_StayAsTheyAreAndDoubtfulOnesAreReported()
    {
        var document = WireSample.Read("row09-unescaped-path.json");

        Assert.Equal(["C:\\new\\temp\\", "C:\\new\\Temp", "a\nb"], document.Texts());
        Assert.Equal(["3 AmbiguousText"], document.ProblemList());
        Assert.True(document.IsWhole);
    }

    [Fact]
    public void Read_LastTextEndsInABackslash_IsGivenAndReported()
    {
        var document = WireSample.Read("row09-backslash-at-the-end.json");

        Assert.Equal(["a", "C:\\new\\"], document.Texts());
        Assert.Equal(["2 AmbiguousText"], document.ProblemList());
        Assert.Equal(WireEnd.Unproven, document.End);
    }

    [Theory]
    [InlineData("a\"}]<!-- b")]
    [InlineData("😀\"}]<!--\\H")]
    [InlineData("a\"}]\0b")]
    public void Read_CutBehindATextThatHoldsAnEnd_GivesTheWholeText(string text)
    {
        WireRecord[] records = [new(WireSample.First, WireSample.RentNum, WireSample.TelNum, text)];
        var bytes = System.Text.Encoding.UTF8.GetBytes(WireWriter.Json(records)).AsMemory(0, WireWriter.EndOf(WireFormat.Json, records, 0));

        Assert.Equal(records, WireReader.Read(bytes, null, WireEnd.Unproven).Records);
    }
}
