using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>The variants of answers.</summary>
public sealed class VariantTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private readonly RunningSimulator simulator = fixture.Simulator;

    public static TheoryData<string, FormatVariant, string> Written => new()
    {
        { "txt", new() { DateField = DateField.SmsDate }, "[1]\r\nsms_date=11.03.2013 09:05:01\r\n" },
        { "txt", new() { TwoDigitHours = false, LineEnd = LineEnd.Lf }, "[1]\nin_date=11.03.2013 9:05:01\nrentnum=79021234567\n" },
        { "txt", new() { Plus = true }, "telnum=+79036800129\r\n" },
        { "txt", new() { Glued = true }, "\r\ntelnum=79036800129message=Тест & <b>\r\n" },
        { "txt", new() { BlankLines = true }, "[1]\r\n\r\nin_date=11.03.2013 09:05:01\r\n\r\nrentnum=79021234567\r\n\r\ntelnum" },
        { "txt", new() { Names = NameCase.Upper }, "\r\nRENTNUM=79021234567\r\nTELNUM=79036800129\r\nMESSAGE=Тест" },
        { "txt", new() { VerdictOnWrapper = true }, "error_num=0\r\n[1]\r\n" },
        { "txt", new() { VerdictOnWrapper = true, VerdictSection = "Result" }, "[Result]\r\nerror_num=0\r\n[1]\r\n" },
        { "txt", new() { Forced = AnswerFormat.Json }, "\"message\":\"Тест & <b>\"}]" },
        { "xml", new() { DateField = DateField.SmsDate, HttpOut = false }, "<XML>\r\n<message sms_date=\"11.03.2013 09:05:01\"" },
        { "xml", new() { SpaceBeforeEquals = true },
            "in_date =\"11.03.2013 09:05:01\" rentnum =\"79021234567\" telnum =\"+79036800129\">" },
        { "xml", new() { SpaceBeforeEquals = false, Plus = false }, "rentnum=\"79021234567\" telnum=\"79036800129\">" },
        { "xml", new() { NoBreakSpaces = true }, "<message\u00A0 in_date=" },
        { "xml", new() { Names = NameCase.Lower, SingleLine = true }, "<xml><httpout><message in_date=" },
        { "xml", new() { Unescaped = true }, ">Тест & <b></message>" },
        { "xml", new() { VerdictOnWrapper = true }, "<XML>\r\n<httpOut error_num=\"0\">" },
        { "xml", new() { VerdictOnWrapper = true, HttpOut = false }, "<XML error_num=\"0\">" },
        { "json", new() { DateField = DateField.InDate, TwoDigitHours = true }, "{\"in_date\":\"11.03.2013 09:05:01\"," },
        { "json", new() { SingleLine = true, Plus = true },
            "[{\"sms_date\":\"11.03.2013 9:05:01\",\"rentnum\":\"79021234567\",\"telnum\":\"+79036800129\",\"message\":\"" },
        { "json", new() { Names = NameCase.Upper }, "\"RENTNUM\":\"79021234567\"" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public async Task Ask_FormatVariant_IsWrittenSo(string format, FormatVariant variant, string expected)
    {
        var account = simulator.AccountWith("Тест & <b>");
        account.Behaviour = new() { Format = variant };

        Assert.Contains(
            expected, await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format={format}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("txt", EmptyText.Empty, "telnum=900\r\nmessage=\r\n")]
    [InlineData("txt", EmptyText.Missing, "telnum=900\r\n")]
    [InlineData("xml", EmptyText.Empty, "telnum=\"900\"></message>")]
    [InlineData("xml", EmptyText.Missing, "telnum=\"900\"/>")]
    [InlineData("json", EmptyText.Empty, "\"telnum\":\"900\", \"message\":\"\"}")]
    [InlineData("json", EmptyText.Missing, "\"telnum\":\"900\"}")]
    public async Task Ask_EmptyText_IsWrittenAsSet(string format, EmptyText variant, string expected)
    {
        var account = simulator.AccountWith("", sender: "900");
        account.Behaviour = new() { Format = new() { EmptyText = variant } };

        var text = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format={format}");

        Assert.Contains(expected, text, StringComparison.Ordinal);
        if (variant == EmptyText.Missing)
        {
            Assert.DoesNotContain("message=", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"message\"", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ask_HostileText_IsEscapedByTheCorrectWriterOnly()
    {
        const string hostile = "a\"},{\"b\\ </message><message in_date=\"x\">\t& ]]>";
        var account = simulator.AccountWith(hostile, sender: "O\"Neil & <Co>");

        var json = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format=json");
        var xml = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format=xml");
        account.Behaviour = new() { Format = new() { Unescaped = true } };
        var defective = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format=json");

        Assert.Equal(hostile, JsonDocument.Parse(json).RootElement[0].GetProperty("message").GetString());
        var message = XDocument.Parse(xml).Descendants("message").Single();
        Assert.Equal(hostile, message.Value);
        Assert.Equal("O\"Neil & <Co>", message.Attribute("telnum")!.Value);
        Assert.Contains($"\"message\":\"{hostile}\"", defective, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Order_IsAsSet()
    {
        var account = simulator.NewAccount();
        var start = new DateTime(2013, 3, 11);
        account.AddMessages(Enumerable.Range(0, 20).Select(
            hour => new SimulatorMessage("79021234567", "900", $"<{hour}>") { LocalTime = start.AddHours(hour) }));
        string[] ascending = [.. Enumerable.Range(0, 20).Select(hour => $"message=<{hour}>")];

        Assert.Equal(ascending, await TextsAsync(new()));
        Assert.Equal(ascending.Reverse(), await TextsAsync(new() { Order = RecordOrder.Desc }));
        var shuffled = await TextsAsync(new() { Order = RecordOrder.Shuffled });
        Assert.NotEqual(ascending, shuffled);
        Assert.Equal(ascending.Order(), shuffled.Order());
        Assert.Equal(40, (await TextsAsync(new() { Duplicated = true })).Length);

        async Task<string[]> TextsAsync(FormatVariant variant)
        {
            account.Behaviour = new() { Format = variant };
            var text = await simulator.TextAsync(account);
            return [.. text.Split("\r\n").Where(line => line.StartsWith("message=", StringComparison.Ordinal))];
        }
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0.5, 1)]
    [InlineData(1.0, 2)]
    public async Task Ask_RecordsForgotten_ListsTheFirstShareOfThem(double? listed, int count)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [new SimulatorFault { Kind = FaultKind.Forget, AtFraction = listed, Times = 1 }] };

        var text = await simulator.TextAsync(account);

        Assert.Equal(count, text.Split("in_date=").Length - 1);
        Assert.Equal(count == 0, text.Contains("error_num=4", StringComparison.Ordinal));
        Assert.Contains("[2]", await simulator.TextAsync(account), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_OtherDay_AnswersAboutTheWindowADayBefore()
    {
        var account = simulator.AccountOfTheDocument();
        const string March12 = "&startdate=12.03.2013&enddate=12.03.2013 23:59:59";
        Assert.Contains("error_num=4", await simulator.TextAsync(account, March12), StringComparison.Ordinal);

        account.Behaviour = new() { Faults = [SimulatorFault.OtherDay()] };
        Assert.Contains("in_date=11.03.2013 12:13:01", await simulator.TextAsync(account, March12), StringComparison.Ordinal);
        account.Behaviour = new() { Faults = [SimulatorFault.OtherDay(-1)] };
        Assert.Contains("error_num=4", await simulator.TextAsync(account, March12), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_MessageReportedLater_IsListedFromThenOn()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2013, 3, 11, 12, 0, 0, TimeSpan.FromHours(4)));
        await using var later = await RunningSimulator.StartAsync(clock);
        var account = later.NewAccount();
        account.AddMessages(new SimulatorMessage("79021234567", "900", "поздно")
        {
            LocalTime = new DateTime(2013, 3, 11, 9, 0, 0),
            ReportedAt = clock.GetUtcNow().AddHours(1),
        });

        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Contains("error_num=4", await later.TextAsync(account), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Contains("in_date=11.03.2013 09:00:00", await later.TextAsync(account), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_WindowOrNumbersIgnored_GivesMoreThanWasAsked()
    {
        var account = simulator.AccountOfTheDocument();
        const string otherWindow = "&startdate=01.01.2001&enddate=02.01.2001&rentnum=79021234567";
        const string otherNumber = FeedbackCalls.March2013 + "&rentnum=79990000000&telnum=900";

        account.Behaviour = new() { Format = new() { IgnoreWindow = true } };
        Assert.Contains("[2]", await simulator.TextAsync(account, otherWindow), StringComparison.Ordinal);
        Assert.Contains("error_num=4", await simulator.TextAsync(account, otherNumber), StringComparison.Ordinal);
        account.Behaviour = new() { Format = new() { IgnoreNumbers = true } };
        Assert.Contains("[2]", await simulator.TextAsync(account, otherNumber), StringComparison.Ordinal);
        Assert.Contains("error_num=4", await simulator.TextAsync(account, otherWindow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xml", true, "<XML><httpOut error_num=\"4\"")]
    [InlineData("xml", false, "<XML error_num=\"4\"")]
    [InlineData("json", true, "{\"error_num\":\"4\"")]
    public async Task Ask_VerdictOnWrapper_RefusesThereToo(string format, bool httpOut, string expected)
    {
        var account = simulator.NewAccount();
        account.Behaviour = new() { Format = new() { VerdictOnWrapper = true, HttpOut = httpOut } };

        var text = await simulator.TextAsync(account, $"&format={format}");

        Assert.StartsWith(expected, text, StringComparison.Ordinal);
        if (format == "xml")
        {
            Assert.Equal("XML", XDocument.Parse(text).Root!.Name.LocalName);
        }
    }

    [Theory]
    [InlineData("txt", "Error", null, "[Error]\r\nerror_num=4\r\n")]
    [InlineData("json", null, "err_num", "{\"err_num\":\"4\"")]
    public async Task Ask_VerdictNamedOtherwise_IsWrittenSo(string format, string? section, string? key, string expected)
    {
        var account = simulator.NewAccount();
        account.Behaviour = new() { Format = new() { VerdictSection = section, ErrorKey = key } };

        Assert.StartsWith(expected, await simulator.TextAsync(account, $"&format={format}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("txt")]
    public async Task Ask_SomethingBeforeAndBehind_StandsThere(string format)
    {
        var account = simulator.AccountOfTheDocument();
        var plain = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format={format}");
        account.Behaviour = new() { Format = new() { Before = "\r\n", Behind = "<!-- 3 ms -->" } };

        Assert.Equal($"\r\n{plain}<!-- 3 ms -->", await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format={format}"));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("txt")]
    public async Task Ask_ErrorPage_TakesThePlaceOfTheOtherRecordsAndOfTheEnd(string format)
    {
        var account = simulator.AccountOfTheDocument();
        var plain = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format={format}");
        account.Behaviour = new() { Faults = [SimulatorFault.ErrorPage()] };

        var broken = await simulator.TextAsync(account, $"{FeedbackCalls.March2013}&format={format}");

        var page = broken.IndexOf("\n <font face=\"Arial\" size=2>", StringComparison.Ordinal);
        Assert.StartsWith(broken[..page], plain, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(broken, "79036800129"));
        Assert.EndsWith("/http_feedback.asp</font>", broken, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WireCharset.Utf8, null, false, "text/plain; charset=utf-8", "5B315D0D0A")]
    [InlineData(WireCharset.Utf8, "", false, "text/plain", "5B315D0D0A")]
    [InlineData(WireCharset.Utf8, "windows-1251", true, "text/plain; charset=windows-1251", "EFBBBF5B315D0D0A")]
    [InlineData(WireCharset.Windows1251, null, false, "text/plain; charset=windows-1251", "5B315D0D0A")]
    [InlineData(WireCharset.Windows1251, "utf-8", false, "text/plain; charset=utf-8", "5B315D0D0A")]
    public async Task Ask_Charset_IsWrittenAndDeclaredAsSet(
        WireCharset charset, string? declared, bool mark, string contentType, string begin)
    {
        var account = simulator.AccountWith("Ёлка № 5 👍");
        account.Behaviour = new() { Charset = new() { Name = charset, Declared = declared, ByteOrderMark = mark } };

        using var response = await simulator.AskAsync(account);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(contentType, response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.StartsWith(begin, Convert.ToHexString(body), StringComparison.Ordinal);
        var text = charset == WireCharset.Utf8
            ? Encoding.UTF8.GetBytes("message=Ёлка № 5 👍\r\n")
            : [.. "message="u8, 0xA8, 0xEB, 0xEA, 0xE0, (byte)' ', 0xB9, .. " 5 ??\r\n"u8];
        Assert.Equal(Convert.ToHexString(text), Convert.ToHexString(body[^text.Length..]));
    }

    [Fact]
    public async Task Ask_XmlDeclaration_NamesTheDeclaredCharset()
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Charset = new() { Name = WireCharset.Windows1251, XmlDeclaration = true, MediaType = "text/html" } };

        using var response = await simulator.AskAsync(account, FeedbackCalls.March2013 + "&format=xml");

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(
            "<?xml version=\"1.0\" encoding=\"windows-1251\"?>",
            Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }
}
