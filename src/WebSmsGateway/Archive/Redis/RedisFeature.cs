using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Archive.Redis;

/// <summary>Registers the shared store on Redis.</summary>
internal static class RedisFeature
{
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ValueEnvelope>();
        builder.Services.AddSingleton<RedisConnection>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisConnection>());
        builder.Services.AddSingleton<ISharedStore, RedisStore>();
        builder.Services.AddSingleton<DayStore>();
        builder.Services.AddHostedService<ClearTextNotice>();
    }
}
