using System.Runtime;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Hosting;

/// <summary>Logs the start and the stop of the process.</summary>
internal sealed partial class StartAndStop(
    IHostApplicationLifetime lifetime, IHostEnvironment environment, StartPhase start, ILogger<StartAndStop> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(start.End);
        lifetime.ApplicationStarted.Register(
            () => Log.Started(logger, ProductVersion.Text, environment.EnvironmentName, GCSettings.IsServerGC));
        lifetime.ApplicationStopping.Register(() => Log.Stopping(logger));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "WebSmsGateway {Version} serves ({EnvironmentName}, server GC: {ServerGc})")]
        public static partial void Started(ILogger logger, string version, string environmentName, bool serverGc);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Stopping: no new requests; open requests finish")]
        public static partial void Stopping(ILogger logger);
    }
}
