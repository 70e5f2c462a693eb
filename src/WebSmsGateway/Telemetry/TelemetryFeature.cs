namespace WebSmsGateway.Telemetry;

/// <summary>Metrics, traces and logs. The standard <c>OTEL_*</c> variables switch on their export over OTLP.</summary>
internal static class TelemetryFeature
{
    // The framework's attributes of a request include the path, which may contain a number. RequestSpan sets harmless attributes instead.
    private const string NoFrameworkAttributes = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch(NoFrameworkAttributes, true);
        if (TelemetryExport.IsOn(builder.Configuration))
        {
            builder.Services.AddHostedService<TelemetryExport>();
            TelemetryExport.AddLogs(builder.Logging, builder.Configuration);
        }
    }

    /// <summary>Makes no spans for an endpoint that is asked every few seconds by machines, such as a health check.</summary>
    public static TBuilder WithoutSpans<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new NoSpans());

    public static void UseTelemetry(this WebApplication app) => app.UseMiddleware<RequestSpan>();
}
