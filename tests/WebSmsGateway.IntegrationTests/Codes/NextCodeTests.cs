using System.Net;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Codes;

/// <summary>The next code: <c>GET …/code</c>.</summary>
public sealed class NextCodeTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string CodePath = $"/rented-numbers/{Number}/code";

    [Fact]
    public async Task Code_Arrives_IsGivenAloneAsText()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.ReceiveEarlier("Код: 1111");
        var waiting = gateway.Client.GetAsync(CodePath);
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        await account.WaitForCallsAsync(2);

        account.AddMessages(new SimulatorMessage(OtherNumber, "Sberbank", "Код: 2222"));
        account.Receive("Баланс 100 р.", "Код: 123-456");

        using var response = await waiting;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("123456", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("Accept, Authorization, X-Api-Key", string.Join(", ", response.Headers.Vary));
        Assert.NotEmpty(CursorOf(response));
    }

    [Fact]
    public async Task Code_JsonAccepted_GivesTheMessageAndTheCursorToo()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var start = await CursorAsync(gateway.Client);
        account.Receive("Код: 123456");

        using var response = await GetAsync(gateway.Client, $"{CodePath}?cursor={start}&wait=30", "application/json");
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(["code", "message", "nextCursor"], answer.EnumerateObject().Select(field => field.Name));
        Assert.Equal("123456", answer.GetProperty("code").GetString());
        Assert.Equal("Код: 123456", answer.GetProperty("message").GetProperty("text").GetString());
        Assert.Equal("high", answer.GetProperty("message").GetProperty("code").GetProperty("confidence").GetString());
        Assert.Equal(CursorOf(response), answer.GetProperty("nextCursor").GetString());
    }

    [Fact]
    public async Task Code_AlongItsCursors_GivesEachOnceInTheOrderOfDiscovery()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var cursor = await CursorAsync(gateway.Client);
        account.Receive("Код: 1111", "Баланс", "Код: 2222", "Код: 3333");
        var given = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.Client.GetAsync($"{CodePath}?cursor={cursor}&wait=30");
            given.Add(await response.Content.ReadAsStringAsync());
            cursor = CursorOf(response);
        }

        Assert.Equal(["1111", "2222", "3333"], given);
        using var nothing = await gateway.Client.GetAsync($"{CodePath}?cursor={cursor}&wait=0");
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
    }

    [Fact]
    public async Task Code_NothingComesInTime_Is204WithTheCursorThatLosesNothing()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);

        using var response = await gateway.Client.GetAsync($"{CodePath}?wait=0.5");
        account.Receive("Код: 4444");
        using var next = await gateway.Client.GetAsync($"{CodePath}?wait=30&cursor={CursorOf(response)}");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("4444", await next.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Code_TwoWaitOnOneNumber_GetTheSame()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var first = gateway.Client.GetStringAsync($"{CodePath}?wait=30");
        var second = gateway.Client.GetStringAsync($"/messages/code?wait=30");
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        await account.WaitForCallsAsync(account.Requests().Count + 2);

        account.Receive("Код: 5555");

        Assert.Equal(["5555", "5555"], await Task.WhenAll(first, second));
    }

    [Fact]
    public async Task Code_SenderAndConfidence_Choose()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var ofOzon = await CursorAsync(gateway.Client, "sender=ozon");
        var high = await CursorAsync(gateway.Client, "confidence=high");
        account.AddMessages(
            new SimulatorMessage(Number, "Sberbank", "1111. Никому не сообщайте этот код"),
            new SimulatorMessage(Number, "Sberbank", "Код: 2222"), new SimulatorMessage(Number, "OZON", "Код: 3333"));

        Assert.Equal("3333", await gateway.Client.GetStringAsync($"{CodePath}?wait=30&sender=ozon&cursor={ofOzon}"));
        Assert.Equal("2222", await gateway.Client.GetStringAsync($"{CodePath}?wait=30&confidence=high&cursor={high}"));
    }

    [Fact]
    public async Task Code_Match_GivesTheGroupInPlaceOfTheRule()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var match = "match=" + Uri.EscapeDataString(@"Ticket ([A-Z]+-\d+)");
        var start = await CursorAsync(gateway.Client, match);
        account.Receive("Код: 1111", "Ticket AB-17 for you");

        using var response = await GetAsync(gateway.Client, $"{CodePath}?wait=30&{match}&cursor={start}", "application/json");
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("AB-17", answer.GetProperty("code").GetString());
        Assert.False(answer.GetProperty("message").TryGetProperty("code", out _));
    }

    [Theory]
    [InlineData("match=(", "match", "insufficient closing parentheses")]
    [InlineData("match=abc", "match", "0 groups")]
    [InlineData("match=(a)(b)", "match", "2 groups")]
    [InlineData("match=(a)\\1", "match", "linear time")]
    [InlineData("match=(?=a)(b)", "match", "linear time")]
    [InlineData("match=", "match", "1 to 200 characters")]
    [InlineData("match=(\\d)&confidence=high", "confidence", "does not go with match")]
    [InlineData("confidence=low", "confidence", "high")]
    [InlineData("wait=61", "wait", "0 to 60")]
    [InlineData("cursor=x", "cursor", "Next-Cursor")]
    [InlineData("contains=a", "contains", "accepted are wait, cursor, sender, match, confidence")]
    public async Task Code_AFault_IsNamedWithWhatIsAccepted(string query, string name, string words)
    {
        await using var gateway = Start(fixture.Simulator, fixture.Simulator.NewAccount());

        using var response = await gateway.Client.GetAsync($"/messages/code?{query.Replace("\\", "%5C", StringComparison.Ordinal)}");
        var errors = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("errors");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(words, errors.GetProperty(name)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_PatternOf201Characters_IsRefused()
    {
        await using var gateway = Start(fixture.Simulator, fixture.Simulator.NewAccount());

        using var longest = await gateway.Client.GetAsync($"/messages/code?wait=0&match=({new string('a', 198)})");
        using var longer = await gateway.Client.GetAsync($"/messages/code?wait=0&match=({new string('a', 199)})");

        Assert.Equal(HttpStatusCode.NoContent, longest.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, longer.StatusCode);
    }

    [Theory]
    [InlineData("*/*", "text/plain")]
    [InlineData("text/html,*/*;q=0.8", "text/plain")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/plain", "application/json")]
    [InlineData("text/plain, application/json;q=0.9", "text/plain")]
    public async Task Code_ByAccept_IsTextOrJson(string accept, string mediaType)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var start = await CursorAsync(gateway.Client);
        account.Receive("Код: 123456");

        using var response = await GetAsync(gateway.Client, $"{CodePath}?cursor={start}&wait=30", accept);

        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Code_UpstreamFailsAllTheTime_IsItsErrorAtTheEndWithTheCursor()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.Fail();
        var started = TimeProvider.System.GetTimestamp();

        using var response = await gateway.Client.GetAsync($"{CodePath}?wait=1");
        var took = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        account.Recover();
        account.Receive("Код: 6666");
        using var next = await gateway.Client.GetAsync($"{CodePath}?wait=30&cursor={CursorOf(response)}");

        Assert.True(response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable, response.StatusCode.ToString());
        Assert.InRange(took, 0.9, 5);
        Assert.Equal("6666", await next.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Code_UpstreamRecoversMeanwhile_IsGiven()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.Fail();
        var waiting = gateway.Client.GetStringAsync($"{CodePath}?wait=30");
        await account.WaitForCallsAsync(1);

        account.Receive("Код: 7777");
        account.Recover();

        Assert.Equal("7777", await waiting);
    }

    [Fact]
    public async Task Code_UpstreamHangs_TheWaitEndsAtItsTimeWithATimeout()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.Fail(FaultKind.Hang);
        var started = TimeProvider.System.GetTimestamp();

        using var response = await gateway.Client.GetAsync($"{CodePath}?wait=1");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.9, 5);
        Assert.NotEmpty(CursorOf(response));
    }

    [Fact]
    public async Task Code_ProcessStops_Is503WithTheCursor()
    {
        var account = fixture.Simulator.NewAccount();
        var gateway = Start(fixture.Simulator, account);
        using var client = gateway.NewClient(RunningGateway.Key);
        var waiting = client.GetAsync($"{CodePath}?wait=60");
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        await account.WaitForCallsAsync(2);

        await gateway.DisposeAsync();
        using var response = await waiting;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotEmpty(CursorOf(response));
    }

    [Fact]
    public async Task Code_NarrowKey_SeesItsOwnNumbersAlone()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        using var start = await narrow.GetAsync("/messages/code?wait=0");
        account.AddMessages(new SimulatorMessage(OtherNumber, "Sberbank", "Код: 8888"), new SimulatorMessage(Number, "Sberbank", "Код: 9999"));

        Assert.Equal("9999", await narrow.GetStringAsync($"/messages/code?wait=30&cursor={CursorOf(start)}"));
        using var foreign = await narrow.GetAsync($"/rented-numbers/{OtherNumber}/code?wait=0");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    private static string CursorOf(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Next-Cursor"));

    private static async Task<string> CursorAsync(HttpClient client, string query = "")
    {
        using var response = await client.GetAsync($"{CodePath}?wait=0&{query}");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        return CursorOf(response);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        return await client.SendAsync(request);
    }
}
