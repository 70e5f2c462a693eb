using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>
/// The records that all replicas share. Each call ends within its time limit. A value that is damaged, foreign or of another version
/// is a miss.
/// </summary>
internal sealed partial class RedisTier(
    RedisConnection connection, ValueEnvelope envelope, IOptions<CacheOptions> options, IOptions<UpstreamOptions> upstream,
    ILogger<RedisTier> logger)
{
    // An open day and its blocks are kept for the day, the longest settle time, and their use as a last good answer.
    private readonly TimeSpan openLifetime = options.Value.MaxStale + TimeSpan.FromDays(2);

    /// <summary>Takes the lease of a scope, so that one replica asks WEBSMS and the others wait for its records.</summary>
    public Task<RedisLease> LeaseAsync(Scope scope, bool isOpen, CancellationToken cancellationToken) =>
        RedisLease.TakeAsync(connection, $"{PrefixOf(scope)}lease:{(isOpen ? "open" : "closed")}", cancellationToken);

    /// <summary>Reads records with one <c>MGET</c>, and the blocks that <paramref name="previous"/> lacks with another one.</summary>
    public async Task<Dictionary<DateOnly, DayRecord>> ReadAsync(
        Scope scope, List<DateOnly> days, IReadOnlyDictionary<DateOnly, DayRecord?> previous, CancellationToken cancellationToken)
    {
        var records = new Dictionary<DateOnly, DayRecord>();
        var prefix = PrefixOf(scope);
        var values = await GetAsync(days.ConvertAll(day => HeadName(prefix, day)), cancellationToken);
        for (var i = 0; i < values.Length; i++)
        {
            var day = days[i];
            if (Open(HeadName(prefix, day), values[i], payload => RecordCodec.ReadHead(day, payload)) is not { } head)
            {
                continue;
            }

            // Redis often holds the record that is in memory already. Its blocks need not be read.
            if (previous.GetValueOrDefault(day) is { } held && held.AskedAt >= head.Metadata.AskedAt)
            {
                records[day] = held;
                continue;
            }

            if (await ReadBlocksAsync(prefix, day, head.Apart, previous.GetValueOrDefault(day), cancellationToken) is { } blocks)
            {
                records[day] = DayRecord.OfBlocks(day, blocks, head.Rest, head.Metadata);
            }
        }

        return records;
    }

    /// <summary>Writes records. For an open day it writes the head and the blocks that Redis does not hold yet.</summary>
    public async Task WriteAsync(Scope scope, List<DayRecord> records, CancellationToken cancellationToken)
    {
        var prefix = PrefixOf(scope);
        foreach (var record in records)
        {
            // No caller waits for this write. It is tried again, so that a short break of Redis does not lose a month of closed days.
            if (!await WriteAsync(prefix, record, cancellationToken) && !connection.IsUp)
            {
                if (!await connection.ComesBackAsync(cancellationToken))
                {
                    return;
                }

                await WriteAsync(prefix, record, cancellationToken);
            }
        }
    }

    private async Task<bool> WriteAsync(string prefix, DayRecord record, CancellationToken cancellationToken)
    {
        var lifetime = record.IsFinal ? options.Value.ClosedLifetime : openLifetime;
        var apart = record.IsFinal ? 0 : Math.Max(0, record.Blocks.Length - 1);
        for (var i = 0; i < apart; i++)
        {
            var block = record.Blocks[i];
            if (!block.IsStored)
            {
                block.IsStored = await SetAsync(
                    BlockName(prefix, record.Day, block.Id), RecordCodec.WriteBlock(block), lifetime, cancellationToken);
                if (!block.IsStored)
                {
                    return false;
                }
            }
        }

        return await SetAsync(HeadName(prefix, record.Day), RecordCodec.WriteHead(record, apart), lifetime, cancellationToken);
    }

    private async Task<MessageBlock[]?> ReadBlocksAsync(
        string prefix, DateOnly day, ulong[] ids, DayRecord? previous, CancellationToken cancellationToken)
    {
        var blocks = new MessageBlock?[ids.Length];
        var missing = new List<int>();
        for (var i = 0; i < ids.Length; i++)
        {
            blocks[i] = previous is not null && i < previous.Blocks.Length && previous.Blocks[i].Id == ids[i] ? previous.Blocks[i] : null;
            if (blocks[i] is null)
            {
                missing.Add(i);
            }
        }

        var values = await GetAsync(missing.ConvertAll(i => BlockName(prefix, day, ids[i])), cancellationToken);
        for (var i = 0; i < missing.Count; i++)
        {
            var name = BlockName(prefix, day, ids[missing[i]]);
            var block = i < values.Length ? Open(name, values[i], payload => RecordCodec.ReadBlock(day, payload)) : null;
            if (block is null || block.Id != ids[missing[i]])
            {
                return null;
            }

            block.IsStored = true;
            blocks[missing[i]] = block;
        }

        return blocks!;
    }

    private async Task<RedisValue[]> GetAsync(List<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var keys = names.ConvertAll(name => (RedisKey)name).ToArray();
        var (answered, values) = await connection.TryAsync(database => database.StringGetAsync(keys), cancellationToken, "get");
        return answered ? values! : [];
    }

    private async Task<bool> SetAsync(string name, byte[] payload, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var value = envelope.Wrap(name, payload);
        var (answered, stored) = await connection.TryAsync(
            database => database.StringSetAsync(name, value, lifetime), cancellationToken, "set");
        return answered && stored;
    }

    private T? Open<T>(string name, RedisValue value, Func<byte[], T> read)
        where T : class
    {
        if (value.IsNullOrEmpty)
        {
            return null;
        }

        try
        {
            if (envelope.Unwrap(name, ((ReadOnlyMemory<byte>)value).Span) is { } payload)
            {
                return read(payload);
            }
        }
        catch (Exception exception) when (
            exception is IOException or InvalidDataException or FormatException or ArgumentException
                or InvalidOperationException or OverflowException)
        {
            // The value passed the checksum and cannot be read. It is treated below like a value with a wrong checksum.
        }

        GatewayMetrics.RedisValueForeign();
        Log.Foreign(logger);
        return null;
    }

    // A key has a hash of the number, which is personal data, of the account's name, and of the settings that decide what a day holds.
    // Another setting therefore finds no records. The braces make the hash the hash tag of Redis Cluster, so that all keys of one
    // MGET are in one slot.
    private string PrefixOf(Scope scope)
    {
        var source = upstream.Value;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{source.BaseAddress}\n{source.TimeZone}\n{source.Username}\n{scope}"));
        return $"{options.Value.KeyPrefix}{{{Convert.ToHexStringLower(hash.AsSpan(0, 10))}}}:";
    }

    private static string HeadName(string prefix, DateOnly day) => $"{prefix}{day:yyyyMMdd}";

    private static string BlockName(string prefix, DateOnly day, ulong id) => $"{prefix}{day:yyyyMMdd}:{id:x16}";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A value in Redis is damaged, foreign or of another version; it counts as missing.")]
        public static partial void Foreign(ILogger logger);
    }
}
