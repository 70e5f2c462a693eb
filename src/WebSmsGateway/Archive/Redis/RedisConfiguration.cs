using StackExchange.Redis;
using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive.Redis;

/// <summary>The connection string of the operator, with what the gateway needs to go on without Redis.</summary>
internal static class RedisConfiguration
{
    public static ConfigurationOptions Of(CacheOptions options)
    {
        var configuration = RedisAddress.Parse(options.Redis, out var fault) ?? throw new InvalidOperationException(fault);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = 2000;
        configuration.AsyncTimeout = 1000;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(1000);
        configuration.ClientName = "WebSmsGateway";
        if (!string.IsNullOrWhiteSpace(options.RedisCertificateAuthorityFile))
        {
            configuration.TrustIssuer(options.RedisCertificateAuthorityFile);
        }

        return configuration;
    }
}
