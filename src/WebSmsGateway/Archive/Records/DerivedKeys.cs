using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// The keys of ids, names and entity tags. Each is derived from a secret of the configuration for one purpose, so that what one of them gives
/// away says nothing about the others.
/// </summary>
internal sealed class DerivedKeys
{
    public DerivedKeys(IOptions<CacheOptions> cache, IOptions<MessagesOptions> messages, IOptions<UpstreamOptions> upstream)
    {
        // A hash of the password in an id or a name could be used to try out passwords, so the login stands in for a key.
        var login = Encoding.UTF8.GetBytes($"login\n{upstream.Value.Username}");
        IdKey = string.IsNullOrEmpty(messages.Value.IdKey) ? null : Convert.FromBase64String(messages.Value.IdKey);
        var secret = IdKey ?? login;
        Ids = SecretKey.Derive(secret, "websms-gateway message ids"u8);
        EntityTags = SecretKey.Derive(secret, "websms-gateway entity tags"u8);

        // The names of scopes do not depend on the encryption keys, so that a rotation of these loses nothing.
        ScopeNames = SecretKey.Derive(secret, "websms-gateway names of scopes, 2"u8);
        ValueNames = SecretKey.Derive(
            cache.Value.EncryptionKeys is [var first, ..] ? Convert.FromBase64String(first) : secret, "websms-gateway names of values, 2"u8);
    }

    /// <summary><c>Messages:IdKey</c>; null if it is not set.</summary>
    public byte[]? IdKey { get; }

    /// <summary>The key of the hash in the ids of messages.</summary>
    public byte[] Ids { get; }

    /// <summary>The key of entity tags.</summary>
    public byte[] EntityTags { get; }

    /// <summary>The key of the names of scopes in Redis.</summary>
    public byte[] ScopeNames { get; }

    /// <summary>The key of the names of values in Redis.</summary>
    public byte[] ValueNames { get; }
}
