namespace WebSmsGateway.Telemetry;

/// <summary>Metrics and traces for whoever listens; over OTLP where the standard <c>OTEL_*</c> variables say so.</summary>
internal static class TelemetryFeature
{
    // The framework's own attributes of a request hold the path, and paths hold numbers. RequestSpan sets the harmless ones.
    private const string NoFrameworkAttributes = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch(NoFrameworkAttributes, true);
        if (TelemetryExport.IsOn(builder.Configuration))
        {
            builder.Services.AddHostedService<TelemetryExport>();
        }
    }

    public static void UseTelemetry(this WebApplication app) => app.UseMiddleware<RequestSpan>();
}
