using System.Text;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Errors, and bodies that are no answer at all.</summary>
public sealed class WireVerdictTests
{
    [Theory]
    [InlineData("vendor-error-example-defective-key.json", 4)]
    [InlineData("error-number.json", 2)]
    [InlineData("error-in-array.json", 4)]
    [InlineData("error-wording-only.json", 3)]
    [InlineData("error-unknown-wording.json", WireDocumentBuilder.ErrorWithoutNumber)]
    [InlineData("error-err-num.json", 2)]
    [InlineData("error-named-error.json", 3)]
    [InlineData("error-wording-named-error.json", 1)]
    [InlineData("error-number-beside-wording.json", 2)]
    [InlineData("error-object-under-error.json", 17)]
    [InlineData("error-named-error.xml", 4)]
    [InlineData("error-section.txt", 4)]
    [InlineData("error-section-among-lines.txt", 17)]
    [InlineData("error-section-without-number.txt", 2)]
    [InlineData("error-wrong-login.xml", 2)]
    [InlineData("error-number-on-wrapper.xml", 3)]
    [InlineData("error-number-element.xml", 1)]
    [InlineData("error-wording-only.xml", 4)]
    [InlineData("error-number.txt", 4)]
    [InlineData("error-wording-only.txt", 1)]
    public void Read_Error_GivesItsNumber(string sample, int number)
    {
        var document = WireSample.Read(sample);

        Assert.True(document.IsProtocol);
        Assert.True(document.IsWhole);
        Assert.Equal(number, document.ErrorNumber);
        Assert.Empty(document.Records);
        Assert.Empty(document.Problems);
    }

    [Fact]
    public void Read_ErrorCutBehindItsNumber_KeepsTheNumberButIsNotWhole()
    {
        var document = WireReader.Read(WireSample.Bytes("vendor-error-example-defective-key.json").AsMemory(0, 40), null, WireEnd.Unproven);

        Assert.Equal(4, document.ErrorNumber);
        Assert.False(document.IsWhole);
    }

    [Theory]
    [InlineData("html-page.html")]
    [InlineData("xhtml-page.html")]
    [InlineData("entity-bomb.xml")]
    [InlineData("external-entity.xml")]
    public void Read_SomethingElse_IsNotTheProtocol(string sample) => Assert.Same(WireDocument.NotTheProtocol, WireSample.Read(sample));

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n ")]
    [InlineData("OK")]
    [InlineData("{}")]
    [InlineData("{\"status\":\"down\"}")]
    [InlineData("[1,2]")]
    [InlineData("[[]]")]
    [InlineData("null")]
    [InlineData("<")]
    [InlineData("<xml>Service unavailable</xml>")]
    [InlineData("[1]")]
    [InlineData("[1]\nhello")]
    [InlineData("Service=down")]
    [InlineData("\uFFFD\u0001\u0002")]
    public void Read_NoAnswerAtAll_IsNotTheProtocol(string body) =>
        Assert.Same(WireDocument.NotTheProtocol, WireReader.Read(Encoding.UTF8.GetBytes(body), null, WireEnd.Proven));

    [Theory]
    [InlineData("[Error]\r\nerror_num={0}")]
    [InlineData("[Result]\n\nERROR_NUM = {0}\n")]
    [InlineData("[1]\nerror_num={0}\nerror_message=x\n")]
    [InlineData("error_num={0}\n\0")]
    [InlineData("error_num={0}\n<!-- page made in 3 ms -->\n")]
    [InlineData("{{\"err_num\":{0}}}")]
    [InlineData("{{\"Error\":\"{0}\"}}\0\0")]
    [InlineData("{{\"error error_num\":\"{0}\"}}<!-- {{\"a\":\"b\"}} -->")]
    [InlineData("<XML><error error_num=\"{0}\">incorrect</error></XML>junk")]
    [InlineData("<XML error_num='{0}'/>\0")]
    public void Read_RefusalInAnyForm_GivesItsNumber(string form)
    {
        foreach (var number in (int[])[1, 2, 3, 4, 17])
        {
            var body = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, number);
            var document = WireReader.Read(Encoding.UTF8.GetBytes(body), null, WireEnd.Proven);

            Assert.Equal(number, document.ErrorNumber);
            Assert.True(document.IsWhole);
        }
    }

    [Fact]
    public void Read_NumberThatMayHaveMoreDigits_IsNoVerdict() =>
        Assert.Null(WireReader.Read("[Error]\nerror_num=1"u8.ToArray(), null, WireEnd.Cut).ErrorNumber);

    [Theory]
    [InlineData("{\"error\":false,\"messages\":[]}")]
    [InlineData("{\"error\":null,\"error_num\":0,\"messages\":[]}")]
    [InlineData("<XML error=\"\"><httpOut/></XML>")]
    public void Read_ErrorThatSaysNone_IsNone(string body) =>
        Assert.True(WireReader.Read(Encoding.UTF8.GetBytes(body), null, WireEnd.Proven).ErrorNumber is null or 0);

    [Fact]
    public void Read_ErrorNumberWithinARecord_IsNoVerdict()
    {
        var document = WireReader.Read(
            "[{\"sms_date\":\"11.03.2013\",\"error_num\":\"2\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"message\":\"a\"}]"u8.ToArray(),
            null, WireEnd.Proven);

        Assert.Null(document.ErrorNumber);
        Assert.Equal(["a"], document.Texts());
    }
}
