using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Configuration;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Configuration;

/// <summary>A faulty change of the configuration affects only the log and the readiness.</summary>
public sealed class FaultyReloadTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Empty = "/messages?from=2026-02-01&to=2026-02-02";

    private static readonly (string Key, string Value)[] Faults =
    [
        ("AllowedHosts:0", "https://gateway.example.com"),
        ("Authentication:ApiKeys:0:Sha256", "broken"),
        ("Cache:Freshness", "-00:00:05"),
        ("Cors:Origins:0", "shop.example.com"),
        ("ForwardedHeaders:KnownProxies:0", "proxy"),
        ("Inbox:Enabled", "perhaps"),
        ("Limits:MaxRange", "a year"),
        ("Messages:IdKey", "too short"),
        ("RateLimiting:RequestsPerMinute", "0"),
        ("RentedNumbers:0:Number", "902-123"),
        ("Swagger:Enabled", "perhaps"),
        ("Tickets:Keys:0", "short"),
        ("Upsteam:Scope", "Account"),
        ("Upstream:ErrorStatus:4", "99"),
        ("Upstream:Timeout", "soon"),
        ("Webhooks:Timeout", "soon"),
    ];

    private static readonly (string Path, string Accept, HttpStatusCode Status)[] Requests =
    [
        ("/messages?from=2026-03-01&to=2026-03-02", "application/json", HttpStatusCode.OK),
        ("/messages?from=2026-03-01&to=2026-03-02", "text/csv", HttpStatusCode.OK),
        ("/rented-numbers/79021234567/messages?from=2026-03-01&to=2026-03-02", "application/x-ndjson", HttpStatusCode.OK),
        (Empty, "application/json", HttpStatusCode.OK),
        (Empty, "text/csv", HttpStatusCode.OK),
        ("/messages?order=asc&cursor=now", "application/json", HttpStatusCode.OK),
        ("/rented-numbers", "application/json", HttpStatusCode.OK),
        ("/messages?from=2020-01-01", "application/json", HttpStatusCode.BadRequest),
        ("/messages/20260301-ABCDEFGHJKMN", "application/json", HttpStatusCode.NotFound),
        ("/nowhere", "application/json", HttpStatusCode.NotFound),
        ("/rented-numbers/902/messages", "application/json", HttpStatusCode.BadRequest),
    ];

    [Fact]
    public async Task Reload_WithFaultsInEverySectionWhileRequestsRun_IsMetByNone()
    {
        await using var gateway = Start();
        var sections = gateway.Services.GetServices<CheckedSection>().Select(section => section.Name);
        Assert.Empty(sections.Except(Faults.Select(fault => fault.Key.Split(':')[0])));

        // The change comes before the first request, so that nothing is initialized yet.
        gateway.Reload(Faults);
        using var end = new CancellationTokenSource();
        var callers = Requests.Select(request => CallAsync(gateway, request, end.Token)).ToList();
        for (var reload = 0; reload < 40; reload++)
        {
            await AssertStatusAsync(gateway, Requests[reload % Requests.Length]);
            gateway.Reload(reload % 2 == 0 ? [] : Faults);
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(callers), calls => Assert.NotEqual(0, calls));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains("Defect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_WithFaults_IsDegradedWithOneLineEachUntilTheNextValidOneApplies()
    {
        await using var gateway = Start();
        Assert.Equal(("ready", "ok"), await ReadinessAsync(gateway));

        gateway.Reload([.. Faults, ("Cache:EncryptionKeys:0", "s3cret")]);
        Assert.Equal(("degraded", "faulty"), await ReadinessAsync(gateway));
        foreach (var (key, _) in Faults)
        {
            var name = key.StartsWith("Upsteam", StringComparison.Ordinal) ? "Upsteam" : key;
            Assert.Single(
                gateway.Logs.Lines,
                line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains($": {name}: ", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Contains("s3cret", StringComparison.Ordinal));

        gateway.Reload(("Upstream:ErrorStatus:4", "404"));
        Assert.Equal(("ready", "ok"), await ReadinessAsync(gateway));
        await AssertStatusAsync(gateway, (Empty, "application/json", HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Reload_OfOneFaultySection_StillTakesAKeyAway()
    {
        await using var gateway = Start();
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        Assert.Equal(HttpStatusCode.OK, (await narrow.GetAsync("/rented-numbers")).StatusCode);

        gateway.Reload(
            ("Authentication:ApiKeys:1:Sha256", RunningGateway.Hash("another")), ("Upstream:Timeout", "soon"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await narrow.GetAsync("/rented-numbers")).StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    public async Task Reload_OfAStatusForNoRecords_ChangesStatusAndBodyAlike(string accept)
    {
        await using var gateway = Start();

        Assert.True((await gateway.Client.GetAsync(new Uri(Empty, UriKind.Relative))).IsSuccessStatusCode);
        gateway.Reload(("Upstream:ErrorStatus:4", "404"));

        using var request = new HttpRequestMessage(HttpMethod.Get, Empty) { Headers = { { "Accept", accept } } };
        using var response = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(404, problem.GetProperty("status").GetInt32());
        Assert.Equal("upstream-no-records", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Reload_OfWhatAppliesAtStart_SaysInOneLineThatARestartIsNeeded()
    {
        await using var gateway = Start();

        gateway.Reload(("Cache:Freshness", "00:00:07"), ("Limits:MaxRange", "2.00:00:00"));

        Assert.Single(
            gateway.Logs.Lines,
            line => line.Contains("a restart is needed for: Cache:Freshness, Limits:MaxRange", StringComparison.Ordinal));
        Assert.Equal(("ready", "ok"), await ReadinessAsync(gateway));
        await AssertStatusAsync(gateway, ("/messages?from=2026-03-01&to=2026-03-08", "application/json", HttpStatusCode.OK));
    }

    [Fact]
    public async Task Operations_TableOfSections_SaysWhatAppliesAtOnce()
    {
        await using var gateway = Start();

        var rows = gateway.Services.GetServices<CheckedSection>().Select(section =>
        {
            var atOnce = section.Options.GetProperties()
                .Where(property => property.IsDefined(typeof(AppliesOnReloadAttribute), inherit: false))
                .Select(property => $"`{property.Name}`");
            return $"| `{section.Name}` | {string.Join(", ", atOnce)}".TrimEnd() + " | ";
        });

        var page = Repository.Read("docs/operations.md");
        Assert.All(rows, row => Assert.Contains(row, page, StringComparison.Ordinal));
    }

    private RunningGateway Start()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "79161234567", "Код") { LocalTime = new(2026, 3, 1, 10, 0, 0) });
        return RunningGateway.Start(fixture.Simulator, account, settings: ("Upstream:Scope", "Account"));
    }

    private static async Task<int> CallAsync(
        RunningGateway gateway, (string Path, string Accept, HttpStatusCode Status) request, CancellationToken cancellationToken)
    {
        var calls = 0;
        do
        {
            await AssertStatusAsync(gateway, request);
            calls++;
        }
        while (!cancellationToken.IsCancellationRequested);
        return calls;
    }

    private static async Task AssertStatusAsync(RunningGateway gateway, (string Path, string Accept, HttpStatusCode Status) expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, expected.Path) { Headers = { { "Accept", expected.Accept } } };
        using var response = await gateway.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected.Status, $"{expected.Path}, {expected.Accept}: {(int)response.StatusCode} {body}");
    }

    private static async Task<(string? Status, string? Configuration)> ReadinessAsync(RunningGateway gateway)
    {
        var report = await gateway.GetAsync("/health/ready");
        return (report.GetProperty("status").GetString(), report.GetProperty("configuration").GetProperty("state").GetString());
    }
}
