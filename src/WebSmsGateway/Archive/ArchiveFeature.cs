using WebSmsGateway.Archive.Records;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive;

/// <summary>Registers the archive: heads and records in memory, and the fetches that fill them.</summary>
internal static class ArchiveFeature
{
    public static void AddArchive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MemoryTierDefault>();
        builder.Services.AddSingleton<IProcessDefaults<CacheOptions>>(services => services.GetRequiredService<MemoryTierDefault>());
        builder.Services.AddSingleton(services => services.GetRequiredService<MemoryTierDefault>().Lowered);
        builder.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        builder.AddCheckedOptions<MessagesOptions>(MessagesOptions.Section);
        builder.Services.AddSingleton<DerivedKeys>();
        builder.Services.AddHostedService<IdKeyNotice>();
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
    }
}
