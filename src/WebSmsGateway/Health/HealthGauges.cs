using System.Diagnostics.Metrics;
using Polly.CircuitBreaker;
using WebSmsGateway.Archive;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Health;

/// <summary>The report of <c>/health/ready</c> as metrics. They are read from it when they are exported, so both always agree.</summary>
internal sealed class HealthGauges(IMeterFactory meters, Readiness readiness, SilenceAlarm silence, MemoryTier memory, UpstreamResilience resilience) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "websms.ready", () => BitOf(readiness.Report().Status == ReadinessStatus.Ready), "{state}",
            "1: all is well; 0: degraded or stopping.");
        meter.CreateObservableGauge(
            "websms.upstream.last_good.age", () => readiness.LastGoodAge is { } age ? One(age.TotalSeconds) : None<double>(), "s",
            "Age of the last good answer of WEBSMS.");
        meter.CreateObservableGauge(
            "websms.upstream.circuit.open", () => BitOf(readiness.Report().Upstream.Circuit != CircuitState.Closed), "{state}",
            "1: calls to WEBSMS are held back because it failed repeatedly.");
        meter.CreateObservableGauge(
            "websms.upstream.credentials.held_back", () => BitOf(readiness.Report().Upstream.HeldBackForSeconds is not null), "{state}",
            "1: calls to WEBSMS are held back because it rejected the login or password.");
        meter.CreateObservableGauge(
            "websms.upstream.waiting", () => resilience.Waiting, "{question}", "Questions to WEBSMS that wait for their turn.");
        meter.CreateObservableGauge(
            "websms.redis.up", () => readiness.Report().Redis.State is var state && state != RedisState.NotConfigured
                ? One(BitOf(state == RedisState.Up))
                : None<int>(),
            "{state}", "1: Redis answers; 0: it does not; absent: there is none.");
        meter.CreateObservableGauge(
            "websms.clock.behind", () => readiness.Report().Clock.BehindBySeconds, "s",
            "How far at least our clock is behind the one that WEBSMS writes on messages.");
        meter.CreateObservableGauge(
            "websms.silence.raised",
            () => silence.Watched.Select(number => new Measurement<int>(
                BitOf(number.State == SilenceState.Silent), new KeyValuePair<string, object?>("websms.entry", number.Entry))),
            "{state}", "1: a number has received nothing for longer than its ExpectWithin.");
        meter.CreateObservableGauge("websms.cache.memory.size", () => memory.Cost, "By", "Bytes that the records in memory take.");
        meter.CreateObservableGauge("websms.cache.memory.day_records", () => memory.Count, "{record}", "Records in memory.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static int BitOf(bool value) => value ? 1 : 0;

    private static IEnumerable<Measurement<T>> One<T>(T value) where T : struct => [new Measurement<T>(value)];

    private static IEnumerable<Measurement<T>> None<T>() where T : struct => [];
}
