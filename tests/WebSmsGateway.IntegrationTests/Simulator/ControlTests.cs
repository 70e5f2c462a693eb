using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>The control endpoints, used as a person with curl uses them.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private static readonly Regex CurlLine = new("curl (-X (?<method>[A-Z]+) )?'?(?<address>http[^' \n]+)'?( -d '(?<body>[^']*)')?");

    private RunningSimulator? simulator;

    private HttpClient Client => simulator!.Client;

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync();

    public async Task DisposeAsync() => await simulator!.DisposeAsync();

    [Fact]
    public async Task Messages_OneAndMany_AreReceivedByTheirAccount()
    {
        await SendAsync(HttpMethod.Post, "/simulator/accounts", """{"username":"shop","password":"secret"}""", HttpStatusCode.Created);
        await SendAsync(
            HttpMethod.Post, "/simulator/messages", """{"rentedNumber":"+79021234567","sender":"+79161234567","text":"один"}""",
            HttpStatusCode.Created);
        await SendAsync(
            HttpMethod.Post, "/simulator/messages",
            """
            [{"account":"shop","rentedNumber":"79021234567","sender":"900","text":"два","receivedAt":"2013-03-11T12:09:01+04:00"},
             {"account":"shop","rentedNumber":"79021234567","sender":"Sberbank","text":"","receivedAt":"2013-03-11T12:09:02","reportedAt":"2013-03-11T12:09:02Z"},
             {"account":"shop","rentedNumber":"79021234567","sender":"900","text":"четыре","receivedAt":"2013-03-11T08:09:03.75Z"}]
            """,
            HttpStatusCode.Created);

        var demo = await Client.GetStringAsync("/http_feedback.asp?http_username=demo&http_password=demo");
        var shop = await Client.GetStringAsync(
            "/http_feedback.asp?http_username=shop&http_password=secret&startdate=11.03.2013&enddate=12.03.2013");

        Assert.EndsWith("rentnum=79021234567\r\ntelnum=79161234567\r\nmessage=один\r\n", demo, StringComparison.Ordinal);
        Assert.DoesNotContain("[2]", demo, StringComparison.Ordinal);
        Assert.Equal(
            "[1]\r\nin_date=11.03.2013 12:09:01\r\nrentnum=79021234567\r\ntelnum=900\r\nmessage=два\r\n"
            + "[2]\r\nin_date=11.03.2013 12:09:02\r\nrentnum=79021234567\r\ntelnum=Sberbank\r\nmessage=\r\n"
            + "[3]\r\nin_date=11.03.2013 12:09:03\r\nrentnum=79021234567\r\ntelnum=900\r\nmessage=четыре\r\n",
            shop);

        await SendAsync(HttpMethod.Delete, "/simulator/messages?account=shop", null, HttpStatusCode.NoContent);
        Assert.Equal(0, simulator!.State.FindAccount("shop")!.MessageCount);
        Assert.Equal(1, simulator.State.Demo.MessageCount);
        await SendAsync(HttpMethod.Delete, "/simulator/messages", null, HttpStatusCode.NoContent);
        Assert.Equal(0, simulator.State.Demo.MessageCount);
    }

    [Fact]
    public async Task Behaviour_Put_IsInForceUntilReplaced()
    {
        await SendAsync(HttpMethod.Post, "/simulator/accounts", """{"username":"shop","password":"secret"}""", HttpStatusCode.Created);
        await SendAsync(
            HttpMethod.Put, "/simulator/behaviour",
            """
            {"account":"shop","format":{"dateField":"sms_date","names":"upper"},"charset":{"name":"windows-1251","declared":""},
             "transport":"chunked","faults":[{"kind":"status","status":503,"times":1}]}
            """,
            HttpStatusCode.OK);

        var set = await Client.GetStringAsync("/simulator/behaviour?account=shop");
        using var demo = await Client.GetAsync("/http_feedback.asp?http_username=demo&http_password=demo");
        using var shop = await Client.GetAsync("/http_feedback.asp?http_username=shop&http_password=secret");
        await SendAsync(HttpMethod.Put, "/simulator/behaviour?account=shop", "{}", HttpStatusCode.OK);
        var reset = await Client.GetStringAsync("/simulator/behaviour?account=shop");

        Assert.Contains("\"sms_date\"", set, StringComparison.Ordinal);
        Assert.Contains("\"windows-1251\"", set, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, demo.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shop.StatusCode);
        Assert.Equal(await Client.GetStringAsync("/simulator/behaviour"), reset);
    }

    [Fact]
    public async Task Requests_List_ShowsTheCallsWithoutPasswords()
    {
        await Client.GetStringAsync("/http_feedback.asp?http_username=demo&HTTP_Password=s3cret&rentnum=79021234567");
        await Client.GetStringAsync("/http_feedback.asp?http_username=nobody&http_password=s3cret");

        var all = await Client.GetStringAsync("/simulator/requests");
        using var demo = JsonDocument.Parse(await Client.GetStringAsync("/simulator/requests?account=demo"));

        Assert.DoesNotContain("s3cret", all, StringComparison.Ordinal);
        Assert.Contains("nobody", all, StringComparison.Ordinal);
        var call = Assert.Single(demo.RootElement.EnumerateArray());
        Assert.Equal("GET", call.GetProperty("method").GetString());
        Assert.Equal("error 2", call.GetProperty("outcome").GetString());
        Assert.Equal(200, call.GetProperty("status").GetInt32());
        Assert.Equal("79021234567", call.GetProperty("parameters").GetProperty("rentnum").GetString());
        Assert.Equal("***", call.GetProperty("parameters").GetProperty("HTTP_Password").GetString());

        await SendAsync(HttpMethod.Delete, "/simulator/requests?account=demo", null, HttpStatusCode.NoContent);
        Assert.DoesNotContain("\"demo\"", await Client.GetStringAsync("/simulator/requests"), StringComparison.Ordinal);
        await SendAsync(HttpMethod.Delete, "/simulator/requests", null, HttpStatusCode.NoContent);
        Assert.Equal("[]", await Client.GetStringAsync("/simulator/requests"));
    }

    [Theory]
    [InlineData("POST", "/simulator/messages", """{"sender":"900","text":"x"}""", "rentedNumber")]
    [InlineData("POST", "/simulator/messages", """{"rentedNumber":"Sberbank","sender":"900","text":"x"}""", "rentedNumber")]
    [InlineData("POST", "/simulator/messages", """{"rentedNumber":"79021234567","text":"x"}""", "sender")]
    [InlineData("POST", "/simulator/messages", """{"rentedNumber":"79021234567","sender":"900"}""", "text")]
    [InlineData(
        "POST", "/simulator/messages", """{"rentedNumber":"79021234567","sender":"900","text":"x","receivedAt":"11.03.2013"}""",
        "receivedAt")]
    [InlineData(
        "POST", "/simulator/messages", """[{"rentedNumber":"79021234567","sender":"900","text":"x"},{"sender":"900","text":"x"}]""",
        "[1]: rentedNumber")]
    [InlineData(
        "POST", "/simulator/messages", """{"rentedNumber":"79021234567","sender":"900","text":"x","account":"nobody"}""", "account")]
    [InlineData("POST", "/simulator/messages", """{"rentedNumber":"79021234567","sender":"900","text":"x","time":"x"}""", "time")]
    [InlineData(
        "POST", "/simulator/messages", """{"rentedNumber":"79021234567","sender":"900","text":"x","reportedAt":"2013-03-11T12:09"}""",
        "reportedAt")]
    [InlineData("POST", "/simulator/messages", "[null]", "object")]
    [InlineData("POST", "/simulator/messages", "hello", "JSON")]
    [InlineData("POST", "/simulator/accounts", """{"username":"shop"}""", "password")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":[{"kind":"explode"}]}""", "kind")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":[{"kind":"delay"}]}""", "faults[0].milliseconds")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":[{"kind":"truncate","atFraction":1.5}]}""", "atFraction")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":[{"kind":"otherDay","days":99999}]}""", "days")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":[{"status":500}]}""", "kind")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":[null]}""", "object")]
    [InlineData("PUT", "/simulator/behaviour", """{"faults":null}""", "faults")]
    [InlineData("PUT", "/simulator/behaviour", """{"format":{"color":"red"}}""", "color")]
    [InlineData("PUT", "/simulator/behaviour", """{"account":5}""", "account")]
    [InlineData("PUT", "/simulator/behaviour", """{"account":"demo","account":"demo"}""", "account")]
    [InlineData("PUT", "/simulator/behaviour", "[]", "object")]
    [InlineData("GET", "/simulator/requests?account=nobody", null, "account")]
    public async Task Control_BadInput_IsRefusedWithTheReason(string method, string path, string? body, string reason)
    {
        var answer = await SendAsync(new HttpMethod(method), path, body, HttpStatusCode.BadRequest);

        using var refusal = JsonDocument.Parse(answer);
        Assert.Contains(reason, refusal.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, simulator!.State.Demo.MessageCount);
    }

    [Fact]
    public async Task Guide_Get_ShowsLinesThatWorkHere()
    {
        var guide = await Client.GetStringAsync("/");

        var lines = CurlLine.Matches(guide);
        Assert.Equal(10, lines.Count);
        foreach (Match line in lines)
        {
            var method = line.Groups["method"] is { Success: true, Value: var named } ? named : "GET";
            var body = line.Groups["body"] is { Success: true, Value: var given } ? given : null;
            using var request = new HttpRequestMessage(new HttpMethod(method), line.Groups["address"].Value)
            {
                Content = body is null ? null : new StringContent(body),
            };
            using var response = await Client.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, $"{line.Value} gives {response.StatusCode}");
        }

        Assert.NotNull(simulator!.State.FindAccount("shop"));
    }

    [Fact]
    public async Task Settings_BoundsAndAccounts_AreKept()
    {
        await using var simulator = await RunningSimulator.StartAsync(configure: builder =>
        {
            builder.Configuration["Simulator:MaxMessages"] = "2";
            builder.Configuration["Simulator:MaxRequests"] = "3";
            builder.Configuration["Simulator:Accounts:0:Username"] = "shop";
            builder.Configuration["Simulator:Accounts:0:Password"] = "secret";
        });
        var account = simulator.State.FindAccount("SHOP")!;
        account.AddMessages([.. new[] { "один", "два", "три" }.Select((text, index) =>
            new WebSmsGateway.Simulator.SimulatorMessage("79021234567", "900", text)
            { LocalTime = new DateTime(2013, 3, 11, 0, 0, index) })]);
        string text = "";
        for (var call = 0; call < 5; call++)
        {
            text = await simulator.TextAsync(account);
        }

        Assert.Equal(3, account.Requests().Count);
        Assert.DoesNotContain("один", text, StringComparison.Ordinal);
        Assert.Contains("три", text, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            // curl -d sends this media type.
            request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        }

        using var response = await Client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {answer}");
        return answer;
    }
}
