namespace WebSmsGateway.Hosting;

/// <summary>How the process speaks and ends. A host such as the sandbox may decide otherwise, so this comes before its say.</summary>
internal static class ProcessFeature
{
    /// <summary>
    /// How long requests in flight may take to finish once the process is told to stop: longer than a question to WEBSMS with one
    /// repetition, shorter than what orchestrators wait before they kill.
    /// </summary>
    private static readonly TimeSpan GraceTime = TimeSpan.FromSeconds(25);

    public static void AddProcess(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = GraceTime);
        builder.Services.AddHostedService<StartAndStop>();
        if (builder.Environment.IsDevelopment())
        {
            return;
        }

        builder.Logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

            // They hold the ids of trace and span.
            console.IncludeScopes = true;
        });
        builder.Logging.Configure(logging =>
            logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
    }
}
