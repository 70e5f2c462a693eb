using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>A caller of one number learns nothing about other numbers.</summary>
public sealed partial class ViewTests : IAsyncLifetime
{
    private const string Own = RunningGateway.Number;
    private const string Other = "79031234567";
    private const string Day = "from=2024-05-20&to=2024-05-20";
    private const string OthersText = "чужой код 4821";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2024, 5, 20, 15, 0, 0, TimeSpan.FromHours(3)));
    private RunningSimulator simulator = null!;

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync(clock);

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Theory]
    [InlineData("/messages?" + Day, null)]
    [InlineData("/messages?" + Day, "text/csv")]
    [InlineData("/messages?" + Day, "application/x-ndjson")]
    [InlineData("/messages?from=2024-05-20&order=asc", null)]
    [InlineData("/messages?from=2024-05-20&order=asc&limit=1", null)]
    [InlineData("/messages?from=2024-05-20&order=asc&contains=код", null)]
    [InlineData("/messages?order=asc&cursor=now", null)]
    [InlineData("/messages?from=2024-05-20&limit=1", null)]
    [InlineData("/messages?from=2024-05-01&order=asc", null)]
    [InlineData("/rented-numbers?" + Day, null)]
    [InlineData($"/rented-numbers/{Own}/messages?{Day}", null)]
    [InlineData($"/rented-numbers/{Own}/messages?{Day}", "text/csv")]
    public async Task NarrowCaller_OthersReceiveMessages_GetsTheSameBytesAndTagAsIfTheyDidNot(string path, string? accept)
    {
        await using var alone = Start(withOthers: false);
        await using var among = Start(withOthers: true);

        Assert.Equal(await AnswerOfAsync(alone, path, accept), await AnswerOfAsync(among, path, accept));
    }

    [Fact]
    public async Task SingleMessage_OfAnotherNumber_IsLikeOneThatDoesNotExist()
    {
        await using var gateway = Start(withOthers: true);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var all = await gateway.GetAsync("/messages?" + Day);
        var othersId = all.GetProperty("items").EnumerateArray().First(item => item.GetProperty("rentedNumber").GetString() == Other)
            .GetProperty("id").GetString();

        Assert.Equal(200, await StatusOfAsync(gateway.Client, $"/messages/{othersId}"));
        Assert.Equal(404, await StatusOfAsync(narrow, $"/messages/{othersId}"));
        Assert.Equal(404, await StatusOfAsync(narrow, $"/rented-numbers/{Own}/messages/{othersId}"));
        Assert.Equal(403, await StatusOfAsync(narrow, $"/rented-numbers/{Other}/messages/{othersId}"));
    }

    [Theory]
    [InlineData("/messages?" + Day)]
    [InlineData("/rented-numbers?" + Day)]
    [InlineData("/messages/{own-id}")]
    public async Task EntityTag_OfAnotherCaller_NeverGives304(string path)
    {
        // With one number both callers get the same bytes, so only the readable numbers can make their tags differ.
        await using var gateway = Start(withOthers: false);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var page = await gateway.GetAsync("/messages?" + Day);
        path = path.Replace("{own-id}", page.GetProperty("items")[0].GetProperty("id").GetString(), StringComparison.Ordinal);

        Assert.Equal(304, await StatusOfAsync(gateway.Client, path, await TagOfAsync(gateway.Client, path)));
        Assert.Equal(304, await StatusOfAsync(narrow, path, await TagOfAsync(narrow, path)));
        Assert.Equal(200, await StatusOfAsync(narrow, path, await TagOfAsync(gateway.Client, path)));
        Assert.Equal(200, await StatusOfAsync(gateway.Client, path, await TagOfAsync(narrow, path)));
    }

    [Theory]
    [InlineData("from=2024-05-20&limit=1")]
    [InlineData("from=2024-05-20&limit=1&order=asc")]
    public async Task Cursor_OfACallerWhoSeesAll_ShowsANarrowOneItsOwnMessagesOnly(string query)
    {
        await using var gateway = Start(withOthers: true);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var cursor = (await gateway.GetAsync("/messages?" + query)).GetProperty("nextCursor").GetString();

        using var answer = await narrow.GetAsync(new Uri($"/messages?{query}&cursor={cursor}", UriKind.Relative));
        var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.Equal(Own, item.GetProperty("rentedNumber").GetString()));
    }

    [Fact]
    public async Task Stream_OfANarrowCaller_HoldsItsOwnMessagesOnly()
    {
        await using var gateway = Start(withOthers: true);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var start = (await gateway.GetAsync("/messages?from=2024-05-20&order=asc&limit=1")).GetProperty("nextCursor").GetString();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var stream = await narrow.GetStreamAsync(new Uri($"/messages/stream?cursor={start}", UriKind.Relative), timeout.Token);
        using var reader = new StreamReader(stream);
        var data = new List<string>();

        // The caller's own message is the last of three, so messages of others would come before it.
        while (data.Count == 0 || !data[^1].Contains("свой последний", StringComparison.Ordinal))
        {
            if (await reader.ReadLineAsync(timeout.Token) is ['d', 'a', 't', 'a', ..] line)
            {
                data.Add(line);
            }
        }

        Assert.DoesNotContain(
            data, line => line.Contains(Other, StringComparison.Ordinal) || line.Contains(OthersText, StringComparison.Ordinal));
    }

    [System.Text.RegularExpressions.GeneratedRegex("(?<=\"nextCursor\":\")[^\"]+")]
    private static partial System.Text.RegularExpressions.Regex Cursor();

    private RunningGateway Start(bool withOthers)
    {
        var account = simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage(Own, "79161234567", "свой код") { LocalTime = new(2024, 5, 20, 9, 0, 0) },
            new SimulatorMessage(Own, "79161234567", "свой последний код") { LocalTime = new(2024, 5, 20, 14, 59, 0) });
        if (withOthers)
        {
            account.AddMessages(
                new SimulatorMessage(Other, "Bank", OthersText) { LocalTime = new(2024, 5, 20, 8, 0, 0) },
                new SimulatorMessage(Other, "Bank", OthersText) { LocalTime = new(2024, 5, 20, 9, 0, 0) },
                new SimulatorMessage(Other, "Bank", OthersText) { LocalTime = new(2024, 5, 20, 14, 58, 30) },
                new SimulatorMessage(Other, "Bank", OthersText) { LocalTime = new(2024, 5, 20, 14, 59, 30) });
        }

        // With one key for the ids of both accounts their answers can be compared.
        return RunningGateway.Start(simulator, account, clock, ("Messages:IdKey", Convert.ToBase64String(new byte[32])));
    }

    /// <summary>The parts of an answer that depend on messages.</summary>
    private static async Task<string> AnswerOfAsync(RunningGateway gateway, string path, string? accept)
    {
        using var client = gateway.NewClient(RunningGateway.NarrowKey);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);

        // A cursor is encrypted with a secret of the account, so its text differs between two accounts. Its length must not.
        body = Cursor().Replace(body, match => $"{match.Length} characters of a cursor");
        return $"{response.Headers.ETag} {response.Headers.CacheControl} {response.Content.Headers.ContentLength}\n{body}";
    }

    private static async Task<string> TagOfAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.Headers.ETag!.ToString();
    }

    private static async Task<int> StatusOfAsync(HttpClient client, string path, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));
        }

        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
