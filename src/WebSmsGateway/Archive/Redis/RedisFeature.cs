using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Archive.Redis;

/// <summary>Registers the shared store on Redis.</summary>
internal static class RedisFeature
{
    /// <summary>Registers it if a Redis is configured.</summary>
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetSection(CacheOptions.Section)[nameof(CacheOptions.Redis)]))
        {
            return;
        }

        builder.Services.AddSingleton<ValueEnvelope>();
        builder.Services.AddSingleton<RedisConnection>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisConnection>());
        builder.Services.AddSingleton<ISharedStore, RedisStore>();
        builder.Services.AddSingleton<DayStore>();
        builder.Services.AddSingleton<HeadWriter>();
        builder.Services.AddHostedService<ClearTextNotice>();
    }
}
