using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// Wraps a value for Redis so that nobody without the key can make one: with AES-256-GCM if <see cref="CacheOptions.EncryptionKeys"/> are set,
/// else with HMAC-SHA256, keyed from <see cref="MessagesOptions.IdKey"/> or else from the WEBSMS password. Both cover the name of the key in
/// Redis, so that a value under the name of another number or day is a miss, and a version, so that another version of the program sees a miss.
/// </summary>
internal sealed class ValueEnvelope
{
    /// <summary>How many of its first bytes tell a value from all others: version, kind, the id of its key, and its nonce.</summary>
    public const int IdentityLength = VersionLength + 1 + KeyIdLength + NonceLength;

    private const byte Authenticated = 2;
    private const byte Encrypted = 3;
    private const int VersionLength = 4;
    private const int KeyIdLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = IdentityLength + TagLength;

    private readonly byte kind;
    private readonly byte[] account;

    // The first one wraps, and any of them unwraps.
    private volatile Key[] keys = [];

    public ValueEnvelope(IOptions<CacheOptions> cache, DerivedKeys derived, InForce<UpstreamOptions> upstream)
    {
        account = Encoding.UTF8.GetBytes($"{upstream.AtStart.BaseAddress}\n{upstream.AtStart.Username}");
        if (cache.Value.EncryptionKeys.Count > 0)
        {
            (kind, KeySource) = (Encrypted, "Cache:EncryptionKeys");
            keys = [.. cache.Value.EncryptionKeys.Select(Convert.FromBase64String).Select(secret => new Key(secret, kind, salt: []))];
        }
        else if (derived.IdKey is { } secret)
        {
            (kind, KeySource) = (Authenticated, "Messages:IdKey");
            keys = [new Key(secret, kind, salt: [])];
        }
        else
        {
            (kind, KeySource) = (Authenticated, "Upstream:Password");
            upstream.Follow(options => TakePassword(options.Password));
        }
    }

    private static ReadOnlySpan<byte> Version => "WSG2"u8;

    public bool Encrypts => kind == Encrypted;

    /// <summary>The setting from which the key is derived.</summary>
    public string KeySource { get; }

    public byte[] Wrap(string name, ReadOnlySpan<byte> payload)
    {
        var key = keys[0];
        var value = new byte[HeaderLength + payload.Length];
        Version.CopyTo(value);
        value[VersionLength] = kind;
        key.Id.CopyTo(value.AsSpan(VersionLength + 1));
        RandomNumberGenerator.Fill(value.AsSpan(IdentityLength - NonceLength, NonceLength));
        key.Protect(Encoding.UTF8.GetBytes(name), payload, value);
        return value;
    }

    /// <summary>The payload, or null for a value that is damaged, foreign, forged, moved, downgraded, or of an unknown key.</summary>
    public byte[]? Unwrap(string name, ReadOnlySpan<byte> value)
    {
        try
        {
            return Open(name, value);
        }
        catch (OutOfMemoryException)
        {
            // A long value of others must not end a request that could do without it.
            return null;
        }
    }

    private byte[]? Open(string name, ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderLength || !value.StartsWith(Version) || value[VersionLength] != kind)
        {
            return null;
        }

        foreach (var key in keys)
        {
            if (value.Slice(VersionLength + 1, KeyIdLength).SequenceEqual(key.Id))
            {
                return key.Open(Encoding.UTF8.GetBytes(name), value);
            }
        }

        return null;
    }

    // The password before a change is accepted too, because other replicas may still use it, and what it protected is still good.
    private void TakePassword(string password)
    {
        var key = new Key(Encoding.UTF8.GetBytes(password), kind, account);
        keys = keys is [var newest, ..] ? (newest.Id.AsSpan().SequenceEqual(key.Id) ? keys : [key, newest]) : [key];
    }

    /// <summary>A key with its id, by which a value names it.</summary>
    private sealed class Key
    {
        private readonly byte kind;
        private readonly byte[] secret;

        public Key(byte[] secret, byte kind, byte[] salt)
        {
            this.kind = kind;
            var isEncrypting = kind == Encrypted;
            this.secret = SecretKey.Derive(secret, isEncrypting ? "websms-gateway values, AES"u8 : "websms-gateway values, HMAC"u8, salt);
            Id = SecretKey.Derive(this.secret, "websms-gateway values, id"u8)[..KeyIdLength];
        }

        public byte[] Id { get; }

        public void Protect(byte[] name, ReadOnlySpan<byte> payload, Span<byte> value)
        {
            var tag = value.Slice(IdentityLength, TagLength);
            if (kind == Encrypted)
            {
                using var aes = new AesGcm(secret, TagLength);
                aes.Encrypt(NonceOf(value), payload, value[HeaderLength..], tag, name);
                return;
            }

            payload.CopyTo(value[HeaderLength..]);
            Sign(name, value, tag);
        }

        public byte[]? Open(byte[] name, ReadOnlySpan<byte> value)
        {
            var tag = value.Slice(IdentityLength, TagLength);
            if (kind != Encrypted)
            {
                Span<byte> expected = stackalloc byte[TagLength];
                Sign(name, value, expected);
                return CryptographicOperations.FixedTimeEquals(expected, tag) ? value[HeaderLength..].ToArray() : null;
            }

            var payload = new byte[value.Length - HeaderLength];
            using var aes = new AesGcm(secret, TagLength);
            try
            {
                aes.Decrypt(NonceOf(value), value[HeaderLength..], tag, payload, name);
                return payload;
            }
            catch (AuthenticationTagMismatchException)
            {
                return null;
            }
        }

        // The length of the name comes first, so that no byte can move from the name to the payload.
        private void Sign(byte[] name, ReadOnlySpan<byte> value, Span<byte> tag)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hash.AppendData(BitConverter.GetBytes(name.Length));
            hash.AppendData(name);
            hash.AppendData(value[..IdentityLength]);
            hash.AppendData(value[HeaderLength..]);
            Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
            hash.GetHashAndReset(digest);
            digest[..TagLength].CopyTo(tag);
        }

        private static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> value) => value.Slice(IdentityLength - NonceLength, NonceLength);
    }
}
