using System.Security.Cryptography;

namespace WebSmsGateway.Configuration;

/// <summary>Keys of 32 bytes.</summary>
internal static class SecretKey
{
    public const int Length = 32;

    /// <summary>Whether a text is a key in base64.</summary>
    public static bool IsKey(string text) =>
        Convert.TryFromBase64String(text, new byte[text.Length], out var length) && length == Length;

    /// <summary>Derives a key from a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="purpose">What the key is for. Another purpose gives another key.</param>
    /// <param name="salt">What distinguishes equal secrets of different accounts.</param>
    public static byte[] Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> salt = default)
    {
        var key = new byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, purpose);
        return key;
    }
}
