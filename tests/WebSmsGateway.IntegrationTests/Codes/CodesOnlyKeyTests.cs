using System.Net;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Codes;

/// <summary>A key with <c>Fields=code</c> gets numbers, senders, times and codes, and never a text, by no way.</summary>
public sealed class CodesOnlyKeyTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Key = "codes-only";
    private const string Secret = "Тайна";
    private const string WithCode = $"{Secret}: \"код\" 482913,\"text\":\"";
    private const string WithoutCode = $"{Secret} без числа";

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task Page_InEveryFormat_HasCodesAndNoText(string accept)
    {
        var account = fixture.Simulator.NewAccount();
        account.Receive(WithCode, WithoutCode);
        await using var gateway = StartLimited(account);
        using var limited = gateway.NewClient(Key);
        foreach (var path in (string[])[PagePath, "/messages"])
        {
            // The other key first, so that nothing that is cached for it is given.
            Assert.Contains(Secret, await TextAsync(gateway.Client, path, accept), StringComparison.Ordinal);
            var body = await TextAsync(limited, path, accept);

            Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
            Assert.DoesNotContain("text", body, StringComparison.Ordinal);
            Assert.Contains("482913", body, StringComparison.Ordinal);
            Assert.Contains("Sberbank", body, StringComparison.Ordinal);
            Assert.Contains(Secret, await TextAsync(gateway.Client, path, accept), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Message_ByIdInAStreamAndWithItsCode_HasNoText()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = StartLimited(account);
        using var limited = gateway.NewClient(Key);
        using var stream = await EventStream.OpenAtNowAsync(limited, StreamPath);
        using var start = await limited.GetAsync("/messages/code?wait=0");
        account.Receive(WithCode);

        var streamed = JsonDocument.Parse((await stream.NextAsync("message")).Data).RootElement;
        var single = JsonDocument.Parse(await limited.GetStringAsync($"/messages/{streamed.GetProperty("id").GetString()}")).RootElement;
        var cursor = Assert.Single(start.Headers.GetValues("Next-Cursor"));
        var next = JsonDocument.Parse(await TextAsync(limited, $"/messages/code?wait=30&cursor={cursor}", "application/json")).RootElement;

        foreach (var message in (JsonElement[])[streamed, single, next.GetProperty("message")])
        {
            Assert.Equal(["id", "rentedNumber", "sender", "receivedAt", "code"], message.EnumerateObject().Select(field => field.Name));
            Assert.Equal("482913", message.GetProperty("code").GetProperty("value").GetString());
        }
    }

    [Theory]
    [InlineData("/messages?contains=a", "contains")]
    [InlineData($"{PagePath}&contains=a", "contains")]
    [InlineData($"{StreamPath}?contains=a", "contains")]
    [InlineData($"/rented-numbers/{Number}/code?match=(a)", "match")]
    [InlineData("/messages/code?match=(", "match")]
    public async Task Search_InTexts_IsRefusedByTheNameOfTheParameter(string path, string name)
    {
        await using var gateway = StartLimited(fixture.Simulator.NewAccount());
        using var limited = gateway.NewClient(Key);

        using var response = await limited.GetAsync(path);
        var errors = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("errors");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(name, Assert.Single(errors.EnumerateObject()).Name);
        Assert.Contains("codes and no texts", errors.GetProperty(name)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HasCodeAndSender_AreAllowed()
    {
        var account = fixture.Simulator.NewAccount();
        account.Receive(WithCode, WithoutCode);
        await using var gateway = StartLimited(account);
        using var limited = gateway.NewClient(Key);

        Assert.Single(JsonDocument.Parse(await limited.GetStringAsync("/messages?hasCode=true&sender=sberbank")).RootElement
            .GetProperty("items").EnumerateArray());
    }

    /// <summary>A tag over the text would show which of some supposed texts it is.</summary>
    [Fact]
    public async Task ETag_OfOneMessage_IsMadeOfWhatIsShown()
    {
        var account = fixture.Simulator.NewAccount();
        account.Receive(WithCode);
        await using var gateway = StartLimited(account);
        using var limited = gateway.NewClient(Key);
        var id = (await gateway.GetAsync(PagePath)).GetProperty("items")[0].GetProperty("id").GetString();

        using var whole = await gateway.Client.GetAsync($"/messages/{id}");
        using var shown = await limited.GetAsync($"/messages/{id}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/messages/{id}");
        request.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var asked = await limited.SendAsync(request);

        Assert.NotEqual(whole.Headers.ETag, shown.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal((await shown.Content.ReadAsByteArrayAsync()).Length, shown.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Fields_ChangedOnReload_ApplyToTheNextRequest()
    {
        var account = fixture.Simulator.NewAccount();
        account.Receive(WithCode);
        await using var gateway = Start(fixture.Simulator, account);
        Assert.Contains(Secret, await gateway.Client.GetStringAsync(PagePath), StringComparison.Ordinal);

        gateway.Reload(("Authentication:ApiKeys:0:Fields", "code"));

        await Eventually.TrueAsync(
            async () => !(await gateway.Client.GetStringAsync(PagePath)).Contains(Secret, StringComparison.Ordinal), "the text is still shown");
    }

    private RunningGateway StartLimited(SimulatedAccount account) => Start(
        fixture.Simulator, account, null,
        ("Authentication:ApiKeys:2:Name", "limited"), ("Authentication:ApiKeys:2:Sha256", RunningGateway.Hash(Key)),
        ("Authentication:ApiKeys:2:Numbers", "*"), ("Authentication:ApiKeys:2:Fields", "code"));

    private static async Task<string> TextAsync(HttpClient client, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
