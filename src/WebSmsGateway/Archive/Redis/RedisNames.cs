using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The names of keys in Redis. A number is personal data and a block may be one short text, so names are keyed hashes. The braces make
/// the hash of the scope the hash tag of Redis Cluster, so that all keys of a scope are in one slot.
/// </summary>
internal sealed class RedisNames
{
    private const int ScopeLength = 10;
    private const int ValueLength = 16;

    private readonly string prefix;
    private readonly string account;
    private readonly DerivedKeys keys;

    public RedisNames(CacheOptions cache, UpstreamOptions upstream, DerivedKeys keys)
    {
        prefix = cache.KeyPrefix;
        this.keys = keys;

        // These settings decide what a day holds. With another setting nothing is found.
        account = $"{upstream.BaseAddress}\n{upstream.TimeZone}\n{upstream.Username}\n";
    }

    public string HeadOf(Scope scope) => $"{PrefixOf(scope)}head";

    public string ValueOf(Scope scope, string name) => $"{PrefixOf(scope)}{name}";

    public string[] ValuesOf(Scope scope, IReadOnlyList<string> names)
    {
        var start = PrefixOf(scope);
        return [.. names.Select(name => start + name)];
    }

    public string LeaseOf(Scope scope, LeaseFor work) => PrefixOf(scope) + work switch
    {
        LeaseFor.OpenDays => "lease:open",
        LeaseFor.ClosedDays => "lease:closed",
        _ => "lease:whole",
    };

    public string ChannelOf(Scope scope) => $"{PrefixOf(scope)}notices";

    /// <summary>A name for a content. Equal contents of two scopes have different names.</summary>
    public string NameOf(Scope scope, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.ValueNames);
        hash.AppendData(Encoding.UTF8.GetBytes($"{account}{scope}\n"));
        hash.AppendData(payload);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, ValueLength));
    }

    /// <summary>What the names of everything that concerns webhooks begin with. They are of the operator, and hold nothing personal.</summary>
    public string Webhooks => PrefixOf("webhooks");

    private string PrefixOf(Scope scope) => PrefixOf($"{scope}");

    private string PrefixOf(string part)
    {
        var hash = HMACSHA256.HashData(keys.ScopeNames, Encoding.UTF8.GetBytes($"{account}{part}"));
        return $"{prefix}{{{Convert.ToHexStringLower(hash.AsSpan(0, ScopeLength))}}}:";
    }
}
