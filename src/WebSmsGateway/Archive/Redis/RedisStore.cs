using System.Security.Cryptography;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The store that all replicas share, on Redis. Each call ends within the time limit of the connection; while the breaker is open,
/// calls end at once.
/// </summary>
internal sealed class RedisStore : ISharedStore
{
    // A head lists days up to their last recheck, after 60 days at most, and for eight days after they became final.
    private static readonly TimeSpan LongestListing = TimeSpan.FromDays(68);

    private readonly RedisConnection connection;
    private readonly RedisNames names;
    private readonly RedisHeads heads;
    private readonly RedisValues values;
    private readonly RedisNotices notices;

    public RedisStore(
        RedisConnection connection, ValueEnvelope envelope, DerivedKeys keys, IOptions<CacheOptions> cache,
        IOptions<UpstreamOptions> upstream, TimeProvider clock, ILogger<RedisStore> logger)
    {
        this.connection = connection;
        var sender = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var foreign = new ForeignValues(logger);
        names = new RedisNames(cache.Value, upstream.Value, keys);
        heads = new RedisHeads(connection, envelope, names, cache.Value.ClosedLifetime + LongestListing, sender, clock, foreign);

        // The cache is never disposed, because it would close the connection, which it does not own.
        var distributed = new RedisCache(new RedisCacheOptions { ConnectionMultiplexerFactory = () => connection.Multiplexer });
        values = new RedisValues(connection, distributed, envelope, names, foreign);
        notices = new RedisNotices(connection, sender, logger);
    }

    public bool IsUp => connection.IsUp;

    public TimeSpan ClockOffset => heads.ClockOffset;

    public TimeProvider Time { get; } = TimeProvider.System;

    public Task<StoredHead?> ReadHeadAsync(Scope scope, string? knownTag, CancellationToken cancellationToken) =>
        heads.ReadAsync(scope, knownTag, cancellationToken);

    public Task<HeadWrite> ReplaceHeadAsync(
        Scope scope, string tag, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        heads.ReplaceAsync(scope, tag, payload, cancellationToken);

    public string NameOf(Scope scope, ReadOnlySpan<byte> payload) => names.NameOf(scope, payload);

    public Task<byte[]?[]?> ReadValuesAsync(Scope scope, IReadOnlyList<string> wanted, CancellationToken cancellationToken) =>
        values.ReadAsync(scope, wanted, cancellationToken);

    public Task<bool> WriteValuesAsync(Scope scope, IReadOnlyList<StoredValue> written, CancellationToken cancellationToken) =>
        values.WriteAsync(scope, written, cancellationToken);

    public Task ReleaseValuesAsync(Scope scope, IReadOnlyList<string> released, CancellationToken cancellationToken) =>
        values.ReleaseAsync(scope, released, cancellationToken);

    public async Task<ISharedLease> LeaseAsync(Scope scope, LeaseFor work, CancellationToken cancellationToken) =>
        await RedisLease.TakeAsync(connection, names.LeaseOf(scope, work), cancellationToken);

    public IDisposable Subscribe(Scope scope, Action replaced) => notices.Subscribe(names.ChannelOf(scope), replaced);
}
