using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Authentication;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Tickets.TicketClient;

namespace WebSmsGateway.IntegrationTests.Tickets;

/// <summary>What a ticket is made for, and what it reads.</summary>
public sealed class TicketTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const string Other = "79031234567";
    private const string CodeKey = "codes-only";
    private const string OfNumber = $"/rented-numbers/{Number}/messages?{Day}";
    private const string OfOther = $"/rented-numbers/{Other}/messages?{Day}";
    private const string OfAll = $"/messages?{Day}";

    [Fact]
    public async Task Make_WithoutABody_StandsForTheCallersOwnForAnHour()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 5, 25, 9, 0, 0, TimeSpan.Zero));
        await using var gateway = Start(clock);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);

        using var response = await narrow.PostAsync("/tickets", content: null);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(["ticket", "expiresAt", "numbers"], answer.EnumerateObject().Select(field => field.Name));
        Assert.Equal(clock.GetUtcNow().AddHours(1), answer.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.Equal([Number], answer.GetProperty("numbers").EnumerateArray().Select(number => number.GetString()));

        var ticket = answer.GetProperty("ticket").GetString()!;
        using var bearer = ClientOf(gateway, ticket);
        Assert.Contains("Ваш код 482913", await bearer.GetStringAsync(OfNumber), StringComparison.Ordinal);
        var (status, page) = await GetAsync(gateway, OfAll, ticket);
        Assert.Equal(200, status);
        Assert.Contains("Ваш код 482913", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Другому", page, StringComparison.Ordinal);
        Assert.Equal(403, await StatusOfAsync(gateway, OfOther, ticket));
    }

    [Theory]
    [InlineData("""{"numbers":["+79021234567"]}""")]
    [InlineData("""{"numbers":["79021234567","79021234567"],"fields":null,"expiresIn":1}""")]
    public async Task Make_OfOneNumber_ReadsThatOneAlone(string body)
    {
        await using var gateway = Start();

        var ticket = await MakeAsync(gateway.Client, body);

        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, ticket));
        Assert.Equal(403, await StatusOfAsync(gateway, OfOther, ticket));
        Assert.DoesNotContain("Другому", (await GetAsync(gateway, OfAll, ticket)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Other, (await GetAsync(gateway, $"/rented-numbers?{Day}", ticket)).Body, StringComparison.Ordinal);
        Assert.Equal(204, await StatusOfAsync(gateway, $"/rented-numbers/{Number}/code?wait=0", ticket));
    }

    [Theory]
    [InlineData(RunningGateway.NarrowKey, """{"numbers":["79031234567"]}""")]
    [InlineData(RunningGateway.NarrowKey, """{"numbers":["79021234567","79031234567"]}""")]
    [InlineData(RunningGateway.NarrowKey, """{"numbers":["*"]}""")]
    [InlineData(CodeKey, """{"fields":"all"}""")]
    public async Task Make_MoreThanTheMakerMayRead_Is403(string key, string body)
    {
        await using var gateway = Start();
        using var maker = gateway.NewClient(key);

        var (status, problem) = await AskAsync(maker, body);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("forbidden", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Make_OfANumberThatIsNotRented_Is403ForACallerOfAllToo()
    {
        await using var gateway = Start(null, ("RentedNumbers:0:Number", Number));

        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(gateway.Client, $$"""{"numbers":["{{Other}}"]}""")).Status);
        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, await MakeAsync(gateway.Client, $$"""{"numbers":["{{Number}}"]}""")));
    }

    [Theory]
    [InlineData("""{"expiresIn":0}""", "expiresIn", "1 to 43200")]
    [InlineData("""{"expiresIn":43201}""", "expiresIn", "1 to 43200")]
    [InlineData("""{"expiresIn":1.5}""", "expiresIn", "whole number")]
    [InlineData("""{"expiresIn":"3600"}""", "expiresIn", "whole number")]
    [InlineData("""{"fields":"text"}""", "fields", "accepted are all, and code")]
    [InlineData("""{"fields":1}""", "fields", "accepted are all, and code")]
    [InlineData("""{"numbers":[]}""", "numbers", "1 to 1000 numbers")]
    [InlineData("""{"numbers":"79021234567"}""", "numbers", "a list of")]
    [InlineData("""{"numbers":["89021234567"]}""", "numbers", "7XXXYYYYYYY")]
    [InlineData("""{"numbers":[79021234567]}""", "numbers", "7XXXYYYYYYY")]
    [InlineData("""{"number":["79021234567"]}""", "number", "did you mean numbers?")]
    [InlineData("""{"Numbers":["79021234567"]}""", "Numbers", "did you mean numbers?")]
    [InlineData("""{"expiresIn":60,"expiresIn":600}""", "body", "each name once")]
    [InlineData("""{"expiresIn":60""", "body", "no JSON object")]
    [InlineData("[]", "body", "no JSON object")]
    [InlineData("expiresIn=60", "body", "no JSON object")]
    [InlineData(" ", "body", "or nothing")]
    public async Task Make_FaultyBody_NamesTheFieldAndWhatIsAccepted(string body, string field, string accepted)
    {
        await using var gateway = Start();

        var (status, problem) = await AskAsync(gateway.Client, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(accepted, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_SeveralFaults_AreReportedTogether()
    {
        await using var gateway = Start();

        var (_, problem) = await AskAsync(gateway.Client, """{"numbers":[],"fields":"x","expiresIn":0,"scope":1}""");

        Assert.Equal(4, problem.GetProperty("errors").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("""{"expiresIn":60}""", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("expiresIn=60", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task Make_AnotherMediaType_Is415(string body, string mediaType, HttpStatusCode expected)
    {
        await using var gateway = Start();

        Assert.Equal(expected, (await AskAsync(gateway.Client, body, mediaType: mediaType)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Make_BodyTooLong_Is413(bool inChunks)
    {
        await using var gateway = Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tickets")
        {
            Content = new StringContent(new string(' ', 20_000), System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = inChunks;

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("request-too-large", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_UnknownParameter_IsRefused()
    {
        await using var gateway = Start();

        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(gateway.Client, query: "?expiresIn=60")).Status);
    }

    [Fact]
    public async Task Read_MakerReadsCodesOnly_TicketDoesToo()
    {
        await using var gateway = Start();
        using var codes = gateway.NewClient(CodeKey);
        foreach (var ticket in (string[])[await MakeAsync(codes), await MakeAsync(gateway.Client, """{"fields":"code"}""")])
        {
            var (status, page) = await GetAsync(gateway, OfNumber, ticket);

            Assert.Equal(200, status);
            Assert.Contains("482913", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Ваш", page, StringComparison.Ordinal);
            Assert.Equal(400, await StatusOfAsync(gateway, $"{OfNumber}&contains=482", ticket));
        }
    }

    [Fact]
    public async Task Read_AfterTheMakersRightsChange_ReadsWhatBothMayRead()
    {
        await using var gateway = Start();
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var ticket = await MakeAsync(narrow);

        gateway.Reload(("Authentication:ApiKeys:1:Numbers", $"{Number},{Other}"));
        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, ticket));
        Assert.Equal(403, await StatusOfAsync(gateway, OfOther, ticket));

        gateway.Reload(("Authentication:ApiKeys:1:Fields", "code"));
        Assert.DoesNotContain("Ваш", (await GetAsync(gateway, OfNumber, ticket)).Body, StringComparison.Ordinal);

        gateway.Reload(("Authentication:ApiKeys:1:Numbers", Other));
        Assert.Equal(403, await StatusOfAsync(gateway, OfNumber, ticket));
        Assert.DoesNotContain("Другому", (await GetAsync(gateway, OfAll, ticket)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WithTicketAndKey_SharesTheCachedPageAndSaysWhoRead()
    {
        await using var gateway = Start();
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var ticket = await MakeAsync(narrow);
        Assert.Equal(HttpStatusCode.OK, (await narrow.GetAsync(OfNumber)).StatusCode);

        using var client = gateway.NewClient(key: null);
        using var response = await client.GetAsync($"/rented-numbers/{Number}/messages?{Day.Split('&')[0]}&ticket={ticket}&{Day.Split('&')[1]}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("hit", Assert.Single(response.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
        Assert.Contains(gateway.Logs.Lines, line => line.Contains("narrow made ticket ", StringComparison.Ordinal));
        Assert.Contains(
            gateway.Logs.Lines,
            line => System.Text.RegularExpressions.Regex.IsMatch(line, "narrow by ticket [0-9a-f]{12} read 1 messages of 7902\\*\\*\\*\\*\\*67"));
    }

    [Fact]
    public async Task Read_ManyTickets_HaveTheLimitOfTheirMaker()
    {
        await using var gateway = Start(null, ("Authentication:ApiKeys:1:RequestsPerMinute", "5"));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var (first, second) = (await MakeAsync(narrow), await MakeAsync(narrow));

        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, first));
        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, second));
        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, first));
        Assert.Equal(429, await StatusOfAsync(gateway, OfNumber, second));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await narrow.GetAsync(OfNumber)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync(OfNumber)).StatusCode);
    }

    [Fact]
    public async Task Make_ByAToken_ReadsItsClaimAndEndsWithIt()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Clock = clock;
        await using var gateway = Start(clock, issuer.Settings!);
        using var maker = ClientOf(gateway, issuer.Token(Number));

        var (status, answer) = await AskAsync(maker);
        var ticket = answer.GetProperty("ticket").GetString()!;

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(clock.GetUtcNow().AddMinutes(10), answer.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.Equal(200, await StatusOfAsync(gateway, OfNumber, ticket));
        Assert.Equal(403, await StatusOfAsync(gateway, OfOther, ticket));
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(maker, $$"""{"numbers":["{{Other}}"]}""")).Status);

        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, await StatusOfAsync(gateway, OfNumber, ticket));

        // The token itself is taken for 30 seconds more, because clocks differ.
        Assert.Equal(HttpStatusCode.OK, (await maker.GetAsync(OfNumber)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(maker)).Status);
    }

    private RunningGateway Start(TimeProvider? clock = null, params (string Key, string? Value)[] settings)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage(Number, "Ozon", "Ваш код 482913") { LocalTime = Noon },
            new SimulatorMessage(Other, "900", "Другому") { LocalTime = Noon });
        return RunningGateway.Start(
            fixture.Simulator, account, clock,
            [.. ProbeGateway.Key(2, "codes", CodeKey, Number), ("Authentication:ApiKeys:2:Fields", "code"), .. settings]);
    }
}
