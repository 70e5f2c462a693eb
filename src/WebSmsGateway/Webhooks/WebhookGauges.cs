using System.Diagnostics.Metrics;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>How endpoints fare, as metrics. They are read when they are exported, so they agree with what owners see.</summary>
internal sealed class WebhookGauges(IMeterFactory meters, WebhookRuns runs, WebhookReports reports, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "websms.webhook.lag", () => Each(run => reports.LagOf(run).TotalSeconds), "s",
            "For how long the oldest message has been known that is not delivered, by webhook.");
        meter.CreateObservableGauge(
            "websms.webhook.failing", () => Each(run => FailingFor(run.Keeper.State)), "s",
            "For how long there have been nothing but failures, by webhook; 0 where the last attempt succeeded.");
        meter.CreateObservableGauge(
            "websms.webhook.parked", () => Each(run => run.Keeper.State?.Parked.Count ?? 0), "{message}",
            "Messages that were given up and can be replayed, by webhook.");
        meter.CreateObservableGauge(
            "websms.webhook.state", States, "{state}", "1: the webhook is in this state (active, failing, paused, disabled, refused); 0: in another.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private double FailingFor(EndpointState? state) => state?.FailingSince is { } since ? (clock.GetUtcNow() - since).TotalSeconds : 0;

    private IEnumerable<Measurement<T>> Each<T>(Func<EndpointRun, T> measure)
        where T : struct =>
        runs.All.Select(run => new Measurement<T>(measure(run), new KeyValuePair<string, object?>("websms.webhook", run.Endpoint.Name)));

    private IEnumerable<Measurement<int>> States() =>
        from run in runs.All
        let current = WebhookReports.StateOf(run)
        from state in Enum.GetValues<WebhookState>()
        select new Measurement<int>(
            state == current ? 1 : 0, new KeyValuePair<string, object?>("websms.webhook", run.Endpoint.Name),
            new KeyValuePair<string, object?>("websms.state", MetricLabel.Of(state)));
}
