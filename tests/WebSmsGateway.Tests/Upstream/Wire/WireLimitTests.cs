using System.Text;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Inputs made to cost time that grows faster than their length. Steps and allocated bytes are counted, not seconds.</summary>
public sealed class WireLimitTests
{
    private const int Length = 64 * 1024;
    private const double MostGrowth = 2.3;
    private const string Header = "<message in_date=\"11.03.2013\" rentnum=\"79021234567\" telnum=\"1\"";
    private const string Record = "{\"sms_date\":\"11.03.2013\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"message\":";

    /// <summary>What stands first, what is repeated, what stands last.</summary>
    public static TheoryData<string, string, string> Shapes => new()
    {
        { "", "[", "" },
        { "", "{\"a\":", "" },
        { "[{\"sms_date\":\"1\",\"message\":", "[", "" },
        { "[", "{\"sms_date\":", "" },
        { "[", "{\"sms_date\":\"1\",", "" },
        { "[", "{\"sms_date\":\"11.03.2013\",\"message\":\"", "" },
        { "[", "{\"sms_date\":,\"message\"}", "" },
        { "[", Record + "\"a\"},", "" },
        { "[", Record + "\"a\"},", "x" },
        { "[", Record + "\"\\T\"},", "" },
        { "[" + Record + "\"a\"}]", "\"}]", "x" },
        { "[" + Record + "\"a\"}]", "\\\"}]", "x" },
        { "[" + Record + "\"", "\\", "\"}]" },
        { "[" + Record + "\"", "\\\\\"}", "" },
        { "[" + Record + "\"", "\\u0041", "\\T\"}]" },
        { "[" + Record + "\"a\"", ",\"telnum\":\"1\"", "}]" },
        { "[{\"sms_date\":\"1\",\"message\":\"", "\"}", "" },
        { "[{\"sms_date\":\"1\",\"message\":\"", "\"},{", "" },
        { "[{\"sms_date\":\"1\",\"message\":\"\n", "\"    ", "" },
        { "[{\"sms_date\":\"1\",\"message\":\"\n", "}    ", "" },
        { "[", "{\"", "" },
        { "[\"", "{\\\"", "" },
        { "{", "\"error_num\"", "" },
        { "{", "\"error_num\":", "" },
        { "[]", " ", "x" },
        { "", "<a>", "" },
        { "<XML>" + Header + ">", "<b>", "" },
        { "<XML>", Header + ">", "" },
        { "<XML>&", "</a>", "" },
        { "<XML>&", "</XML>", "" },
        { "<XML>&", "<message ", "" },
        { "<XML>&", "<message in_date=\"", "" },
        { "<XML>&", "<message in_date='\"", "" },
        { "<XML>&", Header + "/>", "" },
        { "<XML>&", Header + "/>x", "" },
        { "<XML>&", Header + ">", "" },
        { "<XML>&", Header + "></message>", "</XML>" },
        { "<XML>&", Header + "></message>x", "" },
        { "<XML>&" + Header + ">", "</message> ", "" },
        { "<XML>&" + Header + ">", "</message></a>", "" },
        { "<XML>" + Header + ">", "<message></message>", "" },
        { "<XML>" + Header + ">", "<![CDATA[a]]>", "</message></XML>" },
        { "<XML>" + Header + ">", "<![CDATA[&", "</message></XML>" },
        { "<XML>" + Header + ">", "<b/><![CDATA[a]]>", "</message></XML>" },
        { "<XML>" + Header + ">", "&amp;", "</message></XML>" },
        { "<XML>" + Header + ">", "a<!-- -->", "</message></XML>" },
        { "<XML a=\"1\"", " a=\"1\"", "" },
        { "<XML>" + Header, "\u00A0", ">" },
        { "", "<?", "" },
        { "", "<!-- -->", "" },
        { "[1]\n", "[1]\nin_date=1\n", "" },
        { "[1]\n", "[", "" },
        { "[1]\nin_date=", "=   ", "" },
        { "[1]\nin_date=1", "telnum=1", "" },
        { "[1]\nin_date=1", "telnum=1", "\nmessage=a" },
        { "[1]\nin_date=1\nmessage=a", "\n<", "" },
        { "[1]\nin_date=1\nmessage=a", "\n", "x" },
        { "[1]\nin_date=1\nmessage=a", "\n<p", "" },
        { "[", "{},", "" },
        { "[", "[],", "]" },
        { "[1]\nin_date=1\nmessage=a", "\nin_date", "" },
        { "[1]\nin_date=1\n", "   [", "" },
        { "", "a=b\n", "" },
        { "", "[a]\n", "" },
        { "", "\uFEFF ", "x" },
        { "[" + Record + "\"", "\uFFFD", "\"}]" },
    };

    public static TheoryData<string> Samples => WireVariationTests.Samples;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Read_ShapeOfTwiceTheLength_TakesTwiceTheWork(string first, string repeated, string last)
    {
        AssertLinear(count => Encoding.UTF8.GetBytes(first + Repeat(repeated, count * Length) + last));

        // The same with bytes that neither charset explains, so that they are decided record by record.
        AssertLinear(count => [.. Encoding.UTF8.GetBytes(first + Repeat(repeated, count * Length)), 0xD0, 0x98, 0x22, 0xFF]);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Read_SampleTwiceAsOften_TakesTwiceTheWork(string sample)
    {
        var bytes = WireSample.Bytes(sample);
        AssertLinear(count => [.. Enumerable.Repeat(bytes, (count * Length / bytes.Length) + 1).SelectMany(part => part)]);
    }

    [Theory]
    [InlineData("[", Record + "\"a\"},", "]")]
    [InlineData("[x", Record + "\"a\"},", "]")]
    [InlineData("<XML>", Header + ">a</message>", "</XML>")]
    [InlineData("<XML>&", Header + ">a</message>", "</XML>")]
    [InlineData("[1]\nin_date=1", "telnum=1", "")]
    public void Read_DeadlinePassed_Ends(string first, string repeated, string last)
    {
        var body = Encoding.ASCII.GetBytes(first + Repeat(repeated, 1024 * 1024 * 8) + last);

        Assert.Throws<OperationCanceledException>(
            () => WireReader.Read(body, null, WireEnd.Proven, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Read_UnfinishedSectionsInAText_AreText()
    {
        var text = Repeat("<![CDATA[&", 4000);

        Assert.Equal([text], WireReader.Read(Encoding.ASCII.GetBytes($"<XML>{Header}>{text}</message></XML>"), null, WireEnd.Proven).Texts());
    }

    private static string Repeat(string text, int length) => string.Concat(Enumerable.Repeat(text, length / text.Length));

    private static void AssertLinear(Func<int, byte[]> body)
    {
        // Pools and caches are filled by the first reading.
        Cost(body(2));
        var (steps, allocated) = Cost(body(1));
        var (twiceSteps, twiceAllocated) = Cost(body(2));

        Assert.True(twiceSteps < (MostGrowth * steps) + Length, $"{steps} steps become {twiceSteps}");
        Assert.True(twiceAllocated < (MostGrowth * allocated) + (8 * Length), $"{allocated} bytes become {twiceAllocated}");
    }

    private static (long Steps, long Allocated) Cost(byte[] body)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var work = new WireWork();
        WireReader.Read(body, null, WireEnd.Unproven, work);
        return (work.Bytes, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
