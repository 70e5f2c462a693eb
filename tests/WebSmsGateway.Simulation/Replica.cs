using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Feed;
using WebSmsGateway.Http;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Simulation;

/// <summary>
/// One process of the gateway, put together from its own classes. This is the only file of the simulation that knows how the archive is
/// made of its parts.
/// </summary>
internal sealed class Replica : IDisposable
{
    private readonly AccountZone zone;
    private readonly TimeProvider clock;
    private readonly MessageArchive archive;
    private readonly ArchiveWatch watch;
    private readonly PageReader reader;
    private readonly PageCache pages;
    private readonly PageWait waits;
    private readonly ProcessLifetime lifetime = new();

    public Replica(WorldSetting setting, AccountZone zone, TimeProvider clock, IUpstream upstream, ISharedStore? store, DefectLog log)
    {
        (this.zone, this.clock) = (zone, clock);
        _ = store;
        var cacheOptions = Options.Create(new CacheOptions { Freshness = setting.Freshness, SettleTime = setting.SettleTime });
        var upstreamOptions = Options.Create(new UpstreamOptions
        {
            TimeZone = setting.Zone,
            Timeout = WorldSetting.Timeout,
            Retries = setting.Retries,
            Scope = setting.IsPerNumber ? UpstreamScope.Number : UpstreamScope.Account,
        });
        var schedule = new Schedule(cacheOptions, zone);
        var memory = new MemoryTier(cacheOptions);
        var fetch = new ScopeFetch(
            memory, upstream, new MessageFactory(zone), schedule, new RecordMerge(schedule), zone, upstreamOptions, clock,
            log.Of<ScopeFetch>());
        archive = new MessageArchive(memory, fetch, schedule, zone, upstreamOptions, clock);
        watch = new ArchiveWatch(archive, schedule, cacheOptions, clock, lifetime, log.Of<ArchiveWatch>());
        reader = new PageReader(new ArchiveWalk(archive, zone, upstreamOptions, clock), archive, zone, clock);
        pages = new PageCache(reader, clock);
        waits = new PageWait(pages, archive, watch, clock, lifetime);
    }

    /// <summary>Whether the archive uses the store that replicas have in common.</summary>
    public static bool UsesStore => false;

    /// <summary>Reads a page. Ascending ones are shared by the readers at the same place.</summary>
    public Task<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken) =>
        query.Ascending ? pages.ReadAsync(query, cancellationToken).AsTask() : reader.ReadAsync(query, cancellationToken);

    public Task<PageReading?> WaitAsync(MessageQuery query, TimeSpan wait, CancellationToken cancellationToken) =>
        waits.ReadAsync(query with { Wait = wait }, cancellationToken);

    /// <summary>Reads new messages as a stream does, until it is cancelled.</summary>
    public async Task StreamAsync(MessageQuery query, Action<PageReading> given, CancellationToken cancellationToken)
    {
        var place = new StreamPlace(query with { Limit = 1 }, clock.GetUtcNow());
        using var subscription = watch.Subscribe(archive.ScopeOf(query.Number));
        while (true)
        {
            var changed = subscription.Changed;
            PageReading reading;
            do
            {
                reading = await pages.ReadAsync(place.Query, cancellationToken);
                given(reading);
                if (reading.Page is null)
                {
                    place.BeginWithoutPage();
                }
                else
                {
                    place.Advance(reading);
                }
            }
            while (reading.Page is { Items.Count: > 0 });

            await changed.WaitAsync(MessageStream.Heartbeat, clock, cancellationToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The query of a page as its endpoint reads it.</summary>
    public MessageQuery QueryOf(Ask ask, string? cursor, bool isStream)
    {
        var caller = new QueryCaller(ask.Number < 0 ? null : RentedNumber.Reported(Websms.NumberOf(ask.Number)), NumberSet.All);
        var reading = new QueryReading(Refuse, caller, zone, clock.GetUtcNow(), TimeSpan.FromDays(366));
        reading.Range(ask.From?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'"), null, (reading.Today, "today"), isContinued: cursor is not null);
        var query = reading.Query(null, ask.Contains, ask.IsAscending) with { Limit = ask.Limit };
        return cursor is not null ? reading.After(query, cursor, "cursor", isStream, ("", "", ""))
            : ask.IsFromNow ? reading.FromHereOn(query) : query;
    }

    public void Dispose() => lifetime.Dispose();

    private static void Refuse(string name, string message) => throw new InvalidOperationException($"{name} {message}");

    private sealed class ProcessLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => stopping.Cancel();

        public void Dispose() => stopping.Dispose();
    }
}
