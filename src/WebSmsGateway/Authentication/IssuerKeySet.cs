using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace WebSmsGateway.Authentication;

/// <summary>The keys of the issuer as one fetch brought them, and the rules for tokens that they sign.</summary>
internal sealed class IssuerKeySet
{
    // Only asymmetric algorithms are accepted. With HMAC, anyone could sign with the issuer's public key as the secret.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly IssuerKey[] all;
    private readonly IssuerKey[] unnamed;
    private readonly FrozenDictionary<string, IssuerKey[]> named;

    /// <param name="fetch">The ordinal of the fetch.</param>
    /// <param name="configuration">What the issuer said.</param>
    /// <param name="audience">The audience that tokens must be for.</param>
    /// <param name="before">The set that this one replaces; keys that are in both go on.</param>
    public IssuerKeySet(int fetch, OpenIdConnectConfiguration configuration, string? audience, IssuerKeySet? before)
    {
        Fetch = fetch;
        var known = before?.all.ToDictionary(key => key.Identity) ?? [];
        all = [.. configuration.SigningKeys.Select(key => new IssuerKey(key, new CancellationTokenSource())).DistinctBy(key => key.Identity)
            .Select(key => known.GetValueOrDefault(key.Identity, key))];
        unnamed = Array.FindAll(all, key => key.Id.Length == 0);
        named = all.Where(key => key.Id.Length > 0).GroupBy(key => key.Id).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        Rules = new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            ValidateIssuer = true,
            ValidIssuer = configuration.Issuer,
            ValidateIssuerSigningKey = true,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, id, _) => Candidates(id ?? "").Select(key => key.Key),
            ValidateAudience = true,
            ValidAudience = audience,

            // TokenCallers checks the times by the clock of the gateway.
            ValidateLifetime = false,
        };
    }

    /// <summary>Whether a token with this algorithm may be valid.</summary>
    public static bool IsAccepted(string algorithm) => Algorithms.Contains(algorithm);

    /// <summary>The ordinal of the fetch that brought the set.</summary>
    public int Fetch { get; }

    public TokenValidationParameters Rules { get; }

    public int Count => all.Length;

    /// <summary>The keys that may have signed a token with this <c>kid</c>; empty means that a newer set may have it.</summary>
    public IReadOnlyList<IssuerKey> Candidates(string id) => id.Length == 0 ? all : named.GetValueOrDefault(id, unnamed);

    /// <summary>The key with this hash of its identity; null if it is not here.</summary>
    public IssuerKey? Find(ReadOnlySpan<byte> identityHash)
    {
        foreach (var key in all)
        {
            if (identityHash.SequenceEqual(key.IdentityHash))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Ends everything that tokens of removed keys have opened.</summary>
    public int WithdrawWhatIsNotIn(IssuerKeySet next)
    {
        var removed = all.Except(next.all).ToList();
        removed.ForEach(key => _ = key.Life.CancelAsync());
        return removed.Count;
    }
}

/// <summary>A key of the issuer.</summary>
/// <param name="Key">The key.</param>
/// <param name="Life">Cancelled when the issuer has taken the key off its list.</param>
internal sealed record IssuerKey(SecurityKey Key, CancellationTokenSource Life)
{
    public string Id => Key.KeyId ?? "";

    public CancellationToken Withdrawn => Life.Token;

    /// <summary>What makes it the same key in a later set: its name and its numbers.</summary>
    public string Identity { get; } = IdentityOf(Key);

    /// <summary>The hash of <see cref="Identity"/>, by which a ticket names the key.</summary>
    public byte[] IdentityHash { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(IdentityOf(Key)));

    private static string IdentityOf(SecurityKey key) =>
        $"{key.GetType().Name} {key.KeyId} {(key.CanComputeJwkThumbprint() ? Convert.ToBase64String(key.ComputeJwkThumbprint()) : "")}";
}
