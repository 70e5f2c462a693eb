using System.Text;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>What is proven complete stays complete, and what was cut gives what it has.</summary>
public sealed class WireEndTests
{
    [Theory]
    [InlineData("\0")]
    [InlineData("\r\n\0\0\r\n")]
    [InlineData("<!-- page made in 3 ms -->")]
    [InlineData("<!-- {\"a\":\"b\"} [] </XML > -->")]
    [InlineData("\n<script>var a = {\"b\":[1]};</script>\n<html><body></body></html>")]
    [InlineData("junk")]
    [InlineData("]")]
    public void Read_SomethingBehindTheEnd_StaysWhole(string tail)
    {
        foreach (var sample in (string[])["vendor-example.json", "vendor-example.xml", "wrapper-object.json",
            "row09-unescaped-quotes.json", "row09-bare-ampersand.xml", "no-records.json", "no-records.xml", "error-number.json"])
        {
            var document = WireSample.Read(sample);
            var followed = WireReader.Read((byte[])[.. WireSample.Bytes(sample), .. Encoding.UTF8.GetBytes(tail)], null, WireEnd.Proven);

            Assert.Equal(document.Records, followed.Records);
            Assert.Equal(document.Problems, followed.Problems);
            Assert.Equal(document.ErrorNumber, followed.ErrorNumber);
            Assert.True(followed.IsWhole, sample);
        }
    }

    [Fact]
    public void Read_NulBehindTxt_IsNotPartOfTheText() =>
        Assert.Equal(["Тест", "Тест"], WireReader.Read((byte[])[.. WireSample.Bytes("vendor-example.txt"), 0, 0], null, WireEnd.Proven).Texts());

    [Fact]
    public void Read_CommentBehindTxt_CannotBeToldFromTheTextAndIsReported()
    {
        var document = WireReader.Read(
            (byte[])[.. WireSample.Bytes("vendor-example.txt"), .. "<!-- page made in 3 ms -->"u8], null, WireEnd.Proven);

        Assert.Equal(2, document.Records.Count);
        Assert.Equal(["2 AmbiguousText"], document.ProblemList());
        Assert.True(document.IsWhole);
    }

    [Theory]
    [InlineData("cut-by-error-page.json", "2 AmbiguousText")]
    [InlineData("cut-by-error-page.xml", "2 AmbiguousText")]
    [InlineData("cut-within-record.json", "3 UnreadableRecord")]
    [InlineData("cut-within-record.xml", "3 UnreadableRecord")]
    public void Read_CutBehindWholeRecords_GivesThem(string sample, string problem)
    {
        var document = WireSample.Read(sample);

        Assert.Equal(["a", "b"], document.Texts());
        Assert.Equal([problem], document.ProblemList());
        Assert.Equal(WireEnd.Cut, document.End);
    }

    [Fact]
    public void Read_ErrorPageBehindTxt_IsACut()
    {
        var document = WireSample.Read("cut-by-error-page.txt");

        Assert.Equal(["a", "b"], document.Texts());
        Assert.Equal(["2 AmbiguousText"], document.ProblemList());
        Assert.Equal(WireEnd.Cut, document.End);
    }

    [Theory]
    [InlineData("a\n<3 <3")]
    [InlineData("a\n<b>b</b>")]
    [InlineData("a <html>")]
    [InlineData("a\n<hrk>")]
    [InlineData("a\n< p>")]
    public void Read_BracketsInTheLastTextOfTxt_AreNoPage(string text)
    {
        var record = new WireRecord(WireSample.First, WireSample.RentNum, WireSample.TelNum, text);

        var document = WireWriter.ReadBack(WireWriter.Txt([record]));

        Assert.Equal([record], document.Records);
        Assert.True(document.IsWhole);
    }

    [Theory]
    [InlineData("vendor-example.json")]
    [InlineData("vendor-example.xml")]
    [InlineData("error-number.json")]
    public void Read_CutOnItsWay_IsCutWhateverItHolds(string sample) =>
        Assert.Equal(WireEnd.Cut, WireReader.Read(WireSample.Bytes(sample), null, WireEnd.Cut).End);

    [Fact]
    public void Read_NothingBeforeTheCut_IsACutToo() => Assert.Equal(WireEnd.Cut, WireReader.Read("[{"u8.ToArray(), null, WireEnd.Cut).End);

    [Fact]
    public void Read_CutRecordsInAnotherOrder_AreGiven()
    {
        var record = "{\"message\":\"a\",\"telnum\":\"1\",\"rentnum\":\"79021234567\",\"sms_date\":\"11.03.2013 12:09:01\"}";

        var document = WireReader.Read(Encoding.UTF8.GetBytes($"[{record},{record},{{\"mess"), null, WireEnd.Proven);

        Assert.Equal(["a", "a"], document.Texts());
        Assert.Equal(WireEnd.Cut, document.End);
    }
}
