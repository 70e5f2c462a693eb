using System.Net;
using System.Text.Json;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Telemetry;

/// <summary>A real collector receives metrics, traces and logs of a gateway that runs as a process.</summary>
public sealed class CollectorTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Text = "Ваш код 4711-0815";
    private const string Page = $"/rented-numbers/{RunningGateway.Number}/messages";

    [Fact]
    public async Task Collector_OfARunningGateway_HasThreeSignalsThatBelongTogetherAndNoProbes()
    {
        await using var dashboard = await TelemetryDashboard.StartAsync();
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "79161234567", Text));
        await using var gateway = await GatewayProcess.StartAsync(
            fixture.Simulator.BaseAddress, account, null,
            ("Upstream:Retries", "0"), ("OTEL_EXPORTER_OTLP_ENDPOINT", dashboard.Collector.ToString()));

        Assert.Contains(Text, await gateway.Client.GetStringAsync(Page), StringComparison.Ordinal);
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.StatusCode(500)] };
        using var failed = await gateway.Client.GetAsync($"{Page}?from=2026-01-01&to=2026-01-02");
        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        var traceId = JsonDocument.Parse(await failed.Content.ReadAsStringAsync()).RootElement.GetProperty("traceId").GetString()!;
        await gateway.WaitForLineAsync("WEBSMS gave no answer");

        var lines = gateway.Output.Count;
        foreach (var path in (string[])["/health/live", "/health/ready", "/health/live", "/health/ready"])
        {
            Assert.Equal(200, await gateway.StatusOfAsync(path, key: null));
        }

        // The end of the process sends what is left.
        Assert.Equal(lines, gateway.Output.Count);
        Assert.Equal(0, await gateway.StopAsync());
        await Eventually.TrueAsync(() => HasAll(dashboard.ReadAsync("resources").Result), "a signal has not arrived");

        var spans = Spans(await dashboard.ReadAsync("spans"));
        Assert.Equal(2, spans.Count(span => span.Name == "GET /rented-numbers/{number}/messages"));
        Assert.Contains(spans, span => span.Name == "upstream call" && span.TraceId == traceId);
        Assert.DoesNotContain(spans, span => span.Name.Contains("health", StringComparison.Ordinal));
        var logs = Logs(await dashboard.ReadAsync("logs"));
        Assert.Equal(traceId, Assert.Single(logs, log => log.Body.StartsWith("WEBSMS gave no answer", StringComparison.Ordinal)).TraceId);
        var read = Assert.Single(logs, log => log.Body.Contains("read 1 messages", StringComparison.Ordinal));
        Assert.Contains(spans, span => span.TraceId == read.TraceId && span.TraceId != traceId);

        foreach (var what in (string[])["resources", "spans", "logs"])
        {
            var all = (await dashboard.ReadAsync(what)).ToString();
            Assert.All(
                [account.Password, account.Name, RunningGateway.Key, RunningGateway.Number, "79161234567", "4711"],
                secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        }
    }

    private static bool HasAll(JsonElement resources) =>
        resources.EnumerateArray().Where(resource => resource.GetProperty("name").GetString() == "websms-gateway").ToList() is [var only]
        && only.GetProperty("hasLogs").GetBoolean() && only.GetProperty("hasTraces").GetBoolean() && only.GetProperty("hasMetrics").GetBoolean();

    private static List<(string Name, string TraceId)> Spans(JsonElement answer) =>
        [.. from resource in answer.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select (span.GetProperty("name").GetString()!, span.GetProperty("traceId").GetString()!)];

    private static List<(string Body, string? TraceId)> Logs(JsonElement answer) =>
        [.. from resource in answer.GetProperty("data").GetProperty("resourceLogs").EnumerateArray()
            from scope in resource.GetProperty("scopeLogs").EnumerateArray()
            from log in scope.GetProperty("logRecords").EnumerateArray()
            select (
                log.GetProperty("body").GetProperty("stringValue").GetString()!,
                log.TryGetProperty("traceId", out var id) ? id.GetString() : null)];
}
