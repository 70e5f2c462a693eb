using System.Net;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>A fault of WEBSMS gives callers a status and a code, never an empty page.</summary>
public sealed class UpstreamFailureTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private static readonly string[] Paths =
        ["/messages?from=2026-03-01&to=2026-03-02", "/rented-numbers/79021234567/messages?from=2026-03-03&to=2026-03-04",
            "/rented-numbers?from=2026-03-05&to=2026-03-06"];

    [Theory]
    [InlineData("json", 1, 502, "upstream-credentials-missing")]
    [InlineData("xml", 1, 502, "upstream-credentials-missing")]
    [InlineData("txt", 1, 502, "upstream-credentials-missing")]
    [InlineData("json", 2, 502, "upstream-credentials-rejected")]
    [InlineData("xml", 2, 502, "upstream-credentials-rejected")]
    [InlineData("txt", 2, 502, "upstream-credentials-rejected")]
    [InlineData("json", 3, 400, "upstream-invalid-date")]
    [InlineData("xml", 3, 400, "upstream-invalid-date")]
    [InlineData("txt", 3, 400, "upstream-invalid-date")]
    [InlineData("json", 17, 502, "upstream-error")]
    [InlineData("xml", 17, 502, "upstream-error")]
    [InlineData("txt", 17, 502, "upstream-error")]
    public async Task ErrorNum_InEachFormat_IsItsStatusAndCode(string format, int number, int status, string code)
    {
        var account = fixture.Simulator.NewAccount();
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Error(number)] };
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:Format", format));

        foreach (var path in Paths)
        {
            await AssertProblemAsync(gateway, path, status, code);
        }
    }

    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("txt")]
    public async Task ErrorNum4_InEachFormat_IsAnEmptyPage(string format)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:Format", format));

        foreach (var path in Paths)
        {
            using var response = await gateway.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Empty((await GatewayAtNoon.ReadAsync(response)).GetProperty("items").EnumerateArray());
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task ErrorNum4_WithAStatusOfItsOwn_IsThatProblem(string accept)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:ErrorStatus:4", "404"));

        using var response = await GatewayAtNoon.GetAsync(gateway.Client, Paths[1], "Accept", accept);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("upstream-no-records", (await GatewayAtNoon.ReadAsync(response)).GetProperty("code").GetString());
        Assert.Null(response.Content.Headers.ContentDisposition);
    }

    [Theory]
    [InlineData("sender=Nobody", "application/json", HttpStatusCode.OK)]
    [InlineData("contains=nothing", "application/json", HttpStatusCode.OK)]
    [InlineData("contains=nothing&order=asc", "application/json", HttpStatusCode.OK)]
    [InlineData("contains=nothing", "text/csv", HttpStatusCode.OK)]
    [InlineData("sender=Nobody&to=2026-03-01", "application/json", HttpStatusCode.NotFound)]
    [InlineData("sender=Nobody&to=2026-03-01", "text/csv", HttpStatusCode.NotFound)]
    public async Task ErrorNum4_WithAStatusOfItsOwn_IsForARangeThatIsEmptyBeforeFilters(string query, string accept, HttpStatusCode status)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-03 10:00:00"));
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:ErrorStatus:4", "404"));

        using var response = await GatewayAtNoon.GetAsync(gateway.Client, $"/messages?from=2026-03-01&{query}", "Accept", accept);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task ErrorNum4_WithAStatusOfItsOwn_AFollowingReaderStillGetsItsCursor()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:ErrorStatus:4", "404"));

        var page = await gateway.GetAsync("/messages?order=asc&cursor=now");

        Assert.NotEmpty(page.GetProperty("nextCursor").GetString()!);
    }

    [Theory]
    [InlineData("html", "json")]
    [InlineData("empty", "json")]
    [InlineData("garbage", "json")]
    [InlineData("truncated", "json")]
    [InlineData("html", "xml")]
    [InlineData("empty", "xml")]
    [InlineData("garbage", "xml")]
    [InlineData("truncated", "xml")]
    [InlineData("html", "txt")]
    [InlineData("empty", "txt")]
    [InlineData("garbage", "txt")]
    public async Task AnswerThatIsNoProtocol_IsAProblemAndNeverAnEmptyPage(string what, string format)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(
            GatewayAtNoon.Sms("2026-03-01 10:00:00"), GatewayAtNoon.Sms("2026-03-03 10:00:00"), GatewayAtNoon.Sms("2026-03-05 10:00:00"));
        account.Behaviour = new SimulatorBehaviour { Faults = [Fault(what)] };
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, ("Upstream:Format", format), ("Upstream:Retries", "0"));

        foreach (var path in Paths)
        {
            await AssertProblemAsync(gateway, path, 502, "upstream-invalid-response");
        }

        using var csv = await GatewayAtNoon.GetAsync(gateway.Client, Paths[0], "Accept", "text/csv");
        Assert.Equal(HttpStatusCode.BadGateway, csv.StatusCode);
        Assert.Equal("application/problem+json", csv.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task AnswerThatDoesNotCome_IsATimeout()
    {
        var account = fixture.Simulator.NewAccount();
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Hang()] };
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, ("Upstream:Timeout", "00:00:00.2"), ("Upstream:Retries", "0"));

        await AssertProblemAsync(gateway, Paths[1], 504, "upstream-timeout");
    }

    [Fact]
    public async Task WebSmsThatIsNotThere_IsUnreachable()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, ("Upstream:BaseAddress", "http://127.0.0.1:1/"), ("Upstream:Retries", "0"));

        await AssertProblemAsync(gateway, Paths[1], 502, "upstream-unreachable");
        await AssertProblemAsync(gateway, "/messages/20260301-7K3M9Q2X4C8N", 502, "upstream-unreachable");
    }

    private static SimulatorFault Fault(string what) => what switch
    {
        "html" => SimulatorFault.Html(),
        "empty" => SimulatorFault.Empty(),
        "garbage" => SimulatorFault.Garbage(),
        _ => SimulatorFault.Truncate(-3),
    };

    private static async Task AssertProblemAsync(RunningGateway gateway, string path, int status, string code)
    {
        using var response = await gateway.Client.GetAsync(path);
        var problem = await GatewayAtNoon.ReadAsync(response);

        Assert.Equal((status, code), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.False(problem.TryGetProperty("items", out _));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }
}
