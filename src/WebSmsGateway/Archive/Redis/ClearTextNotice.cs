using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive.Redis;

/// <summary>Warns once at start, unless values in Redis are encrypted: anyone with access to Redis can then read the messages.</summary>
internal sealed partial class ClearTextNotice(IOptions<CacheOptions> options, ILogger<ClearTextNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.EncryptionKeys.Count == 0)
        {
            Log.Clear(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Texts lie in Redis in clear. Cache:EncryptionKeys:0 encrypts them; make a key with: openssl rand -base64 32")]
        public static partial void Clear(ILogger logger);
    }
}
