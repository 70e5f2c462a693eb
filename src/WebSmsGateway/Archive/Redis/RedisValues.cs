using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The immutable values of scopes, in the distributed cache of the framework on the shared connection. All calls of one round are
/// started before the first is awaited, so that a round costs little more than one call.
/// </summary>
internal sealed class RedisValues(
    RedisConnection connection, IDistributedCache cache, ValueEnvelope envelope, RedisNames names, ForeignValues foreign)
{
    private static readonly TimeSpan ReleasedLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(1);

    // On a slow network more bytes than these would not get through within the time limit of a call, and so would never be stored.
    private const int MaxRoundBytes = 1 << 20;

    private const string ReleaseScript = """
        for _, key in ipairs(KEYS) do
          local left = redis.call('PTTL', key)
          if left == -1 or left > tonumber(ARGV[1]) then redis.call('PEXPIRE', key, ARGV[1]) end
        end
        """;

    // Another replica may have replaced the foreign value by a good one in the meantime, which has to stay.
    private const string DeleteForeignScript = """
        if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
        """;

    public async Task<byte[]?[]?> ReadAsync(Scope scope, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var keys = names.ValuesOf(scope, wanted);
        var (answered, values) = await connection.TryAsync(
            _ => Task.WhenAll(keys.Select(key => GetAsync(key, cancellationToken)).ToArray()), cancellationToken, "get");
        return answered ? [.. keys.Zip(values!, Open)] : null;
    }

    public async Task<bool> WriteAsync(Scope scope, IReadOnlyList<StoredValue> values, CancellationToken cancellationToken)
    {
        foreach (var round in Rounds(scope, values))
        {
            var (answered, _) = await connection.TryAsync(
                async database =>
                {
                    await Task.WhenAll(round.Select(entry => SetAsync(database, entry, cancellationToken)).ToArray());
                    return true;
                },
                cancellationToken,
                "set");
            if (!answered)
            {
                return false;
            }
        }

        return true;
    }

    public async Task ReleaseAsync(Scope scope, IReadOnlyList<string> released, CancellationToken cancellationToken)
    {
        if (released.Count == 0)
        {
            return;
        }

        var keys = Array.ConvertAll(names.ValuesOf(scope, released), key => (RedisKey)key);
        await connection.TryAsync(
            database => database.ScriptEvaluateAsync(ReleaseScript, keys, [(long)ReleasedLifetime.TotalMilliseconds]),
            cancellationToken, "expire");
    }

    // The cache stores a hash. A key of another type, and a hash with other things in its fields, throw; an empty value is never ours.
    private async Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await cache.GetAsync(key, cancellationToken);
        }
        catch (Exception exception) when (
            IsWrongType(exception) || exception is InvalidCastException or ArgumentException or OverflowException)
        {
            return [];
        }
    }

    private byte[]? Open(string key, byte[]? value)
    {
        if (value is null)
        {
            return null;
        }

        var payload = envelope.Unwrap(key, value);
        if (payload is null)
        {
            foreign.Found();
        }

        return payload;
    }

    // All fields of a hash are written, so a damaged value of ours is replaced as a whole. Only another type has to be deleted before.
    private async Task SetAsync(IDatabase database, Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            await cache.SetAsync(entry.Key, entry.Value, entry.Options, cancellationToken);
        }
        catch (RedisServerException exception) when (IsWrongType(exception))
        {
            foreign.Found();
            await database.ScriptEvaluateAsync(DeleteForeignScript, [entry.Key]);
            await cache.SetAsync(entry.Key, entry.Value, entry.Options, cancellationToken);
        }
    }

    private IEnumerable<List<Entry>> Rounds(Scope scope, IReadOnlyList<StoredValue> values)
    {
        var round = new List<Entry>();
        var bytes = 0;
        foreach (var value in values)
        {
            if (round.Count > 0 && bytes + value.Payload.Length > MaxRoundBytes)
            {
                yield return round;
                round = [];
                bytes = 0;
            }

            var key = names.ValueOf(scope, value.Name);
            var lifetime = value.Lifetime > ShortestLifetime ? value.Lifetime : ShortestLifetime;
            round.Add(new Entry(
                key, envelope.Wrap(key, value.Payload), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime }));
            bytes += value.Payload.Length;
        }

        if (round.Count > 0)
        {
            yield return round;
        }
    }

    private static bool IsWrongType(Exception exception) =>
        exception is RedisServerException && exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private sealed record Entry(string Key, byte[] Value, DistributedCacheEntryOptions Options);
}
