using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Tokens whose key is unknown, and from which fetch on that is a decision. A token is the unit and not its <c>kid</c>: else anyone could
/// name the next key of the issuer in advance, and have the tokens that it signs refused. Their number is bounded; a token without a place
/// stays undecided. Callers hold a lock.
/// </summary>
internal sealed class UndecidedTokens(TimeProvider clock)
{
    private const int Max = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    [Bounded("10,000 tokens")]
    private readonly Dictionary<UInt128, (int Fetch, DateTimeOffset Since)> first = [];

    /// <param name="token">The token.</param>
    /// <param name="nextFetch">The ordinal of the next fetch to begin.</param>
    /// <param name="lastFetch">The ordinal of the last fetch that succeeded.</param>
    /// <returns>Whether a fetch has succeeded that began after the token came for the first time.</returns>
    public bool IsDecided(string token, int nextFetch, int lastFetch)
    {
        var key = MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var now = clock.GetUtcNow();
        if (first.TryGetValue(key, out var known) && now - known.Since < Kept)
        {
            return lastFetch >= known.Fetch;
        }

        if (first.Count >= Max)
        {
            foreach (var (old, _) in first.Where(entry => now - entry.Value.Since >= Kept).ToList())
            {
                first.Remove(old);
            }
        }

        if (first.Count < Max)
        {
            first[key] = (nextFetch, now);
        }

        return false;
    }
}
