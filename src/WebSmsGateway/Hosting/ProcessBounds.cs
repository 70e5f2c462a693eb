using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Hosting;

/// <summary>Logs at start how many connections are taken and why, and which defaults were lowered to what the process has.</summary>
internal sealed partial class ProcessBounds(
    ConnectionBounds bounds, [Bounded("the defaults of the code")] IEnumerable<LoweredDefault> lowered, IConfiguration configuration,
    ILogger<ProcessBounds> logger) : IHostedService
{
    // Each stream and each wait holds a connection.
    private const int FewConnections = 4096;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.Bound(logger, bounds.All, bounds.Arithmetic);
        if (bounds.ByOpenFiles is < FewConnections and var byOpenFiles && byOpenFiles <= bounds.All)
        {
            Log.FewOpenFiles(logger, bounds.OpenFileLimit, byOpenFiles);
        }

        foreach (var line in lowered.Where(one => one.AppliesTo(configuration)).Select(one => one.Line).OfType<string>())
        {
            Log.Lowered(logger, line);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "At most {Connections} connections are taken at once: {Arithmetic}")]
        public static partial void Bound(ILogger logger, int connections, string arithmetic);

        [LoggerMessage(
            EventId = 2, Level = LogLevel.Warning,
            Message = "The limit of open files is {Limit}, so at most {Connections} connections are taken at once. "
                + "Raise it (ulimit -n, LimitNOFILE=, --ulimit nofile=) if more streams and waits are expected")]
        public static partial void FewOpenFiles(ILogger logger, long limit, long connections);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "A default does not fit into what the process has: {Line}")]
        public static partial void Lowered(ILogger logger, string line);
    }
}
