using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>Certificates made for one test.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static X509Certificate2 Authority(string name = "Test CA", X509Certificate2? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return issuer is null ? request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30)) : Issue(request, issuer, key, 20);
    }

    /// <summary>A server certificate; without an issuer it is self-signed.</summary>
    public static X509Certificate2 Server(
        X509Certificate2? issuer = null, string host = "localhost", int validFromDay = -10, int validForDays = 20)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        return issuer is null
            ? request.CreateSelfSigned(Now.AddDays(validFromDay), Now.AddDays(validFromDay + validForDays))
            : Issue(request, issuer, key, validForDays, validFromDay);
    }

    public static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static X509Certificate2 Issue(
        CertificateRequest request, X509Certificate2 issuer, ECDsa key, int validForDays, int validFromDay = -10)
    {
        using var issued = request.Create(
            issuer, Now.AddDays(validFromDay), Now.AddDays(validFromDay + validForDays), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
