using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Authentication;
using WebSmsGateway.IntegrationTests.Authentication;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Tickets.TicketClient;

namespace WebSmsGateway.IntegrationTests.Tickets;

/// <summary>What somebody with a ticket, or with none, tries.</summary>
public sealed class TicketAttackTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Numbers = $"/rented-numbers?{Day}";

    [Fact]
    public async Task Ticket_BesideOtherCredentialsOrAnotherTicket_Is401()
    {
        await using var gateway = Start();
        var ticket = await MakeAsync(gateway.Client);
        using var nobody = gateway.NewClient(key: null);
        using var bearer = ClientOf(gateway, ticket);
        bearer.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);

        Assert.Equal(200, await StatusOfAsync(gateway, Numbers, ticket));
        Assert.Equal(401, (int)(await gateway.Client.GetAsync($"{Numbers}&ticket={ticket}")).StatusCode);
        Assert.Equal(401, (int)(await gateway.Client.GetAsync($"{Numbers}&ticket=")).StatusCode);
        Assert.Equal(401, (int)(await bearer.GetAsync(Numbers)).StatusCode);
        Assert.Equal(401, (int)(await ClientOf(gateway, ticket).GetAsync($"{Numbers}&ticket={ticket}")).StatusCode);
        Assert.Equal(401, (int)(await nobody.GetAsync($"{Numbers}&ticket={ticket}&ticket={ticket}")).StatusCode);
        Assert.Equal(401, (int)(await nobody.GetAsync($"{Numbers}&ticket={ticket}&TICKET=x")).StatusCode);
        Assert.Equal(401, (int)(await nobody.GetAsync($"{Numbers}&ticket=")).StatusCode);
        Assert.Equal(401, (int)(await nobody.GetAsync($"{Numbers}&ticket")).StatusCode);
    }

    [Theory]
    [InlineData("%74icket=")]
    [InlineData("t%69cke%74=")]
    [InlineData("Ticket=")]
    [InlineData("%54ICKET=")]
    public async Task Ticket_UnderAnySpellingOfItsName_IsTakenOutAndRead(string name)
    {
        await using var gateway = Start();
        var ticket = await MakeAsync(gateway.Client);
        using var nobody = gateway.NewClient(key: null);

        using var response = await nobody.GetAsync($"/rented-numbers?{name}{ticket}&{Day}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(401, (int)(await gateway.Client.GetAsync($"/rented-numbers?{name}{ticket}&{Day}")).StatusCode);
    }

    [Fact]
    public async Task Ticket_MakesNoTicketAndOpensNothingElse()
    {
        await using var gateway = Start();
        var ticket = await MakeAsync(gateway.Client);
        using var bearer = ClientOf(gateway, ticket);
        using var nobody = gateway.NewClient(key: null);

        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(bearer)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(nobody, query: $"?ticket={ticket}")).Status);

        // The maker reads all numbers, and sees details of health that its ticket does not.
        var seenByNobody = await nobody.GetStringAsync("/health/ready");
        Assert.NotEqual(seenByNobody, await gateway.Client.GetStringAsync("/health/ready"));
        Assert.Equal(seenByNobody, (await GetAsync(gateway, "/health/ready", ticket)).Body);
    }

    /// <summary>An endpoint that is added takes no ticket unless it says so.</summary>
    [Fact]
    public async Task Endpoints_ThatTakeTickets_ReadNumbersMessagesCodesAndStreams()
    {
        await using var app = GatewayApplication.Create([]);
        var taking =
            from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<TicketAccepted>() is not null
            select $"{string.Join(',', endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)} {endpoint.RoutePattern.RawText}";

        Assert.Equal(
            [
                "GET /messages", "GET /messages/code", "GET /messages/stream", "GET /messages/{id}", "GET /rented-numbers",
                "GET /rented-numbers/{number}/code", "GET /rented-numbers/{number}/messages", "GET /rented-numbers/{number}/messages/stream",
                "GET /rented-numbers/{number}/messages/{id}",
            ],
            taking.Select(route => route.TrimEnd('/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Ticket_Forged_Is401()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var gateway = Start(("Tickets:Keys:0", Convert.ToBase64String(secret)));
        var ticket = await MakeAsync(gateway.Client);
        var other = new TicketKey(RandomNumberGenerator.GetBytes(32));
        var content = new TicketKey(secret).Open(TicketKey.BytesOf(ticket)!)!;
        string[] forged =
        [
            ticket[..^1], ticket + "A", ticket[..^1] + (ticket[^1] == 'A' ? 'B' : 'A'), ticket.ToUpperInvariant(), ticket + "=", ticket[4..],
            "wst_", "wst_" + new string('A', 112), "wst_" + new string('A', 12_000), other.Protect(content), "wst_%00", "null", "*",
            "eyJhbGciOiJub25lIn0.e30.", Convert.ToBase64String(content),
        ];
        foreach (var text in forged)
        {
            Assert.Equal(401, await StatusOfAsync(gateway, Numbers, Uri.EscapeDataString(text)));
            using var bearer = gateway.NewClient(key: null);
            bearer.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {text}");
            Assert.Equal(HttpStatusCode.Unauthorized, (await bearer.GetAsync(Numbers)).StatusCode);
        }
    }

    [Fact]
    public async Task Ticket_OfAnotherNumber_ReadsNeitherByIdNorByCursorNorByCache()
    {
        await using var gateway = Start();
        var ticket = await MakeAsync(gateway.Client, """{"numbers":["79031234567"]}""");
        var page = await gateway.GetAsync($"/messages?{Day}&order=asc");
        var id = page.GetProperty("items")[0].GetProperty("id").GetString();
        var cursor = page.GetProperty("nextCursor").GetString();

        Assert.Equal(403, await StatusOfAsync(gateway, $"/rented-numbers/{RunningGateway.Number}/messages?{Day}", ticket));
        Assert.Equal(403, await StatusOfAsync(gateway, $"/rented-numbers/%2B{RunningGateway.Number}/code?wait=0", ticket));
        Assert.Equal(404, await StatusOfAsync(gateway, $"/messages/{id}", ticket));
        foreach (var path in (string[])[$"/messages?{Day}&order=asc", $"/messages?{Day}&order=asc&cursor={cursor}"])
        {
            var (status, body) = await GetAsync(gateway, path, ticket);
            Assert.Equal(200, status);
            Assert.DoesNotContain("Тайна", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Make_WithoutCredentials_Is401WithAChallenge(bool allowAnonymous)
    {
        await using var gateway = Start(("Authentication:AllowAnonymous", allowAnonymous ? "true" : "false"));
        using var nobody = gateway.NewClient(key: null);

        using var response = await nobody.PostAsync("/tickets", content: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Read_WhereNoCredentialsAreRequired_TheTicketIsTakenOutAndHasNoEffect()
    {
        await using var gateway = Start(("Authentication:AllowAnonymous", "true"));

        Assert.Equal(200, await StatusOfAsync(gateway, Numbers, "wst_x"));
    }

    private RunningGateway Start(params (string Key, string? Value)[] settings)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "900", "Тайна") { LocalTime = Noon });
        return RunningGateway.Start(
            fixture.Simulator, account, clock: null, [("RateLimiting:UnauthenticatedPerMinute", "1000000"), .. settings]);
    }
}
