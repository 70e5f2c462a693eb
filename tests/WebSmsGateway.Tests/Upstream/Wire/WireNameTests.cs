using System.Text;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>A field that stands in a record under two of its names.</summary>
public sealed class WireNameTests
{
    private static readonly string[][] Names =
    [
        ["in_date", "sms_date", "IN_DATE", "Sms_Date"],
        ["rentnum", "RentNum", "RENTNUM"],
        ["telnum", "TelNum", "TELNUM"],
    ];

    private static readonly string[] Firsts = ["11.03.2013 12:09:01", "79021234567", "Sberbank"];
    private static readonly string[] Seconds = ["12.04.2014 1:00:00", "79990000000", "900"];

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    internal void Read_FieldUnderTwoNames_TheFirstStandsAndIsReported(WireFormat format)
    {
        var expected = new WireRecord(WireSample.First, "79021234567", "Sberbank", "a");
        for (var field = 0; field < Names.Length; field++)
        {
            foreach (var (first, second) in
                from first in Names[field] from second in Names[field] select (first, second))
            {
                List<(string, string)> fields = [.. Enumerable.Range(0, Names.Length).Select(i => (Names[i][0], Firsts[i]))];
                fields[field] = (first, Firsts[field]);
                for (var place = field + 1; place <= Names.Length; place++)
                {
                    List<(string, string)> doubled = [.. fields];
                    doubled.Insert(place, (second, Seconds[field]));

                    var document = WireReader.Read(Encoding.UTF8.GetBytes(Write(format, doubled)), null, WireEnd.Proven);

                    Assert.Equal(expected, Assert.Single(document.Records));
                    Assert.Equal(["1 AmbiguousText"], document.ProblemList());
                    Assert.True(document.IsWhole);
                }
            }
        }
    }

    [Theory]
    [InlineData("row01-two-dates.json")]
    [InlineData("row01-two-dates.xml")]
    [InlineData("row01-two-dates.txt")]
    [InlineData("duplicate-date.json")]
    public void Read_TwoDates_TakesTheFirstAndSaysSo(string sample)
    {
        var document = WireSample.Read(sample);

        Assert.Equal(WireSample.First, Assert.Single(document.Records).Date);
        Assert.Equal(["1 AmbiguousText"], document.ProblemList());
    }

    [Fact]
    public void Read_TwoNamesBehindTheText_TakesTheFirstAndSaysSo()
    {
        var document = WireReader.Read(
            "[{\"message\":\"a\",\"telnum\":\"1\",\"TelNum\":\"2\",\"rentnum\":\"79021234567\",\"in_date\":\"11.03.2013\",\"sms_date\":\"12.03.2013\"}]"u8
                .ToArray(), null, WireEnd.Proven);

        Assert.Equal(new WireRecord(new DateTime(2013, 3, 11), "79021234567", "1", "a"), Assert.Single(document.Records));
        Assert.Equal(["1 AmbiguousText"], document.ProblemList());
    }

    [Theory]
    [InlineData("[{\"sms_date\":\"11.03.2013\",\"rentnum\":\"79021234567\",\"telnum\":\"1\",\"id\":5}]")]
    [InlineData("[{\"sms_date\":\"11.03.2013\",\"rentnum\":\"79021234567\",\"sender\":\"1\",\"message\":\"\"}]")]
    [InlineData("<XML><message in_date=\"11.03.2013\" rentnum=\"79021234567\" sender=\"1\"/></XML>")]
    public void Read_FieldMissingBesideAnUnknownName_IsAMessageThatIsReported(string body)
    {
        var document = WireReader.Read(Encoding.UTF8.GetBytes(body), null, WireEnd.Proven);

        Assert.Equal("", Assert.Single(document.Records).Message);
        Assert.Equal(["1 AmbiguousText"], document.ProblemList());
    }

    private static string Write(WireFormat format, List<(string Name, string Value)> fields) => format switch
    {
        WireFormat.Json => $"[{{{string.Join(", ", fields.Select(field => $"\"{field.Name}\":\"{field.Value}\""))}, \"message\":\"a\"}}]",
        WireFormat.Xml => $"<XML><message {string.Join(' ', fields.Select(field => $"{field.Name}=\"{field.Value}\""))}>a</message></XML>",
        _ => $"[1]\n{string.Join('\n', fields.Select(field => $"{field.Name}={field.Value}"))}\nmessage=a\n",
    };
}
