using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// Wraps a value for Redis with a version, so that another version of the program sees a miss, and with a checksum or, if
/// <see cref="CacheOptions.EncryptionKeys"/> are set, AES-256-GCM. Both cover the name of the key, so that a value under the name of
/// another number or day is a miss too.
/// </summary>
internal sealed class ValueEnvelope(IOptions<CacheOptions> options)
{
    /// <summary>
    /// How many of its first bytes tell a value from all others: version, kind, and its checksum, or the id of its key and its nonce.
    /// </summary>
    public const int IdentityLength = 5 + ChecksumLength;

    private const byte Clear = 0;
    private const byte Encrypted = 1;
    private const int ChecksumLength = 16;
    private const int KeyIdLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int EncryptedHeader = 5 + KeyIdLength + NonceLength + TagLength;

    private static ReadOnlySpan<byte> Version => "WSG1"u8;

    private readonly (byte[] Id, byte[] Key)[] keys =
        [.. options.Value.EncryptionKeys.Select(Convert.FromBase64String).Select(key => (SHA256.HashData(key)[..KeyIdLength], key))];

    public bool Encrypts => keys.Length > 0;

    public byte[] Wrap(string name, ReadOnlySpan<byte> payload)
    {
        var associated = Encoding.UTF8.GetBytes(name);
        if (!Encrypts)
        {
            return [.. Version, Clear, .. Checksum(associated, payload), .. payload];
        }

        var value = new byte[EncryptedHeader + payload.Length];
        Version.CopyTo(value);
        value[4] = Encrypted;
        keys[0].Id.CopyTo(value, 5);
        var nonce = value.AsSpan(5 + KeyIdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[0].Key, TagLength);
        aes.Encrypt(
            nonce, payload, value.AsSpan(EncryptedHeader), value.AsSpan(EncryptedHeader - TagLength, TagLength), associated);
        return value;
    }

    /// <summary>The payload, or null for a value that is damaged, foreign, forged, moved, or encrypted with an unknown key.</summary>
    public byte[]? Unwrap(string name, ReadOnlySpan<byte> value)
    {
        if (value.Length < 5 + ChecksumLength || !value.StartsWith(Version))
        {
            return null;
        }

        var associated = Encoding.UTF8.GetBytes(name);
        if (value[4] == Clear && !Encrypts)
        {
            var payload = value[(5 + ChecksumLength)..];
            return value.Slice(5, ChecksumLength).SequenceEqual(Checksum(associated, payload)) ? payload.ToArray() : null;
        }

        return value[4] == Encrypted && value.Length >= EncryptedHeader ? Decrypt(associated, value) : null;
    }

    private byte[]? Decrypt(byte[] associated, ReadOnlySpan<byte> value)
    {
        foreach (var (id, key) in keys)
        {
            if (!value.Slice(5, KeyIdLength).SequenceEqual(id))
            {
                continue;
            }

            var payload = new byte[value.Length - EncryptedHeader];
            using var aes = new AesGcm(key, TagLength);
            try
            {
                aes.Decrypt(
                    value.Slice(5 + KeyIdLength, NonceLength), value[EncryptedHeader..],
                    value.Slice(EncryptedHeader - TagLength, TagLength), payload, associated);
                return payload;
            }
            catch (AuthenticationTagMismatchException)
            {
                return null;
            }
        }

        return null;
    }

    private static byte[] Checksum(ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload)
    {
        var hash = new XxHash128();
        hash.Append(name);
        hash.Append(payload);
        return hash.GetCurrentHash();
    }
}
