using System.Buffers.Text;
using System.Security.Cryptography;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>
/// A key of tickets. It signs them with HMAC-SHA-256, and encrypts them first: a ticket stands in URLs, which proxies log, and names numbers.
/// Both keys are derived from the secret, for this use alone.
/// </summary>
internal sealed class TicketKey
{
    /// <summary>What each ticket begins with, so that it is never taken for a token of an issuer, and scanners for secrets know it.</summary>
    public const string Prefix = "wst_";

    /// <summary>The longest text that is read. The longest ticket that is made is shorter.</summary>
    public const int MaxLength = 12_000;

    private const int VectorLength = 16;
    private const int SignatureLength = HMACSHA256.HashSizeInBytes;

    private readonly byte[] secret;
    private readonly byte[] signing;
    private readonly byte[] encrypting;

    public TicketKey(byte[] secret)
    {
        this.secret = secret;
        signing = SecretKey.Derive(secret, "websms-gateway tickets, signature"u8);
        encrypting = SecretKey.Derive(secret, "websms-gateway tickets, encryption"u8);
    }

    /// <summary>Cancelled when the key is taken away.</summary>
    public CancellationTokenSource Life { get; } = new();

    public bool IsMadeFrom(byte[] other) => CryptographicOperations.FixedTimeEquals(secret, other);

    /// <summary>Makes the text of a ticket.</summary>
    public string Protect(byte[] content)
    {
        using var aes = Aes.Create();
        aes.Key = encrypting;
        var vector = RandomNumberGenerator.GetBytes(VectorLength);
        byte[] signed = [.. vector, .. aes.EncryptCbc(content, vector)];
        return Prefix + Base64Url.EncodeToString([.. signed, .. HMACSHA256.HashData(signing, signed)]);
    }

    /// <summary>What was protected; null if this key did not sign the bytes of a ticket.</summary>
    public byte[]? Open(byte[] ticket)
    {
        if (ticket.Length < VectorLength + SignatureLength)
        {
            return null;
        }

        var signed = ticket.AsSpan(..^SignatureLength);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(signing, signed), ticket.AsSpan(^SignatureLength..)))
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.Key = encrypting;
        return aes.DecryptCbc(signed[VectorLength..], signed[..VectorLength]);
    }

    /// <summary>The bytes of the text of a ticket; null if it is none. Each ticket has one text.</summary>
    public static byte[]? BytesOf(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > MaxLength || !Base64Url.IsValid(text.AsSpan(Prefix.Length)))
        {
            return null;
        }

        // A decoder skips white space and the bits that are left over, so other texts would stand for the same ticket.
        var bytes = Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length));
        return text.AsSpan(Prefix.Length).SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
