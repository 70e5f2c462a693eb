using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive;

/// <summary>Says at start that ids are keyed with the login only: anyone who knows it can try out texts against an id.</summary>
internal sealed partial class IdKeyNotice(DerivedKeys keys, ILogger<IdKeyNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (keys.IdKey is null)
        {
            Log.LoginOnly(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Ids of messages are keyed with the WEBSMS login only, so that anyone who knows it can try out texts against an id. "
            + "Messages:IdKey prevents that; make a key with: WebSmsGateway new-key --id")]
        public static partial void LoginOnly(ILogger logger);
    }
}
