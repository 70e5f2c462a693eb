using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.IntegrationTests.Health;

/// <summary>The report that an operator on call reads first.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private const string Page = "/rented-numbers/79021234567/messages";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 3, 11, 12, 0, 0, TimeSpan.FromHours(3)));
    private RunningSimulator? simulator;
    private SimulatedAccount? account;
    private RunningGateway? gateway;

    private SimulatedAccount Account => account!;

    private RunningGateway Gateway => gateway!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
        account.AddMessages(new SimulatorMessage("79021234567", "79161234567", "Код 123456") { LocalTime = new(2025, 3, 11, 11, 59, 50) });
        gateway = RunningGateway.Start(
            simulator, account, clock, ("Upstream:Retries", "0"), ("Cache:Freshness", "00:00:05"), ("Cache:MaxStale", "00:10:00"));
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await simulator!.DisposeAsync();
    }

    [Fact]
    public async Task Live_Always_SaysTheVersionToAnyone()
    {
        using var unauthenticated = Gateway.NewClient(key: null);
        using var response = await unauthenticated.GetAsync("/health/live");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("RateLimit"));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("live", body.RootElement.GetProperty("status").GetString());
        Assert.Equal(ProductVersion.Text, body.RootElement.GetProperty("version").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+", ProductVersion.Text);
    }

    /// <summary>It once showed masked numbers and the age of the last message in tenths of a second to anyone.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData(RunningGateway.NarrowKey)]
    public async Task Ready_WithoutCredentialsForAllNumbers_NamesStatesAndNothingElse(string? key)
    {
        using var client = Gateway.NewClient(key);
        await Gateway.GetAsync(Page);
        clock.Advance(TimeSpan.FromSeconds(3));
        var quiet = await client.GetStringAsync("/health/ready");
        Account.AddMessages(new SimulatorMessage("79021234567", "900", "Баланс") { LocalTime = new(2025, 3, 11, 12, 0, 2) });
        clock.Advance(TimeSpan.FromSeconds(10));
        await Gateway.GetAsync(Page);

        Assert.Equal(quiet, await client.GetStringAsync("/health/ready"));
        Assert.Equal(
            $$$"""
            {"status":"ready","version":"{{{ProductVersion.Text}}}","upstream":{"state":"ok","circuit":"closed","credentials":"accepted"},
            "redis":{"state":"not-configured"},"clock":{"state":"ok"},"configuration":{"state":"ok"}}
            """.ReplaceLineEndings(""),
            quiet.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ready_BeforeAnyQuestion_IsReadyAndAsksNothing()
    {
        var report = await ReadyAsync("ready");

        Assert.Equal("unknown", report.GetProperty("upstream").GetProperty("state").GetString());
        Assert.Equal("unproven", report.GetProperty("upstream").GetProperty("credentials").GetString());
        Assert.Equal("not-configured", report.GetProperty("redis").GetProperty("state").GetString());
        Assert.Equal("unknown", report.GetProperty("clock").GetProperty("state").GetString());
        Assert.Empty(report.GetProperty("silence").EnumerateArray());
        Assert.Empty(Account.Requests());
    }

    [Fact]
    public async Task Ready_ThroughAnOutage_ReportsTheLastGoodAndTheLastFailedAnswer()
    {
        await Gateway.GetAsync(Page);
        clock.Advance(TimeSpan.FromSeconds(3));
        var upstream = (await ReadyAsync("ready")).GetProperty("upstream");
        Assert.Equal("ok", upstream.GetProperty("state").GetString());
        Assert.Equal(3, upstream.GetProperty("lastGood").GetProperty("ageSeconds").GetDouble());
        Assert.Equal(JsonValueKind.Null, upstream.GetProperty("lastFailed").ValueKind);
        Assert.Equal("accepted", upstream.GetProperty("credentials").GetString());
        Assert.Equal("closed", upstream.GetProperty("circuit").GetString());

        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        clock.Advance(TimeSpan.FromMinutes(1));
        await Gateway.GetAsync(Page);
        clock.Advance(TimeSpan.FromSeconds(2));
        upstream = (await ReadyAsync("degraded")).GetProperty("upstream");
        Assert.Equal("failing", upstream.GetProperty("state").GetString());
        Assert.Equal(65, upstream.GetProperty("lastGood").GetProperty("ageSeconds").GetDouble());
        Assert.Equal(2, upstream.GetProperty("lastFailed").GetProperty("ageSeconds").GetDouble());
        Assert.Equal("upstream-unreachable", upstream.GetProperty("lastFailed").GetProperty("code").GetString());

        clock.Advance(TimeSpan.FromMinutes(10));
        upstream = (await ReadyAsync("degraded")).GetProperty("upstream");
        Assert.Equal("down", upstream.GetProperty("state").GetString());

        Account.Behaviour = new();
        await Gateway.GetAsync(Page);
        upstream = (await ReadyAsync("ready")).GetProperty("upstream");
        Assert.Equal("ok", upstream.GetProperty("state").GetString());
        Assert.Equal("upstream-unreachable", upstream.GetProperty("lastFailed").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Ready_WrongPassword_SaysThatCallsAreHeldBack()
    {
        Account.Behaviour = new() { Faults = [SimulatorFault.Error(2)] };
        await Gateway.GetAsync(Page);

        var upstream = (await ReadyAsync("degraded")).GetProperty("upstream");

        Assert.Equal("held-back", upstream.GetProperty("credentials").GetString());
        Assert.Equal(30, upstream.GetProperty("heldBackForSeconds").GetDouble());
        Assert.Equal("upstream-credentials-rejected", upstream.GetProperty("lastFailed").GetProperty("code").GetString());
        Assert.Equal(2, upstream.GetProperty("lastFailed").GetProperty("errorNumber").GetInt32());
    }

    [Fact]
    public async Task Ready_ARecordFromOurFuture_SaysHowFarTheClockIsBehind()
    {
        Account.AddMessages(new SimulatorMessage("79021234567", "900", "Баланс") { LocalTime = new(2025, 3, 11, 12, 1, 30) });
        await Gateway.GetAsync("/rented-numbers/79021234567/messages?to=2025-03-11");

        var time = (await ReadyAsync("degraded")).GetProperty("clock");

        Assert.Equal("behind", time.GetProperty("state").GetString());
        Assert.Equal(90, time.GetProperty("behindBySeconds").GetDouble());
    }

    [Fact]
    public async Task Ready_CircuitOpen_SaysSo()
    {
        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        for (var call = 0; call < 8; call++)
        {
            await Gateway.GetAsync(Page);
        }

        Assert.Equal("open", (await ReadyAsync("degraded")).GetProperty("upstream").GetProperty("circuit").GetString());
    }

    [Fact]
    public async Task Ready_WhileStopping_Is503()
    {
        // A page in flight keeps the process running. New connections are refused while it stops, so the test calls the endpoint and does
        // not connect.
        Account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        using var other = Gateway.NewClient(RunningGateway.Key);
        var page = other.GetAsync(Page);
        await Account.WaitForCallsInFlightAsync(1);
        Gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = Gateway.Services };
        context.Response.Body = body;
        var ready = Gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Single(endpoint => endpoint.RoutePattern.RawText == "/health/ready");
        await ready.RequestDelegate!(context);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
        Assert.Contains("\"stopping\"", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
        Account.Behaviour = new();
        Assert.Equal(HttpStatusCode.OK, (await page).StatusCode);
    }

    private async Task<JsonElement> ReadyAsync(string status)
    {
        using var response = await Gateway.Client.GetAsync("/health/ready");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("79021234567", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Account.Name, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Account.Password, text, StringComparison.Ordinal);
        var report = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, report.GetProperty("status").GetString());
        return report;
    }
}
