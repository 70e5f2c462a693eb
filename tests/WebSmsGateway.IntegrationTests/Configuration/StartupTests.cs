using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Configuration;

public sealed class StartupTests
{
    [Fact]
    public async Task Start_WithoutCredentials_SaysSoInPlainLinesAndPointsToTheSandbox()
    {
        var (exitCode, lines) = await GatewayProcess.RunAsync(directory: null);

        Assert.Equal(1, exitCode);
        Assert.Single(lines, line => line.StartsWith("Upstream:Username: ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Upstream:Password: ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Authentication:ApiKeys: nobody could call.", StringComparison.Ordinal));
        Assert.EndsWith("dotnet run --project src/WebSmsGateway.Sandbox", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithManyFaults_NamesEachOnceInOrderAndShowsNoSecret()
    {
        var (exitCode, lines) = await GatewayProcess.RunAsync(
            directory: null,
            ("Upstream__Username", "demo"), ("Upstream__Password__Typo", "s3cret"), ("Upstream__Timeout", "abc"),
            ("Upstream__Format", "yaml"), ("Upstream__Retries", "11"), ("Upstream__Pasword", "s3cret"), ("Upsteam__Scope", "Account"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Upstream:Timeout: 'abc' is no duration; write [d.]hh:mm:ss, for example 00:00:10", lines);
        Assert.Contains("Upstream:Format: 'yaml' is not known; write json, xml or txt", lines);
        Assert.Contains("Upstream:Pasword: unknown key; did you mean Upstream:Password?", lines);
        Assert.Contains("Upsteam: unknown section; did you mean Upstream?", lines);
        Assert.Single(lines, line => line.StartsWith("Upstream:Retries: ", StringComparison.Ordinal));
        var keys = lines.Where(line => line.StartsWith("Upstream:", StringComparison.Ordinal)).ToList();
        Assert.Equal(keys.Order(StringComparer.OrdinalIgnoreCase), keys);
        Assert.DoesNotContain(lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithFaultsInEverySection_IsRefusedWithOneLineForEach()
    {
        var (exitCode, lines) = await GatewayProcess.RunAsync(
            directory: null,
            ("Upstream__Username", "demo"), ("Upstream__Password", "s3cret"), ("Upstream__TimeZone", "Europe/Moskwa"),
            ("Upstream__Timeout", "-00:00:10"), ("Upstream__CertificateAuthorityFile", "/nowhere/authority.pem"),
            ("Cache__Redis", "localhost:6379,password=s3cret,ssl=perhaps"), ("Cache__EncryptionKeys__0", "s3cret=="),
            ("Cache__Freshness", "-00:00:05"), ("Cache__MaxStale", "-1.00:00:00"), ("Limits__MaxRange", "-1.00:00:00"),
            ("Authentication__ApiKeys__0__Name", "shop"), ("Authentication__ApiKeys__0__Sha256", "s3cret"),
            ("Authentication__ApiKeys__0__Numbers", "89021234567"), ("RentedNumbers__0__Number", "902-123"),
            ("Cors__Origins__0", "https://shop.example.com/path"), ("ForwardedHeaders__KnownProxies__0", "proxy"));

        Assert.Equal(1, exitCode);
        Assert.Equal(
            [
                "Authentication:ApiKeys:0:Numbers:0", "Authentication:ApiKeys:0:Sha256", "Cache:EncryptionKeys:0", "Cache:Freshness",
                "Cache:MaxStale", "Cache:Redis", "Cors:Origins:0", "ForwardedHeaders:KnownProxies:0", "Limits:MaxRange",
                "RentedNumbers:0:Number", "Upstream:CertificateAuthorityFile", "Upstream:Timeout", "Upstream:TimeZone",
            ],
            lines.Select(line => line.Split(": ")[0]));
        Assert.All(lines, line => Assert.InRange(line.Length, 30, 200));
        Assert.DoesNotContain(lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithADamagedFile_SaysWhichInOneLine()
    {
        var directory = Directory.CreateTempSubdirectory("gateway-test-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "appsettings.json"), """{ "Upstream": { "Password": "s3cret" """);
            var (exitCode, lines) = await GatewayProcess.RunAsync(directory.FullName);

            Assert.Equal(1, exitCode);
            var line = Assert.Single(lines);
            Assert.Contains("appsettings.json", line, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
