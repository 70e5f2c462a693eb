namespace WebSmsGateway.Archive.Redis;

/// <summary>Says at start how values in Redis are protected, and warns unless they are encrypted: anyone with access can read them then.</summary>
internal sealed partial class ClearTextNotice(ValueEnvelope envelope, ILogger<ClearTextNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (envelope.Encrypts)
        {
            Log.Encrypted(logger, envelope.KeySource);
        }
        else
        {
            Log.Clear(logger, envelope.KeySource);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Texts lie in Redis in clear. They are authenticated with a key from {KeySource}, so that nobody without it can forge one. "
            + "Cache:EncryptionKeys:0 encrypts them; make a key with: openssl rand -base64 32")]
        public static partial void Clear(ILogger logger, string keySource);

        [LoggerMessage(2, LogLevel.Information, "Values in Redis are encrypted and authenticated with {KeySource}")]
        public static partial void Encrypted(ILogger logger, string keySource);
    }
}
