using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WebSmsGateway.Telemetry;

/// <summary>
/// Sends metrics, traces and logs over OTLP while the process runs. It sends the rest when the process ends. Logs are those of the console:
/// they pass the same filters, and hold no text, no full number and no secret.
/// </summary>
internal sealed class TelemetryExport(IConfiguration configuration) : IHostedService, IDisposable
{
    private const string ServiceName = "websms-gateway";
    private const string Metrics = "METRICS";
    private const string Traces = "TRACES";
    private const string Logs = "LOGS";

    // The three signals belong together by it.
    private static readonly string Instance = Guid.NewGuid().ToString();

    // System.Net.Http is left out: it would name the host of WEBSMS on every metric, and websms.upstream.* says more.
    private static readonly string[] FrameworkMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private OpenTelemetrySdk? sdk;

    /// <summary>Whether an OTLP endpoint is configured and the SDK is not switched off.</summary>
    public static bool IsOn(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (IsSent(configuration, Metrics) || IsSent(configuration, Traces) || IsSent(configuration, Logs));

    /// <summary>Adds the provider that sends logs. They carry the ids of trace and span by themselves.</summary>
    public static void AddLogs(ILoggingBuilder logging, IConfiguration configuration)
    {
        if (IsSent(configuration, Logs))
        {
            logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.SetResourceBuilder(Describe(ResourceBuilder.CreateDefault(), configuration));
                logs.AddOtlpExporter();
            });
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        sdk = OpenTelemetrySdk.Create(otel =>
        {
            otel.Services.AddSingleton(configuration);
            otel.ConfigureResource(resource => Describe(resource, configuration));
            if (IsSent(configuration, Metrics))
            {
                otel.WithMetrics(metrics => metrics.AddMeter([GatewayMetrics.MeterName, .. FrameworkMeters]).AddOtlpExporter());
            }

            if (IsSent(configuration, Traces))
            {
                otel.WithTracing(traces => traces.AddSource(GatewayTraces.SourceName, "Microsoft.AspNetCore").AddOtlpExporter());
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Disposing sends the rest. The host disposes services after it has stopped all of them.
    public void Dispose() => sdk?.Dispose();

    private static ResourceBuilder Describe(ResourceBuilder resource, IConfiguration configuration) => resource.AddService(
        configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : ServiceName, serviceVersion: ProductVersion.Text,
        serviceInstanceId: Instance);

    private static bool IsSet(IConfiguration configuration, string signal) =>
        !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"]);

    private static bool IsSent(IConfiguration configuration, string signal) =>
        !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (IsSet(configuration, "") || IsSet(configuration, signal + "_"));
}
