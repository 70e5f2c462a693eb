using WebSmsGateway.Model;

namespace WebSmsGateway.Hosting;

/// <summary>Warns at start if the limit of open files allows few connections.</summary>
internal sealed partial class OpenFilesCheck(ILogger<OpenFilesCheck> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var limit = OpenFiles.Limit();
        var connections = OpenFiles.ConnectionsUnder(limit);
        if (connections < OpenFiles.FewConnections)
        {
            Log.Few(logger, limit, connections);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "The limit of open files is {Limit}, so at most {Connections} connections are taken at once. "
                + "Raise it (ulimit -n, LimitNOFILE=, --ulimit nofile=) if more streams and waits are expected")]
        public static partial void Few(ILogger logger, long limit, long connections);
    }
}
