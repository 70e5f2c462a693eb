using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>The configured keys. A changed configuration replaces them without a restart.</summary>
internal sealed class CallerKeys
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    // A key of ours has 43 characters. Nobody gets a megabyte hashed.
    private const int MaxKeyLength = 256;

    private volatile Entry[] entries = [];

    public CallerKeys(InForce<AuthenticationOptions> options) => options.Follow(current => entries = [.. current.ApiKeys.Select(EntryOf)]);

    /// <summary>How many there are.</summary>
    public int Count => entries.Length;

    /// <summary>The caller that a key belongs to; null if it is nobody's.</summary>
    public Caller? Find(string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);

        // Every key is compared, whole: the time taken tells nothing about which one was nearly right.
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

    private static Entry EntryOf(ApiKeyOptions key)
    {
        var caller = new Caller("key:" + key.Name, key.Name, NumberSet.Parse(key.Numbers), key.RequestsPerMinute);
        return new Entry(Convert.FromHexString(key.Sha256), caller);
    }

    private sealed record Entry(byte[] Hash, Caller Caller);
}
