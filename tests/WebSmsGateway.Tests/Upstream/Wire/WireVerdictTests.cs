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
        var document = WireReader.Read(WireSample.Bytes("vendor-error-example-defective-key.json").AsMemory(0, 40), null, false);

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
        Assert.Same(WireDocument.NotTheProtocol, WireReader.Read(Encoding.UTF8.GetBytes(body), null, true));

    [Theory]
    [InlineData("trailing-junk.json")]
    [InlineData("trailing-junk.xml")]
    public void Read_JunkBehindTheEnd_IsNotWhole(string sample)
    {
        var document = WireSample.Read(sample);

        Assert.True(document.IsProtocol);
        Assert.False(document.IsWhole);
    }
}
