using System.Net;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Codes;

/// <summary>The field <c>code</c> of messages in every form in which they are given, and the filter <c>hasCode</c>.</summary>
public sealed class CodeFieldTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string High = "Код для входа: 482913";
    private const string Medium = "48215. Никому не сообщайте этот код";
    private const string Bound = "482914 is your code\n\n@example.com #482914";
    private const string None = "Покупка 1234.56 RUB, карта *4417";

    [Fact]
    public async Task Message_InEveryForm_HasItsCode()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);

        account.Receive(High, Medium, Bound, None);
        string[] expected =
        [
            """{"value":"482913","confidence":"high"}""",
            """{"value":"48215","confidence":"medium"}""",
            """{"value":"482914","confidence":"high","origin":"example.com"}""",
            "",
        ];
        var streamed = new List<JsonElement>();
        while (streamed.Count < expected.Length)
        {
            streamed.Add(JsonDocument.Parse((await stream.NextAsync("message")).Data).RootElement);
        }

        var page = (await gateway.GetAsync(PagePath)).GetProperty("items").EnumerateArray().ToList();
        var lines = await TextAsync(gateway.Client, PagePath, "application/x-ndjson");
        var single = new List<JsonElement>();
        foreach (var item in page)
        {
            single.Add(await gateway.GetAsync($"/messages/{item.GetProperty("id").GetString()}"));
        }

        Assert.Equal(expected, page.Select(CodeOf));
        Assert.Equal(expected, streamed.Select(CodeOf));
        Assert.Equal(expected, single.Select(CodeOf));
        Assert.Equal(expected, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => CodeOf(JsonDocument.Parse(line).RootElement)));
    }

    [Fact]
    public async Task Csv_Codes_StandInColumnsOfTheirOwnBehindTheOthers()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.Receive(High, None, "@example.com #=1+1");

        var rows = (await TextAsync(gateway.Client, PagePath, "text/csv")).Trim('\uFEFF').Split("\r\n");

        Assert.Equal("id,rentedNumber,sender,receivedAt,text,code,codeConfidence", rows[0]);
        Assert.EndsWith($",{High},482913,high", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",,", rows[2], StringComparison.Ordinal);
        Assert.EndsWith(",'=1+1,high", rows[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task HasCode_Page_GivesThoseWithACodeAlone()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.Receive(None, High, None, Medium);

        Assert.Equal([High, Medium], (await gateway.GetAsync($"{PagePath}&hasCode=true")).Texts());
        Assert.Equal(4, (await gateway.GetAsync($"{PagePath}&hasCode=false")).Texts().Count);
        Assert.Equal([Medium], (await gateway.GetAsync($"{PagePath.Replace("asc", "desc", StringComparison.Ordinal)}&hasCode=TRUE&limit=1")).Texts());
        var first = await gateway.GetAsync($"{PagePath}&hasCode=true&limit=1");
        Assert.Equal([Medium], (await gateway.GetAsync($"{PagePath}&hasCode=true&limit=1&cursor={first.Next()}")).Texts());
        using var foreign = await gateway.Client.GetAsync($"{PagePath}&limit=1&cursor={first.Next()}");
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task HasCode_WaitAndStream_SkipThoseWithout()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, $"{StreamPath}?hasCode=true");
        var wait = gateway.GetAsync($"{PagePath}&cursor=now&wait=30&hasCode=true");
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        await account.WaitForCallsAsync(account.Requests().Count + 2);

        account.Receive(None);
        await account.WaitForCallsAsync(account.Requests().Count + 2);
        Assert.False(wait.IsCompleted);
        account.Receive(High);

        Assert.Equal([High], (await wait).Texts());
        Assert.Equal(High, (await stream.NextAsync("message")).Text);
    }

    [Theory]
    [InlineData("/messages?hasCode=yes")]
    [InlineData("/messages?hasCode=")]
    [InlineData("/messages/stream?hasCode=1")]
    public async Task HasCode_OtherThanTrueAndFalse_IsRefusedWithWhatIsAccepted(string path)
    {
        await using var gateway = Start(fixture.Simulator, fixture.Simulator.NewAccount());

        using var response = await gateway.Client.GetAsync(path);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("true", problem.GetProperty("errors").GetProperty("hasCode")[0].GetString(), StringComparison.Ordinal);
    }

    /// <summary>What Redis keeps is the text, so that a message from before there were codes gets its code when it is read.</summary>
    [Fact]
    public async Task Message_ReadFromRedis_HasItsCode()
    {
        await using var redis = await RedisServer.StartAsync();
        var account = fixture.Simulator.NewAccount();
        (string, string?)[] settings = [("Cache:Redis", redis.ConnectionString)];
        var sms = new SimulatorMessage(Number, "Sberbank", High) { LocalTime = new DateTime(2024, 5, 1, 10, 0, 0) };
        account.AddMessages(sms);
        const string day = $"{PagePath}&from=2024-05-01&to=2024-05-01";
        await using (var before = Start(fixture.Simulator, account, null, settings))
        {
            Assert.Single((await before.GetAsync(day)).Texts());
            await Eventually.TrueAsync(async () => (await redis.KeysAsync()).Count > 0, "nothing is stored");
        }

        var calls = account.Requests().Count;
        await using var after = Start(fixture.Simulator, account, null, settings);
        var page = await after.GetAsync(day);

        Assert.Equal("""{"value":"482913","confidence":"high"}""", CodeOf(page.GetProperty("items")[0]));
        Assert.Equal(calls, account.Requests().Count);
    }

    private static string CodeOf(JsonElement message) => message.TryGetProperty("code", out var code) ? code.GetRawText() : "";

    private static async Task<string> TextAsync(HttpClient client, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
