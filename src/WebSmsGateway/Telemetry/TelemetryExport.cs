using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WebSmsGateway.Telemetry;

/// <summary>Sends metrics and traces over OTLP while the process runs. It sends the rest when the process ends.</summary>
internal sealed class TelemetryExport(IConfiguration configuration) : IHostedService, IDisposable
{
    private const string ServiceName = "websms-gateway";

    // System.Net.Http is left out: it would name the host of WEBSMS on every metric, and websms.upstream.* says more.
    private static readonly string[] FrameworkMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private OpenTelemetrySdk? sdk;

    /// <summary>Whether an OTLP endpoint is configured and the SDK is not switched off.</summary>
    public static bool IsOn(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (IsSet(configuration, "") || IsSet(configuration, "METRICS_") || IsSet(configuration, "TRACES_"));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        sdk = OpenTelemetrySdk.Create(otel =>
        {
            otel.Services.AddSingleton(configuration);
            otel.ConfigureResource(resource => resource.AddService(
                configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : ServiceName, serviceVersion: ProductVersion.Text));
            if (IsSent("METRICS"))
            {
                otel.WithMetrics(metrics => metrics.AddMeter([GatewayMetrics.MeterName, .. FrameworkMeters]).AddOtlpExporter());
            }

            if (IsSent("TRACES"))
            {
                otel.WithTracing(traces => traces.AddSource(GatewayTraces.SourceName, "Microsoft.AspNetCore").AddOtlpExporter());
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Disposing sends the rest. The host disposes services after it has stopped all of them.
    public void Dispose() => sdk?.Dispose();

    private static bool IsSet(IConfiguration configuration, string signal) =>
        !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"]);

    private bool IsSent(string signal) =>
        !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (IsSet(configuration, "") || IsSet(configuration, signal + "_"));
}
