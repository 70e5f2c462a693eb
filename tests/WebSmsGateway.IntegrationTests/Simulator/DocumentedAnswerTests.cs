using System.Net;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>The answers in the vendor's document, on a socket.</summary>
public sealed class DocumentedAnswerTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private readonly RunningSimulator simulator = fixture.Simulator;

    [Theory]
    [InlineData("")]
    [InlineData("&format=txt")]
    [InlineData("&format=TXT")]
    [InlineData("&format=pdf")]
    public async Task Ask_TxtOrNoKnownFormat_AnswersInTxt(string format)
    {
        var text = await simulator.TextAsync(simulator.AccountOfTheDocument(), FeedbackCalls.March2013 + format);

        Assert.Equal(
            "[1]\r\nin_date=11.03.2013 12:09:01\r\nrentnum=79021234567\r\ntelnum=79036800129\r\nmessage=Тест\r\n"
            + "[2]\r\nin_date=11.03.2013 12:13:01\r\nrentnum=79021234567\r\ntelnum=79036800129\r\nmessage=Тест\r\n",
            text);
    }

    [Fact]
    public async Task Ask_Xml_AnswersAsTheDocumentShows()
    {
        var text = await simulator.TextAsync(simulator.AccountOfTheDocument(), FeedbackCalls.March2013 + "&format=xml");

        Assert.Equal(
            "<XML>\r\n<httpOut>\r\n"
            + "<message in_date=\"11.03.2013 12:09:01\" rentnum =\"79021234567\" telnum=\"+79036800129\">Тест</message>\r\n"
            + "<message in_date=\"11.03.2013 12:13:01\" rentnum =\"79021234567\" telnum=\"+79036800129\">Тест</message>\r\n"
            + "</httpOut>\r\n</XML>\r\n",
            text);
    }

    [Fact]
    public async Task Ask_Json_AnswersAsTheDocumentShows()
    {
        var text = await simulator.TextAsync(simulator.AccountWith("это \"тест\"\n"), FeedbackCalls.March2013 + "&format=json");

        Assert.Equal(
            "[\r\n{\"sms_date\":\"11.03.2013 9:05:01\", \"rentnum\":\"79021234567\", \"telnum\":\"79036800129\", "
            + "\"message\":\"это \\\"тест\\\"\\n\"}]\r\n",
            text);
    }

    [Fact]
    public async Task Ask_PostedForm_AnswersAsForAQuery()
    {
        var account = simulator.AccountOfTheDocument();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["http_username"] = account.Name,
            ["http_password"] = account.Password,
            ["startdate"] = "11.03.2013 12:09:02",
            ["enddate"] = "11.03.2013 12:13:01",
        });
        using var response = await simulator.Client.PostAsync("/http_feedback.asp", form);

        Assert.StartsWith("[1]\r\nin_date=11.03.2013 12:13:01", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("POST", Assert.Single(account.Requests()).Method);
    }

    [Theory]
    [InlineData("startdate=11.03.2013 12:09:01&enddate=11.03.2013 12:13:01", 2)]
    [InlineData("startdate=11.03.2013 12:09:02&enddate=11.03.2013 12:13:00", 0)]
    [InlineData("startdate=11.03.2013&enddate=12.03.2013", 2)]
    [InlineData("startdate=11.03.2013&enddate=11.03.2013", 0)]
    [InlineData("startdate=11.03.2013 9:00:00&enddate=12.03.2013", 2)]
    [InlineData("startdate=12.03.2013&enddate=11.03.2013", 0)]
    [InlineData("startdate=11.03.2013&rentnum=79021234567", 2)]
    [InlineData("startdate=11.03.2013&rentnum=%2B79021234567", 2)]
    [InlineData("startdate=11.03.2013&rentnum=+79021234567", 2)]
    [InlineData("startdate=11.03.2013&rentnum=790212345", 0)]
    [InlineData("startdate=11.03.2013&telnum=79036800129", 2)]
    [InlineData("startdate=11.03.2013&telnum=%2B79036800129", 2)]
    [InlineData("startdate=11.03.2013&telnum=79036800128", 0)]
    public async Task Ask_WindowAndNumbers_FindsWhatLiesInThem(string query, int records)
    {
        var account = simulator.AccountOfTheDocument();

        var text = await simulator.TextAsync(account, "&" + query);

        Assert.Equal(records, text.Split("message=Тест").Length - 1);
        Assert.Equal(records == 0, text.StartsWith("error_num=4\r\nerror_message=No records found\r\n", StringComparison.Ordinal));
        Assert.Equal(records, Assert.Single(account.Requests()).Records);
    }

    [Fact]
    public async Task Ask_NoDates_FindsFromMidnightOfTheAccountsZoneUntilNow()
    {
        // 22:30 UTC is half past one of the next day in Moscow.
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 6, 10, 22, 30, 0, TimeSpan.Zero));
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage("79021234567", "900", "yesterday", new DateTimeOffset(2024, 6, 10, 20, 59, 59, TimeSpan.Zero)),
            new SimulatorMessage("79021234567", "900", "midnight", new DateTimeOffset(2024, 6, 11, 0, 0, 0, TimeSpan.FromHours(3))),
            new SimulatorMessage("79021234567", "900", "now"),
            new SimulatorMessage("79021234567", "900", "soon", clock.GetUtcNow().AddSeconds(1)));

        var before = await simulator.TextAsync(account, "");
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await simulator.TextAsync(account, "");

        Assert.DoesNotContain("yesterday", before, StringComparison.Ordinal);
        Assert.Contains("in_date=11.06.2024 00:00:00", before, StringComparison.Ordinal);
        Assert.Contains("in_date=11.06.2024 01:30:00", before, StringComparison.Ordinal);
        Assert.DoesNotContain("soon", before, StringComparison.Ordinal);
        Assert.Contains("soon", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_username=demo", 1, "Empty password or  password")]
    [InlineData("http_password=demo", 1, "Empty password or  password")]
    [InlineData("http_username=demo&http_password=", 1, "Empty password or  password")]
    [InlineData("http_username=demo&http_password=wrong", 2, "incorrect login or password")]
    [InlineData("http_username=nobody&http_password=demo", 2, "incorrect login or password")]
    [InlineData("http_username=demo&http_password=demo&startdate=2013-03-11", 3, "invalid date/time parameter")]
    [InlineData("http_username=demo&http_password=demo&enddate=31.02.2013", 3, "invalid date/time parameter")]
    [InlineData("http_username=demo&http_password=demo&startdate=1.1.2001&enddate=01.01.2002", 3, "invalid date/time parameter")]
    [InlineData("http_username=demo&http_password=demo&startdate=01.01.2001&enddate=01.01.2002", 4, "No records found")]
    public async Task Ask_Refused_GivesTheErrorInEachFormatUnderStatus200(string query, int number, string message)
    {
        using var txt = await simulator.Client.GetAsync($"/http_feedback.asp?{query}");
        using var xml = await simulator.Client.GetAsync($"/http_feedback.asp?{query}&format=xml&rentnum=79123456789");
        using var json = await simulator.Client.GetAsync($"/http_feedback.asp?{query}&format=json&rentnum=79123456789");

        Assert.All([txt, xml, json], response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal($"error_num={number}\r\nerror_message={message}\r\n", await txt.Content.ReadAsStringAsync());
        var echoed = number == 4 ? "no records found" : message;
        Assert.StartsWith(
            $"<XML><error error_num=\"{number}\" error_message=\"{echoed}\" sender_ip=\"127.0.0.1\" telnum=\"\" rentnum=\"79123456789\"",
            await xml.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith(
            $"{{\"error error_num\":\"{number}\", \"error_message\":\"{echoed}\", \"sender_ip\":\"127.0.0.1\", "
            + "\"telnum\":\"\", \"rentnum\":\"79123456789\"",
            await json.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_HundredThousandMessages_AnswersAllAndFindsASmallWindowAmongThem()
    {
        var account = simulator.NewAccount();
        var start = new DateTime(2013, 3, 1);
        account.AddMessages(Enumerable.Range(0, 100_000).Select(second =>
            new SimulatorMessage("79021234567", "900", $"<{second}>") { LocalTime = start.AddSeconds(second) }));

        var all = await simulator.TextAsync(account, FeedbackCalls.March2013);
        var few = await simulator.TextAsync(account, "&startdate=01.03.2013 10:00:00&enddate=01.03.2013 10:00:01");

        Assert.Contains("[100000]\r\n", all, StringComparison.Ordinal);
        Assert.Contains("<36000>", few, StringComparison.Ordinal);
        Assert.Contains("<36001>", few, StringComparison.Ordinal);
        Assert.DoesNotContain("[3]", few, StringComparison.Ordinal);
    }
}
