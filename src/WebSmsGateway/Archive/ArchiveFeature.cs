using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive;

/// <summary>Registers the archive: heads and records in memory and in Redis, the fetches that fill them, and the readers that follow them.</summary>
internal static class ArchiveFeature
{
    public static void AddArchive(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        builder.Services.AddSingleton<MessageFactory>();
        builder.Services.AddSingleton<Schedule>();
        builder.Services.AddSingleton<RecordMerge>();
        builder.Services.AddSingleton<ArchiveClock>();
        builder.Services.AddSingleton<MemoryTier>();
        builder.Services.AddSingleton<ScopeHeads>();
        builder.Services.AddSingleton<DayQuestions>();
        builder.Services.AddSingleton<ScopeFetch>();
        builder.Services.AddSingleton<MessageArchive>();
        builder.Services.AddSingleton<ArchiveWatch>();
        builder.Services.AddSingleton<CursorCodec>();
        builder.Services.AddSingleton<Follower>();
        builder.Services.AddSingleton<Download>();
        builder.Services.AddSingleton<SharedReadings>();
        builder.Services.AddSingleton<Followings>();
        if (!string.IsNullOrWhiteSpace(builder.Configuration[$"{CacheOptions.Section}:{nameof(CacheOptions.Redis)}"]))
        {
            builder.AddRedis();
        }
    }
}
