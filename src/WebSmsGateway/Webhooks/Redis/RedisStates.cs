using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Upstream;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks.Redis;

/// <summary>
/// Keeps state in Redis, protected like all other values there. A value is replaced by compare-and-set on its tag: the first bytes of what is
/// stored, which no other value has.
/// </summary>
internal sealed class RedisStates(
    RedisConnection connection, ValueEnvelope envelope, DerivedKeys keys, IOptions<CacheOptions> cache, IOptions<UpstreamOptions> upstream)
    : IStateStore
{
    // Each look prolongs it, so only an endpoint that no replica has any more goes away.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    // A lease without an expiry, or with a longer one, is none. Waiting for its end would last for ever, so it is replaced.
    private static readonly string Look = $$"""
        local held = 0
        if ARGV[1] ~= '' then
          local left = redis.call('PTTL', KEYS[1])
          local isFree = left < 0 or left > tonumber(ARGV[2])
          local isOwn = not isFree and redis.pcall('GET', KEYS[1]) == ARGV[1]
          if isOwn or (isFree and (ARGV[3] == '1' or redis.call('EXISTS', KEYS[2]) == 1)) then
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            held = 1
          end
        end
        local function value(key, tag)
          redis.call('PEXPIRE', key, ARGV[6])
          if redis.call('TYPE', key).ok ~= 'string' then return {''} end
          local found = redis.call('GET', key)
          if tag ~= '' and string.sub(found, 1, {{ValueEnvelope.IdentityLength}}) == tag then return {tag} end
          return {string.sub(found, 1, {{ValueEnvelope.IdentityLength}}), found}
        end
        redis.call('PEXPIRE', KEYS[4], ARGV[6])
        return {held, value(KEYS[2], ARGV[4]), value(KEYS[3], ARGV[5])}
        """;

    private static readonly string Replace = $"""
        local tag = ''
        if redis.call('TYPE', KEYS[1]).ok == 'string' then tag = redis.call('GETRANGE', KEYS[1], 0, {ValueEnvelope.IdentityLength - 1}) end
        if tag ~= ARGV[1] then return 0 end
        local now = redis.call('TIME')[1]
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        redis.call('SET', KEYS[2], now, 'PX', ARGV[3], 'NX')
        return 1
        """;

    private const string Age = """
        local first = redis.pcall('GET', KEYS[1])
        if type(first) ~= 'string' then return -1 end
        return tonumber(redis.call('TIME')[1]) - (tonumber(first) or 0)
        """;

    private readonly RedisNames names = new(cache.Value, upstream.Value, keys);

    public string Description => envelope.Encrypts ? "in Redis, encrypted" : "in Redis, authenticated";

    public TimeProvider Time => TimeProvider.System;

    public async Task<StateReply?> LookAsync(string endpoint, KnownTags known, LeaseRequest request, CancellationToken cancellationToken)
    {
        var (state, orders) = (NameOf(endpoint, StateSlot.State), NameOf(endpoint, StateSlot.Orders));
        RedisKey[] asked = [LeaseOf(endpoint), state, orders, Mark];
        RedisValue[] arguments =
        [
            request.Sender ?? "", (long)IStateStore.LeaseDuration.TotalMilliseconds, request.MayBegin ? 1 : 0, Convert.FromHexString(known.State),
            Convert.FromHexString(known.Orders), (long)Lifetime.TotalMilliseconds,
        ];
        var (answered, reply) = await connection.TryAsync(
            async database => (RedisResult[])(await database.ScriptEvaluateAsync(Look, asked, arguments))!, cancellationToken, "webhook");
        return answered
            ? new StateReply((int)reply![0] == 1, Open(state, (RedisResult[])reply[1]!), Open(orders, (RedisResult[])reply[2]!))
            : null;
    }

    public async Task<StateWrite> ReplaceAsync(
        string endpoint, StateSlot slot, string tag, byte[] payload, CancellationToken cancellationToken)
    {
        var name = NameOf(endpoint, slot);
        var value = envelope.Wrap(name, payload);
        RedisValue[] arguments = [Convert.FromHexString(tag), value, (long)Lifetime.TotalMilliseconds];
        var (answered, written) = await connection.TryAsync(
            async database => (bool)await database.ScriptEvaluateAsync(Replace, [name, Mark], arguments), cancellationToken, "webhook");
        return !answered ? new StateWrite(StateWriteOutcome.Unanswered, "")
            : written ? new StateWrite(StateWriteOutcome.Written, TagOf(value))
            : new StateWrite(StateWriteOutcome.Lost, "");
    }

    public Task ReleaseAsync(string endpoint, string sender, CancellationToken cancellationToken) => connection.TryAsync(
        database => database.ScriptEvaluateAsync(RedisLease.Release, [LeaseOf(endpoint)], [sender]), cancellationToken, "release");

    public async Task<(bool Answered, TimeSpan? Age)> AgeAsync(CancellationToken cancellationToken)
    {
        var (answered, age) = await connection.TryAsync(
            async database => (long)await database.ScriptEvaluateAsync(Age, [Mark]), cancellationToken, "webhook");
        return (answered, age < 0 ? null : TimeSpan.FromSeconds(age));
    }

    private RedisKey Mark => $"{names.Webhooks}first-state";

    private RedisKey LeaseOf(string endpoint) => $"{names.Webhooks}{endpoint.ToLowerInvariant()}:lease";

    private string NameOf(string endpoint, StateSlot slot) =>
        $"{names.Webhooks}{endpoint.ToLowerInvariant()}:{(slot == StateSlot.State ? "state" : "orders")}";

    private StoredState Open(string name, RedisResult[] fields) => fields.Length == 1
        ? new StoredState(TagOf((byte[]?)fields[0] ?? []), null)
        : new StoredState(TagOf((byte[]?)fields[0] ?? []), envelope.Unwrap(name, (byte[])fields[1]!));

    private static string TagOf(ReadOnlySpan<byte> value) =>
        Convert.ToHexStringLower(value[..Math.Min(value.Length, ValueEnvelope.IdentityLength)]);
}
