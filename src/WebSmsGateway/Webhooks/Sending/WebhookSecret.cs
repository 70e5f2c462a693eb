using System.Security.Cryptography;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>A secret of an endpoint: <c>whsec_</c> and 24 to 64 bytes in base64. It signs, and its text is shown nowhere.</summary>
internal sealed class WebhookSecret
{
    public const int MinBytes = 24;
    public const int MaxBytes = 64;

    private const string Prefix = "whsec_";

    private readonly byte[] key;

    private WebhookSecret(byte[] key) => this.key = key;

    /// <summary>Reads a secret. The fault says what is accepted, and repeats nothing of the text.</summary>
    public static bool TryParse(string text, out WebhookSecret? secret, out string? fault)
    {
        // A longer text is refused before it is decoded.
        var bytes = new byte[MaxBytes + 3];
        var written = 0;
        secret = null;
        fault = !text.StartsWith(Prefix, StringComparison.Ordinal) ? $"begins with {Prefix}"
            : text.Any(char.IsWhiteSpace) || !Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), bytes, out written)
                || written is < MinBytes or > MaxBytes
                ? $"is {Prefix} and {MinBytes} to {MaxBytes} bytes in base64"
            : null;
        if (fault is not null)
        {
            fault = $"a secret {fault}; the command new-webhook makes one";
            return false;
        }

        secret = new WebhookSecret(bytes[..written]);
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <summary>Whether both hold the same bytes.</summary>
    public bool IsSameAs(WebhookSecret other) => CryptographicOperations.FixedTimeEquals(key, other.key);

    /// <summary>Begins a signature with this secret.</summary>
    public IncrementalHash BeginSignature() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    public override string ToString() => $"{Prefix}***";
}
