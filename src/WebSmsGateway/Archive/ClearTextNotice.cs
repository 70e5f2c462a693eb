using Microsoft.Extensions.Options;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>Says at start, once, that whoever reads Redis reads the messages, unless their values are encrypted.</summary>
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
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "Texts lie in Redis in clear. Cache:EncryptionKeys:0 encrypts them; make a key with: openssl rand -base64 32")]
        public static partial void Clear(ILogger logger);
    }
}
