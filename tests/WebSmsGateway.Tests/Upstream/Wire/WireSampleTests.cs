using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Everything that the tables of the protocol say may vary: accepted, with nothing to complain about.</summary>
public sealed class WireSampleTests
{
    [Theory]
    [InlineData("vendor-example.txt", WireFormat.Txt, WireSample.TelNum)]
    [InlineData("vendor-example.xml", WireFormat.Xml, "+79161234567")]
    [InlineData("vendor-error-example-glued-fields.txt", WireFormat.Txt, WireSample.TelNum)]
    [InlineData("vendor-error-example-without-httpout.xml", WireFormat.Xml, WireSample.TelNum)]
    internal void Read_VendorsExample_GivesBothMessages(string sample, WireFormat format, string telNum)
    {
        var document = WireSample.Read(sample);

        Assert.Equal(
            [
                new WireRecord(WireSample.First, WireSample.RentNum, telNum, "Тест"),
                new WireRecord(WireSample.Second, WireSample.RentNum, telNum, "Тест"),
            ],
            document.Records);
        AssertSound(document, format);
    }

    [Fact]
    public void Read_VendorsJsonExample_GivesBothMessages()
    {
        var document = WireSample.Read("vendor-example.json");

        Assert.Equal(
            [
                new WireRecord(new DateTime(2021, 1, 1, 9, 45, 4), "79123456789", "79087654321", "new message"),
                new WireRecord(new DateTime(2021, 1, 2, 8, 46, 7), "79123456789", "79123456789", "это тестовое сообщение"),
            ],
            document.Records);
        AssertSound(document, WireFormat.Json);
    }

    [Theory]
    [InlineData("row01-in-date.json")]
    [InlineData("row01-sms-date.xml")]
    [InlineData("row01-sms-date.txt")]
    [InlineData("row03-plus-before-rentnum.json")]
    [InlineData("row06-white-space-and-case.xml")]
    [InlineData("row06-mixed-case.json")]
    [InlineData("row06-mixed-case.txt")]
    [InlineData("row07-windows-1251.json")]
    [InlineData("row07-windows-1251.txt")]
    [InlineData("row07-windows-1251-declared.xml")]
    [InlineData("row07-utf-8-declared-as-windows-1251.xml")]
    [InlineData("row07-utf-8-bom.json")]
    [InlineData("row07-utf-8-bom.xml")]
    [InlineData("row07-utf-8-bom.txt")]
    [InlineData("row07-utf-16-bom.xml")]
    [InlineData("row07-blank-lines-before-declaration.xml")]
    [InlineData("row06-no-break-spaces.xml")]
    [InlineData("row07-marks-and-white-space.json")]
    [InlineData("row07-marks-and-white-space.xml")]
    [InlineData("row07-marks-and-white-space.txt")]
    [InlineData("row07-utf-16-marks.txt")]
    [InlineData("error-number-zero-beside-wording.xml")]
    [InlineData("error-section-before-records.txt")]
    [InlineData("trailing-junk.json")]
    [InlineData("trailing-junk.xml")]
    [InlineData("single-record.json")]
    [InlineData("error-number-zero-on-wrapper.xml")]
    public void Read_OddityOfOneMessage_GivesThatMessage(string sample)
    {
        var document = WireSample.Read(sample);

        Assert.Equal(new WireRecord(WireSample.First, WireSample.RentNum, WireSample.TelNum, "Тест"), Assert.Single(document.Records));
        AssertSound(document, document.Format);
    }

    [Fact]
    public void Read_PlusBeforeTelnum_KeepsIt() =>
        Assert.Equal("+79036800129", Assert.Single(WireSample.Read("row03-plus-before-telnum.txt").Records).TelNum);

    [Fact]
    public void Read_HoursWithoutZero_AreRead() =>
        Assert.Equal(new DateTime(2021, 1, 1, 9, 45, 4), Assert.Single(WireSample.Read("row04-hours-without-zero.xml").Records).Date);

    [Fact]
    public void Read_DateWithoutTime_IsMidnight() =>
        Assert.Equal(new DateTime(2021, 1, 1), Assert.Single(WireSample.Read("row04-date-without-time.txt").Records).Date);

    [Theory]
    [InlineData("row05-no-blank-lines.txt")]
    [InlineData("row05-windows-line-ends.txt")]
    public void Read_TxtLineEnds_AreNotPartOfTexts(string sample) =>
        Assert.Equal(["Тест", "Второе"], WireSample.Read(sample).Texts());

    [Theory]
    [InlineData("row08-empty-texts.xml", "", "", "x")]
    [InlineData("row08-empty-texts.json", "", "", "")]
    [InlineData("row08-empty-texts.txt", "", "", "x")]
    public void Read_EmptyTexts_AreMessages(string sample, params string[] texts)
    {
        var document = WireSample.Read(sample);

        Assert.Equal(texts, document.Texts());
        AssertSound(document, document.Format);
    }

    [Theory]
    [InlineData("row09-bare-ampersand.xml", "Tom & Jerry & Co", "5 < 6")]
    [InlineData("row09-mismatched-case.xml", "Тест", "b")]
    [InlineData("row09-raw-line-breaks.json", "one\r\ntwo\tthree", "b")]
    [InlineData("row09-unescaped-quotes.json", "He said \"C:\\new\"", "b")]
    public void Read_NotWellFormed_IsRecoveredByAnchors(string sample, params string[] texts)
    {
        var document = WireSample.Read(sample);

        Assert.True(document.WasRecovered);
        Assert.True(document.IsWhole);
        Assert.Equal(texts, document.Texts());
        Assert.Empty(document.Problems);
    }

    [Theory]
    [InlineData("row10-names-and-short-codes.json")]
    [InlineData("row10-names-and-short-codes.xml")]
    [InlineData("row10-names-and-short-codes.txt")]
    public void Read_SenderThatIsNoNumber_IsKept(string sample) =>
        Assert.Equal(["Sberbank", "900"], WireSample.Read(sample).Records.Select(record => record.TelNum));

    [Theory]
    [InlineData("row11-repeats-and-disorder.json")]
    [InlineData("row11-repeats-and-disorder.xml")]
    [InlineData("row11-repeats-and-disorder.txt")]
    public void Read_RepeatsAndDisorder_AreKeptAsTheyCame(string sample) =>
        Assert.Equal(
            [WireSample.Second, WireSample.First, WireSample.Second], WireSample.Read(sample).Records.Select(record => record.Date));

    [Fact]
    public void Read_WrapperObject_GivesItsRecords()
    {
        var document = WireSample.Read("wrapper-object.json");

        Assert.Equal(["Тест", "b"], document.Texts());
        Assert.Equal(0, document.ErrorNumber);
    }

    [Theory]
    [InlineData("no-records.json")]
    [InlineData("no-records.xml")]
    public void Read_EmptyList_IsAnAnswer(string sample)
    {
        var document = WireSample.Read(sample);

        Assert.Empty(document.Records);
        AssertSound(document, document.Format);
    }

    private static void AssertSound(WireDocument document, WireFormat format)
    {
        Assert.True(document.IsProtocol);
        Assert.True(document.IsWhole);
        Assert.Equal(format, document.Format);
        Assert.Empty(document.Problems);
        Assert.True(document.ErrorNumber is null or 0);
    }
}
