namespace WebSmsGateway.Hosting;

/// <summary>The log format and the shutdown of the process. A host such as the sandbox can override both.</summary>
internal static class ProcessFeature
{
    // Longer than a call to WEBSMS with one retry, and shorter than the time after which orchestrators kill a process.
    private static readonly TimeSpan GraceTime = TimeSpan.FromSeconds(25);

    public static void AddProcess(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = GraceTime);
        builder.Services.AddSingleton<StartPhase>();
        builder.Services.AddHostedService<StartAndStop>();
        if (builder.Environment.IsDevelopment())
        {
            return;
        }

        builder.Logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            console.IncludeScopes = true; // Scopes hold the ids of trace and span.
        });
        builder.Logging.Configure(logging =>
            logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
    }
}
