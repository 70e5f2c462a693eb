using System.Text;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

public sealed class WireCharsetTests
{
    private static readonly Encoding Windows1251 = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    internal void Read_EveryCharacterOfWindows1251_RoundTrips(WireFormat format)
    {
        var all = Enumerable.Range(1, 255).Select(b => b == 0x98 ? '\u0098' : Windows1251.GetString([(byte)b])[0]).ToArray();
        foreach (var text in all.Select(c => $"a{c}b").Append(new string(all) + "."))
        {
            var record = new WireRecord(WireSample.First, WireSample.RentNum, WireSample.TelNum, text);
            var answer = WireWriter.Write(format, [record]);
            var bytes = answer.Select(c => c == '\u0098' ? (byte)0x98 : Windows1251.GetBytes([c])[0]).ToArray();

            Assert.Equal(record, Assert.Single(WireReader.Read(bytes, "windows-1251", true).Records));
            Assert.Equal(record, Assert.Single(WireReader.Read(bytes, null, true).Records));
        }
    }

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    internal void Read_EmojiInUtf8_RoundTrips(WireFormat format)
    {
        var record = new WireRecord(WireSample.First, WireSample.RentNum, WireSample.TelNum, "👩‍💻 😀");

        Assert.Equal(record, Assert.Single(WireWriter.ReadBack(WireWriter.Write(format, [record])).Records));
    }

    [Theory]
    [InlineData("windows-1251", "utf-8")]
    [InlineData("utf-8", "windows-1251")]
    [InlineData("utf-8", null)]
    [InlineData("windows-1251", null)]
    [InlineData("windows-1251", "iso-8859-1")]
    [InlineData("windows-1251", "\"no such thing\"")]
    [InlineData("utf-16", "utf-8")]
    [InlineData("utf-16BE", null)]
    public void Read_DeclarationMissingOrWrong_BytesDecide(string actual, string? declared)
    {
        var encoding = actual == "windows-1251" ? Windows1251 : Encoding.GetEncoding(actual);
        var bytes = encoding.GetBytes(WireWriter.Json([new(WireSample.First, WireSample.RentNum, WireSample.TelNum, "Ёлка, №5 — «Да»")]));

        var document = WireReader.Read(bytes, declared, true);

        Assert.Equal(["Ёлка, №5 — «Да»"], document.Texts());
        Assert.Empty(document.Problems);
    }

    [Fact]
    public void Read_Windows1251WithTextsThatLookLikeUtf8_StaysWindows1251()
    {
        // A sender may fill one text with pairs that UTF-8 allows; the server's own declaration then needs far more of them to be doubted.
        var bytes = Windows1251.GetBytes(WireWriter.Json(
        [
            new(WireSample.First, WireSample.RentNum, "900", string.Concat(Enumerable.Repeat("Рё", 50))),
            new(WireSample.Second, WireSample.RentNum, "900", "Код: семь"),
        ]));

        Assert.Equal("Код: семь", WireReader.Read(bytes, "windows-1251", true).Records[1].Message);
    }
}
