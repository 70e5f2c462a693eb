using System.Diagnostics;
using System.Text;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Inputs made to cost time that grows faster than their length.</summary>
public sealed class WireLimitTests
{
    private const string Header = "<message in_date=\"11.03.2013\" rentnum=\"79021234567\" telnum=\"1\"";

    [Theory]
    [InlineData("", "[")]
    [InlineData("", "{\"a\":")]
    [InlineData("[{\"sms_date\":\"1\",\"message\":", "[")]
    [InlineData("", "<a>")]
    [InlineData("<XML>" + Header + ">", "<b>")]
    [InlineData("<XML>", Header + ">")]
    public void Read_Nested200000Deep_IsAValue(string prefix, string level)
    {
        var body = Encoding.ASCII.GetBytes(prefix + string.Concat(Enumerable.Repeat(level, 200_000)));

        Assert.False(ReadWithin(body, TimeSpan.FromSeconds(2)).IsWhole);
    }

    [Theory]
    [InlineData("[", "{\"sms_date\":")]
    [InlineData("[", "{\"sms_date\":\"1\",")]
    [InlineData("[", "{\"sms_date\":\"11.03.2013\",\"message\":\"")]
    [InlineData("[{\"sms_date\":\"1\",\"message\":\"", "\"}")]
    [InlineData("[{\"sms_date\":\"1\",\"message\":\"", "\"},{")]
    [InlineData("[{\"sms_date\":\"1\",\"message\":\"\n", "\"    ")]
    [InlineData("[{\"sms_date\":\"1\",\"message\":\"\n", "}    ")]
    [InlineData("[", "{\"")]
    [InlineData("[\"", "{\\\"")]
    [InlineData("{", "\"error_num\"")]
    [InlineData("{", "\"error_num\":")]
    [InlineData("<XML>&", "</a>")]
    [InlineData("<XML>&", "<message ")]
    [InlineData("<XML>&", "<message in_date=\"")]
    [InlineData("<XML>&", "<message in_date='\"")]
    [InlineData("<XML>&", Header + "/>")]
    [InlineData("<XML>&", Header + "/>x")]
    [InlineData("<XML>&", Header + ">")]
    [InlineData("<XML>&", Header + "></message>x")]
    [InlineData("<XML>&" + Header + ">", "</message> ")]
    [InlineData("<XML>&" + Header + ">", "</message></a>")]
    [InlineData("<XML>" + Header + ">", "<message></message>")]
    [InlineData("<XML a=\"1\"", " a=\"1\"")]
    [InlineData("", "<?")]
    [InlineData("[1]\n", "[1]\nin_date=1\n")]
    [InlineData("[1]\n", "[")]
    [InlineData("[1]\nin_date=", "=   ")]
    [InlineData("[1]\nin_date=1\n", "   [")]
    [InlineData("", "a=b\n")]
    public void Read_ThousandsOfTimesTheSame_TakesLinearTime(string prefix, string repeated)
    {
        var body = Encoding.ASCII.GetBytes(prefix + string.Concat(Enumerable.Repeat(repeated, 4 * 1024 * 1024 / repeated.Length)));

        ReadWithin(body, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Read_UnfinishedSectionsInAText_TakeLinearTime()
    {
        var text = string.Concat(Enumerable.Repeat("<![CDATA[&", 400_000));
        var body = Encoding.ASCII.GetBytes($"<XML>{Header}>{text}</message></XML>");

        Assert.Equal([text], ReadWithin(body, TimeSpan.FromSeconds(5)).Texts());
    }

    private static WireDocument ReadWithin(byte[] body, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var document = WireReader.Read(body, null, lengthIsProven: false);
        Assert.True(Stopwatch.GetElapsedTime(started) < limit, $"took {Stopwatch.GetElapsedTime(started)}");
        return document;
    }
}
