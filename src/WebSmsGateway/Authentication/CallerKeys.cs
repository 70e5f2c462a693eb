using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>The configured keys. A reload of the configuration replaces them.</summary>
internal sealed class CallerKeys
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    // A generated key has 43 characters. The bound keeps callers from having large texts hashed.
    private const int MaxKeyLength = 256;

    private volatile Entry[] entries = [];

    public CallerKeys(InForce<AuthenticationOptions> options) => options.Follow(current => entries = [.. current.ApiKeys.Select(EntryOf)]);

    public int Count => entries.Length;

    /// <summary>The caller of a key; null for an unknown key.</summary>
    public Caller? Find(string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);

        // Every key is compared completely, so the time does not show how much of a key was right.
        Caller? found = null;
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
            {
                found = entry.Caller;
            }
        }

        return found;
    }

    private static Entry EntryOf(ApiKeyOptions key) => new(
        Convert.FromHexString(key.Sha256), new Caller("key:" + key.Name, key.Name, NumberSet.Parse(key.Numbers), key.RequestsPerMinute, key.Fields));

    private sealed record Entry(byte[] Hash, Caller Caller);
}
