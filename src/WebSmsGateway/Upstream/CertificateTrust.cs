using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebSmsGateway.Upstream;

/// <summary>
/// Decides which server certificates are trusted: those that the system trusts and those that are configured. The check cannot be
/// switched off.
/// </summary>
/// <remarks>
/// A certificate of a configured authority must have the name of the host and be valid now, like any other. The certificate with the
/// configured fingerprint may be self-signed and have another name, because the fingerprint is the stricter identity. It is refused
/// when it has expired, because an operator who pins a certificate has to renew the pin too.
/// </remarks>
internal sealed class CertificateTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly byte[]? fingerprint;
    private readonly X509Certificate2Collection authorities;
    private readonly TimeProvider time;

    public CertificateTrust(UpstreamOptions options, TimeProvider time)
    {
        this.time = time;
        fingerprint = string.IsNullOrWhiteSpace(options.CertificateFingerprint) ? null : ReadFingerprint(options.CertificateFingerprint);
        authorities = string.IsNullOrWhiteSpace(options.CertificateAuthorityFile) ? [] : ReadAuthorities(options.CertificateAuthorityFile);
    }

    /// <summary>Reads 64 hexadecimal digits, with or without colons; null if the text is anything else.</summary>
    public static byte[]? ReadFingerprint(string text)
    {
        var digits = text.Trim().Replace(":", "", StringComparison.Ordinal);
        return digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;
    }

    /// <summary>Reads the certificates of a PEM file. The result is empty if the file cannot be read.</summary>
    public static X509Certificate2Collection ReadAuthorities(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(path);
            return certificates;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return [];
        }
    }

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
        || (certificate is X509Certificate2 leaf
            && (IsPinned(leaf) || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsOfAuthority(leaf, chain))));

    private bool IsPinned(X509Certificate2 leaf)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return fingerprint is not null
            && CryptographicOperations.FixedTimeEquals(leaf.GetCertHash(HashAlgorithmName.SHA256), fingerprint)
            && now >= leaf.NotBefore.ToUniversalTime()
            && now <= leaf.NotAfter.ToUniversalTime();
    }

    private bool IsOfAuthority(X509Certificate2 leaf, X509Chain? sent)
    {
        if (authorities.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;

        // Intermediate authorities come from the configured file and from the server.
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(leaf);
    }
}
