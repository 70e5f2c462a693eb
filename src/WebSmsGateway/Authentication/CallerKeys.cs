using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>The configured keys. A reload of the configuration replaces them and ends what removed and changed keys have opened.</summary>
internal sealed class CallerKeys
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    // A generated key has 43 characters. The bound keeps callers from having large texts hashed.
    private const int MaxKeyLength = 256;

    private volatile Entry[] entries = [];

    public CallerKeys(InForce<AuthenticationOptions> options) => options.Follow(Replace);

    public int Count => entries.Length;

    /// <summary>The credentials of a key; null for an unknown key.</summary>
    public CallerCredentials? Find(string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return null;
        }

        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);
        return FindHash(hash);
    }

    /// <summary>The credentials of the key with this hash; null for an unknown one.</summary>
    public CallerCredentials? FindHash(ReadOnlySpan<byte> hash)
    {
        // Every key is compared completely, so the time does not show how much of a key was right.
        CallerCredentials? found = null;
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
            {
                found = entry.Credentials;
            }
        }

        return found;
    }

    // The new keys are in force before the old ones end, so a caller that comes back at once is refused.
    private void Replace(AuthenticationOptions current)
    {
        var before = entries;
        entries = [.. current.ApiKeys.Select(key => EntryOf(key, before))];
        foreach (var ended in before.Select(entry => entry.Life).Except(entries.Select(entry => entry.Life)))
        {
            // What it opened ends on other threads. The thread of the reload does not wait for it.
            _ = ended.CancelAsync();
        }
    }

    private static Entry EntryOf(ApiKeyOptions key, Entry[] before)
    {
        var hash = Convert.FromHexString(key.Sha256);
        var caller = new Caller("key:" + key.Name, key.Name, NumberSet.Parse(key.Numbers), key.RequestsPerMinute, key.Fields);
        var same = Array.Find(before, entry => hash.AsSpan().SequenceEqual(entry.Hash) && caller.HasSameRightsAs(entry.Credentials.Caller));
        var life = same?.Life ?? new CancellationTokenSource();
        return new Entry(hash, new CallerCredentials(caller, Until: null, life.Token) { Root = hash }, life);
    }

    private sealed record Entry(byte[] Hash, CallerCredentials Credentials, CancellationTokenSource Life);
}
