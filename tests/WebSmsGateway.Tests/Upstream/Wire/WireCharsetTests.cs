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

            Assert.Equal(record, Assert.Single(WireReader.Read(bytes, "windows-1251", WireEnd.Proven).Records));
            Assert.Equal(record, Assert.Single(WireReader.Read(bytes, null, WireEnd.Proven).Records));
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

        var document = WireReader.Read(bytes, declared, WireEnd.Proven);

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

        Assert.Equal("Код: семь", WireReader.Read(bytes, "windows-1251", WireEnd.Proven).Records[1].Message);
    }

    [Theory]
    [InlineData("row07-damaged-utf-8.json", null, "Первое сообщение", "\uFFFDторое", "2")]
    [InlineData("row07-broken-emoji.json", null, "Hi \uFFFD", "Hello 😀", "1")]
    [InlineData("row07-broken-emoji.json", "utf-8", "Hi \uFFFD", "Hello 😀", "1")]
    [InlineData("row07-broken-emoji-alone.json", null, "Hi \uFFFD", "b", "1")]
    [InlineData("row07-broken-emoji-alone.json", "UTF-8", "Hi \uFFFD", "b", "1")]
    [InlineData("row07-half-surrogate-in-utf-8.json", "utf-8", "Hi \uFFFD", "Привет", "1")]
    public void Read_DamagedCharacter_ConcernsItsOwnRecordAlone(string sample, string? declared, string first, string second, string told)
    {
        var document = WireSample.Read(sample, declared);

        Assert.Equal([first, second], document.Texts());
        Assert.Equal([$"{told} UnreadableCharacters"], document.ProblemList());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("utf-8")]
    public void Read_SurrogatesWrittenAsUtf8_AreTheCharacterThatTheyMean(string? declared)
    {
        var document = WireSample.Read("row07-surrogates-in-utf-8.json", declared);

        Assert.Equal(["Hi 🙈", "Привет"], document.Texts());
        Assert.Empty(document.Problems);
    }

    [Theory]
    [InlineData("D0")]
    [InlineData("FF")]
    [InlineData("9F9880")]
    [InlineData("F09F98")]
    [InlineData("C328")]
    [InlineData("D0D0")]
    public void Read_DeclaredUtf8WithLittleElse_StaysUtf8(string damage)
    {
        byte[] body = [.. "[{\"sms_date\":\"11.03.2013\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"message\":\"Hi "u8,
            .. Convert.FromHexString(damage), .. "\"}]"u8];
        byte[][] declaredOrMarked = [body, [.. Encoding.UTF8.Preamble, .. body]];

        Assert.All([WireReader.Read(declaredOrMarked[0], "utf-8", WireEnd.Proven), WireReader.Read(declaredOrMarked[1], null, WireEnd.Proven)],
            document =>
            {
                Assert.StartsWith("Hi \uFFFD", Assert.Single(document.Texts()), StringComparison.Ordinal);
                Assert.Equal(["1 UnreadableCharacters"], document.ProblemList());
            });
    }

    [Fact]
    public void Read_CharsetOfEachRecordItsOwn_ReadsBothAndSaysSo()
    {
        var document = WireSample.Read("row07-charset-of-each-record.json");

        Assert.Equal(["Первое сообщение", "Второе сообщение"], document.Texts());
        Assert.Single(document.Problems);
        Assert.Equal(ProblemReason.UnreadableCharacters, document.Problems[0].Reason);
    }

    [Fact]
    public void Read_OneByteThatNoCharsetExplains_IsToldAsUncertain()
    {
        // A dash of windows-1251, or a damaged character: nothing else is there to tell.
        byte[] body = [.. "[{\"sms_date\":\"11.03.2013\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"message\":\"a "u8, 0x96, .. " b\"}]"u8];

        var document = WireReader.Read(body, null, WireEnd.Proven);

        Assert.Equal(["a – b"], document.Texts());
        Assert.Equal(["1 UnreadableCharacters"], document.ProblemList());
    }

    [Theory]
    [InlineData("Заказ «МТС»")]
    [InlineData("Да")]
    [InlineData("ВАШ КОД 1234")]
    public void Read_Windows1251WithFewLetters_IsReadWithoutADoubt(string text)
    {
        var body = Windows1251.GetBytes(WireWriter.Json([new(WireSample.First, WireSample.RentNum, "900", text)]));

        var document = WireReader.Read(body, null, WireEnd.Proven);

        Assert.Equal([text], document.Texts());
        Assert.Empty(document.Problems);
    }
}
