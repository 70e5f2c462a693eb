namespace WebSmsGateway.Configuration;

/// <summary>Checks the settings that the framework and its libraries read. They would report a fault by an exception, or not at all.</summary>
internal static class FrameworkSettings
{
    private const string Logging = "Logging";
    private const string Levels = "LogLevel";
    private static readonly string[] Exporters = ["", "TRACES_", "METRICS_", "LOGS_"];

    public static IEnumerable<ConfigurationFault> FaultsOf(IConfiguration configuration) =>
        [.. LevelFaults(configuration), .. ListenAddresses.FaultsOf(configuration), .. ExporterFaults(configuration)];

    /// <summary>The faults of <c>Logging:LogLevel</c> and of the levels of single providers.</summary>
    public static IEnumerable<ConfigurationFault> LevelFaults(IConfiguration configuration) =>
        from section in configuration.GetSection(Logging).GetChildren()
        let levels = section.Key.Equals(Levels, StringComparison.OrdinalIgnoreCase) ? section : section.GetSection(Levels)
        from level in levels.AsEnumerable()
        where level.Value is { Length: > 0 } && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _)
        select new ConfigurationFault(level.Key, SettingText.FaultOf(level.Value, typeof(LogLevel), example: null, isSecret: false)!);

    // The exporter takes localhost:4317 for an address whose scheme is localhost, and sends nothing.
    private static IEnumerable<ConfigurationFault> ExporterFaults(IConfiguration configuration) =>
        from signal in Exporters
        let key = $"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"
        let text = configuration[key]
        where !string.IsNullOrWhiteSpace(text)
            && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Host.Length: > 0 })
        select new ConfigurationFault(key, "the value is no address; write scheme, host and port, for example http://collector:4317");
}
