using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Upstream;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// Every endpoint with a certificate that must not be trusted. No password is sent, and no endpoint gives an empty answer.
/// </summary>
public sealed class CertificateFaultTests : IDisposable
{
    private readonly string trustFile = Path.GetTempFileName();

    [Theory]
    [InlineData("self-signed")]
    [InlineData("wrong name")]
    [InlineData("expired")]
    public async Task EveryEndpoint_CertificateIsNotTrusted_IsUnreachableAndSendsNothing(string fault)
    {
        using var authority = Certificates.Authority();
        using var certificate = fault switch
        {
            "self-signed" => Certificates.Server(),
            "wrong name" => Certificates.Server(authority, "other.example"),
            _ => Certificates.Server(authority, validForDays: 5),
        };
        await File.WriteAllTextAsync(trustFile, authority.ExportCertificatePem());
        await using var simulator = await StartAsync(certificate);
        var account = simulator.NewAccount();
        await using var clock = new RunningClock();
        await using var gateway = RunningGateway.Start(
            simulator, account, clock.Time,
            ("Upstream:BaseAddress", $"https://localhost:{simulator.BaseAddress.Port}/"), ("Upstream:CertificateAuthorityFile", trustFile));

        foreach (var endpoint in EndpointCase.All(_ => "20240514-7K3M9Q2X4C8N"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Path);
            request.Headers.Accept.ParseAdd(endpoint.Accept);
            using var response = await gateway.Client.SendAsync(request);
            var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(502, (int)response.StatusCode);
            Assert.Equal("upstream-unreachable", problem.GetProperty("code").GetString());
        }

        await using var stream = await OpenStream.StartAsync(gateway.Client, "/messages/stream");
        var told = await stream.NextAsync();
        Assert.Equal("problem", told.EventType);
        Assert.Contains("upstream-unreachable", told.Data, StringComparison.Ordinal);
        Assert.Empty(account.Requests());
    }

    public void Dispose() => File.Delete(trustFile);

    private static Task<RunningSimulator> StartAsync(X509Certificate2 certificate) => RunningSimulator.StartAsync(
        configure: builder => builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate)),
        url: "https://127.0.0.1:0");
}
