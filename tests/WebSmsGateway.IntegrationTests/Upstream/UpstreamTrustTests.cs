using System.Security.Cryptography.X509Certificates;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

public sealed class UpstreamTrustTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    [Fact]
    public async Task AskAsync_SelfSigned_IsRefusedAndNotAskedAgain()
    {
        using var certificate = Certificates.Server();

        Assert.Equal(UpstreamError.Unreachable, await AskAsync(certificate));
    }

    [Fact]
    public async Task AskAsync_PinnedSelfSigned_IsTrusted()
    {
        using var certificate = Certificates.Server();
        var withColons = string.Join(':', Certificates.Fingerprint(certificate).Chunk(2).Select(digits => new string(digits)));

        Assert.Null(await AskAsync(certificate, ("Upstream:CertificateFingerprint", Certificates.Fingerprint(certificate))));
        Assert.Null(await AskAsync(certificate, ("Upstream:CertificateFingerprint", withColons.ToLowerInvariant())));
    }

    [Fact]
    public async Task AskAsync_PinnedWithAnotherName_IsTrusted()
    {
        using var certificate = Certificates.Server(host: "other.example");

        Assert.Null(await AskAsync(certificate, ("Upstream:CertificateFingerprint", Certificates.Fingerprint(certificate))));
    }

    [Fact]
    public async Task AskAsync_AnotherThanThePinned_IsRefused()
    {
        using var certificate = Certificates.Server();
        using var another = Certificates.Server();

        Assert.Equal(
            UpstreamError.Unreachable,
            await AskAsync(certificate, ("Upstream:CertificateFingerprint", Certificates.Fingerprint(another))));
    }

    [Theory]
    [InlineData(-10, 5)]
    [InlineData(5, 10)]
    public async Task AskAsync_PinnedButExpiredOrNotYetValid_IsRefused(int from, int days)
    {
        using var certificate = Certificates.Server(validFromDay: from, validForDays: days);

        Assert.Equal(
            UpstreamError.Unreachable,
            await AskAsync(certificate, ("Upstream:CertificateFingerprint", Certificates.Fingerprint(certificate))));
    }

    [Fact]
    public async Task AskAsync_OfConfiguredAuthority_IsTrusted()
    {
        using var unrelated = Certificates.Authority("Unrelated");
        using var authority = Certificates.Authority();
        using var certificate = Certificates.Server(authority);

        Assert.Null(await AskAsync(certificate, Trust(unrelated, authority)));
    }

    [Fact]
    public async Task AskAsync_OfIntermediateInTheFile_IsTrusted()
    {
        using var root = Certificates.Authority("Root");
        using var intermediate = Certificates.Authority("Intermediate", root);
        using var certificate = Certificates.Server(intermediate);

        Assert.Null(await AskAsync(certificate, Trust(root, intermediate)));
    }

    [Fact]
    public async Task AskAsync_OfIntermediateThatTheServerSends_IsTrusted()
    {
        using var root = Certificates.Authority("Root");
        using var intermediate = Certificates.Authority("Intermediate", root);
        using var certificate = Certificates.Server(intermediate);
        await using var server = new ScriptedServer(certificate, Reply.Ok(Reply.Message)) { Intermediates = [intermediate] };
        await using var host = new UpstreamHost(server.Address("localhost"), null, Trust(root));

        Assert.Null((await host.AskAsync()).Failure);
    }

    [Fact]
    public async Task AskAsync_OfConfiguredAuthorityWithAnotherName_IsRefused()
    {
        using var authority = Certificates.Authority();
        using var certificate = Certificates.Server(authority, "other.example");

        Assert.Equal(UpstreamError.Unreachable, await AskAsync(certificate, Trust(authority)));
    }

    [Fact]
    public async Task AskAsync_OfConfiguredAuthorityButExpired_IsRefused()
    {
        using var authority = Certificates.Authority();
        using var certificate = Certificates.Server(authority, validForDays: 5);

        Assert.Equal(UpstreamError.Unreachable, await AskAsync(certificate, Trust(authority)));
    }

    [Fact]
    public async Task AskAsync_OfAnotherAuthorityOfTheSameName_IsRefused()
    {
        using var authority = Certificates.Authority();
        using var impostor = Certificates.Authority();
        using var certificate = Certificates.Server(impostor);

        Assert.Equal(UpstreamError.Unreachable, await AskAsync(certificate, Trust(authority)));
    }

    public void Dispose() => File.Delete(file);

    private static async Task<UpstreamError?> AskAsync(X509Certificate2 certificate, params (string, string)[] settings)
    {
        await using var server = new ScriptedServer(certificate, Reply.Ok(Reply.Message));
        await using var host = new UpstreamHost(server.Address("localhost"), null, [("Upstream:Retries", "2"), .. settings]);

        var answer = await host.AskAsync();

        // The password must not be sent to a server with a refused certificate.
        Assert.Equal(answer.Failure is null ? 1 : 0, server.Requests.Count);
        return answer.Failure?.Error;
    }

    private (string, string) Trust(params X509Certificate2[] authorities)
    {
        File.WriteAllText(file, string.Join('\n', authorities.Select(authority => authority.ExportCertificatePem())));
        return ("Upstream:CertificateAuthorityFile", file);
    }
}
