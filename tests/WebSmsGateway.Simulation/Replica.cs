using Microsoft.Extensions.Options;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Feed;
using WebSmsGateway.Http;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Turns;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Simulation;

/// <summary>
/// One process of the gateway, put together from its own classes. This is the only file of the simulation that knows how the archive is
/// made of its parts.
/// </summary>
internal sealed partial class Replica : IDisposable
{
    // A world has few messages, so a batch of a stream has fewer.
    private const int BatchOfStream = 4;

    private readonly AccountZone zone;
    private readonly TimeProvider clock;
    private readonly CursorCodec cursors;
    private readonly Follower follower;
    private readonly Followings followings;
    private readonly PageWait waits;
    private readonly ProcessLifetime lifetime = new();

    public Replica(WorldSetting setting, AccountZone zone, TimeProvider time, IUpstream upstream, ISharedStore? store, DefectLog log)
    {
        (this.zone, clock) = (zone, time);
        var cache = Options.Create(new CacheOptions { Freshness = setting.Freshness, SettleTime = setting.SettleTime, MemoryLimitMegabytes = setting.MemoryKilobytes });
        var upstreamOptions = Options.Create(new UpstreamOptions
        {
            TimeZone = setting.Zone,
            Timeout = WorldSetting.Timeout,
            AnswerWithin = WorldSetting.AnswerWithin,
            Retries = setting.Retries,
            Scope = setting.IsPerNumber ? UpstreamScope.Number : UpstreamScope.Account,
        });
        var keys = new DerivedKeys(cache, Options.Create(new MessagesOptions()), upstreamOptions);
        Schedule = new Schedule(cache, upstreamOptions, zone);
        var memory = new MemoryTier(cache);
        var archiveClock = new ArchiveClock(time, store);
        var days = store is null ? null : new DayStore(store, Schedule, zone, time);
        var writer = store is null ? null : new HeadWriter(memory, Schedule, archiveClock, store, days!);
        var heads = new ScopeHeads(memory, archiveClock, store, days, writer);
        var questions = new DayQuestions(
            upstream, memory, heads, new MessageFactory(zone, keys), new RecordMerge(Schedule, zone), Schedule, zone, archiveClock);
        var fetch = new ScopeFetch(memory, heads, questions, Schedule, upstreamOptions, archiveClock, time, log.Of<ScopeFetch>(), store);
        Archive = new MessageArchive(memory, heads, fetch, Schedule, zone, upstreamOptions, archiveClock, time);
        var watch = new ArchiveWatch(Archive, heads, Schedule, cache, time, lifetime, log.Of<ArchiveWatch>(), store);
        cursors = new CursorCodec(cache, upstreamOptions, keys);
        follower = new Follower(Archive, new Stretches(Archive, upstreamOptions), Schedule, cursors, zone, new SearchTurns());
        followings = new Followings(new SharedReadings(follower, time), follower, Archive, watch, time);
        waits = new PageWait(followings, follower, time, lifetime);
    }

    public MessageArchive Archive { get; }

    public Schedule Schedule { get; }

    /// <summary>Whether the archive uses the store that replicas have in common.</summary>
    public static bool UsesStore => true;

    public Task<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken) =>
        follower.ReadAsync(query, cancellationToken);

    public Task<PageReading?> WaitAsync(MessageQuery query, TimeSpan wait, CancellationToken cancellationToken) =>
        waits.ReadAsync(Open(query), query with { Wait = wait }, cancellationToken);

    /// <summary>Reads new messages as a stream does, until it is cancelled.</summary>
    public async Task StreamAsync(MessageQuery query, Action<PageReading> given, CancellationToken cancellationToken)
    {
        using var following = Open(query with { Limit = BatchOfStream, HasCursorEach = true });
        await foreach (var reading in following.ReadAsync(MessageStream.Heartbeat, cancellationToken))
        {
            foreach (var one in reading is null ? [] : EachOf(reading))
            {
                given(one);
            }
        }
    }

    /// <summary>The query of a page as its endpoint reads it.</summary>
    public MessageQuery QueryOf(Ask ask, string? cursor, bool isStream)
    {
        var caller = new QueryCaller(ask.Number < 0 ? null : RentedNumber.Reported(Websms.NumberOf(ask.Number)), NumberSet.All, MessageFields.All);
        var reading = new QueryReading(Refuse, caller, zone, cursors, clock.GetUtcNow(), TimeSpan.FromDays(366));
        var from = ask.From?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'");
        reading.Range(from, null, (reading.Today, "today"), isContinued: cursor is not null);
        var query = reading.Query(null, ask.Contains, ask.IsAscending) with { Limit = ask.Limit };
        return cursor is not null ? reading.After(query, cursor, "cursor", isStream, ("", "", ""))
            : ask.IsFromNow ? reading.FromHereOn(query) : query;
    }

    /// <summary>The place that a cursor names.</summary>
    public PageCursor? PlaceOf(string cursor) => cursors.Decode(cursor);

    public void Dispose()
    {
        lifetime.Dispose();
        cursors.Dispose();
    }

    /// <summary>Takes a reading apart: a stream writes each message with its cursor, and may end behind any of them.</summary>
    private static IEnumerable<PageReading> EachOf(PageReading reading) => reading.Page is not { Items.Count: > 0 } page
        ? [reading]
        : page.Items.Zip(reading.Cursors, (message, cursor) => reading with
        {
            Page = page with { Items = [message], NextCursor = cursor },
            NextText = cursor,
        });

    private Following Open(MessageQuery query) =>
        followings.TryOpen(query, out var following) ? following : throw new InvalidOperationException("The reader watches too many scopes.");

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
