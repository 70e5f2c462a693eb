using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive;

/// <summary>Registers the archive: the day records in memory and in Redis, and the fetches that fill them.</summary>
internal static class ArchiveFeature
{
    public static void AddArchive(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        builder.Services.AddSingleton<MessageFactory>();
        builder.Services.AddSingleton<Schedule>();
        builder.Services.AddSingleton<RecordMerge>();
        builder.Services.AddSingleton<MemoryTier>();
        builder.Services.AddSingleton<ScopeFetch>();
        builder.Services.AddSingleton<MessageArchive>();
        builder.Services.AddSingleton<ArchiveWatch>();
        if (!string.IsNullOrWhiteSpace(builder.Configuration[$"{CacheOptions.Section}:{nameof(CacheOptions.Redis)}"]))
        {
            builder.Services.AddSingleton<ValueEnvelope>();
            builder.Services.AddSingleton<RedisConnection>();
            builder.Services.AddHostedService(services => services.GetRequiredService<RedisConnection>());
            builder.Services.AddSingleton<RedisTier>();
            builder.Services.AddHostedService<ClearTextNotice>();
        }
    }
}
