using StackExchange.Redis;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The heads of scopes, one string key each. A head is replaced by compare-and-set on its tag: the first bytes of the stored value,
/// which no other value has. A damaged or foreign head has a tag too, so that it can be replaced.
/// </summary>
internal sealed class RedisHeads(
    RedisConnection connection, ValueEnvelope envelope, RedisNames names, TimeSpan lifetime, string sender, TimeProvider clock,
    ForeignValues foreign)
{
    // Redis counts bytes of strings from 1 in Lua and from 0 in GETRANGE. A value of another type has no tag, as if it were absent.
    private static readonly string Read = $$"""
        local time = redis.call('TIME')
        local kind = redis.call('TYPE', KEYS[1]).ok
        if kind ~= 'string' then return {time[1], time[2], kind} end
        local head = redis.call('GET', KEYS[1])
        if ARGV[1] ~= '' and string.sub(head, 1, {{ValueEnvelope.IdentityLength}}) == ARGV[1] then return {time[1], time[2], kind} end
        return {time[1], time[2], kind, head}
        """;

    // SET deletes a value of another type. A user without the right to publish can still replace heads, because of pcall.
    private static readonly string Replace = $"""
        local tag = ''
        if redis.call('TYPE', KEYS[1]).ok == 'string' then tag = redis.call('GETRANGE', KEYS[1], 0, {ValueEnvelope.IdentityLength - 1}) end
        if tag ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        redis.pcall('PUBLISH', ARGV[4], ARGV[5])
        return 1
        """;

    private long clockOffset;

    public TimeSpan ClockOffset => new(Volatile.Read(ref clockOffset));

    public async Task<StoredHead?> ReadAsync(Scope scope, string? knownTag, CancellationToken cancellationToken)
    {
        var name = names.HeadOf(scope);
        var (answered, reply) = await connection.TryAsync(database => AskAsync(database, name, knownTag ?? ""), cancellationToken, "head");
        if (!answered)
        {
            return null;
        }

        var (seconds, microseconds, kind) = ((long)reply!.Fields[0], (long)reply.Fields[1], (string?)reply.Fields[2]);
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(microseconds);
        Volatile.Write(ref clockOffset, (now - reply.Middle).Ticks);
        if (kind != "string")
        {
            if (kind != "none")
            {
                foreign.Found();
            }

            return new StoredHead("", null);
        }

        if (reply.Fields.Length == 3)
        {
            return new StoredHead(knownTag!, null);
        }

        var value = (byte[])reply.Fields[3]!;
        var payload = envelope.Unwrap(name, value);
        if (payload is null)
        {
            foreign.Found();
        }

        return new StoredHead(TagOf(value), payload);
    }

    public async Task<HeadWrite> ReplaceAsync(
        Scope scope, string tag, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var name = names.HeadOf(scope);
        var value = envelope.Wrap(name, payload.Span);
        RedisValue[] arguments =
        [
            Convert.FromHexString(tag), value, (long)lifetime.TotalMilliseconds, connection.ChannelPrefix + names.ChannelOf(scope), sender,
        ];
        var (answered, written) = await connection.TryAsync(
            async database => (bool)await database.ScriptEvaluateAsync(Replace, [name], arguments), cancellationToken, "replace");
        return !answered ? new HeadWrite(HeadWriteOutcome.Unanswered, "")
            : written ? new HeadWrite(HeadWriteOutcome.Written, TagOf(value))
            : new HeadWrite(HeadWriteOutcome.Lost, "");
    }

    private async Task<Reply> AskAsync(IDatabase database, string name, string knownTag)
    {
        var asked = clock.GetUtcNow();
        var fields = (RedisResult[])(await database.ScriptEvaluateAsync(Read, [name], [Convert.FromHexString(knownTag)]))!;
        return new Reply(fields, asked + ((clock.GetUtcNow() - asked) / 2));
    }

    private static string TagOf(ReadOnlySpan<byte> value) =>
        Convert.ToHexStringLower(value[..Math.Min(value.Length, ValueEnvelope.IdentityLength)]);

    /// <summary>What Redis returned, and our time in the middle of the call.</summary>
    private sealed record Reply(RedisResult[] Fields, DateTimeOffset Middle);
}
