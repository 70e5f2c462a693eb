using Microsoft.Extensions.Options;

namespace WebSmsGateway.Upstream;

/// <summary>Warns at start if WEBSMS is asked without TLS: everyone on the way can then read the password and the messages.</summary>
internal sealed partial class PlainHttpNotice(IOptions<UpstreamOptions> options, ILogger<PlainHttpNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var address = options.Value.BaseAddress;
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            Log.Plain(logger, address.Authority);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Upstream:BaseAddress is plain http: everyone on the way to {Authority} can read the WEBSMS password and all messages. Write https")]
        public static partial void Plain(ILogger logger, string authority);
    }
}
