using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Commands;

namespace WebSmsGateway.IntegrationTests.Configuration;

/// <summary>A start that the framework refuses is one line and exit code 1, and <c>check-config</c> finds it before.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FrameworkFaultTests
{
    private static readonly (string Key, string Value)[] Environment =
    [
        ("Upstream__Username", "demo"), ("Upstream__Password", "demo"), ("Authentication__AllowAnonymous", "true"),
    ];

    [Theory]
    [InlineData("urls", "localhost:8080", "urls: 'localhost:8080' is no address; ")]
    [InlineData("urls", "https://127.0.0.1:0", "urls: https needs a certificate; give Kestrel:Certificates:Default:Path")]
    [InlineData("http_ports", "eighty", "http_ports: 'http://*:eighty' has no port up to 65535; ")]
    [InlineData("Logging:LogLevel:Default", "Loud", "Logging:LogLevel:Default: 'Loud' is not known; ")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317", "OTEL_EXPORTER_OTLP_ENDPOINT: the value is no address; ")]
    public async Task Setting_ThatTheFrameworkRefuses_IsOneLineOfStartAndCheck(string key, string value, string line)
    {
        var start = await GatewayImage.RunAsync([$"--{key}={value}"], Environment);
        var check = await GatewayImage.RunAsync(["check-config", $"--{key}={value}"], Environment);

        Assert.Equal((1, 1), (start.ExitCode, check.ExitCode));
        Assert.StartsWith(line, start.Error, StringComparison.Ordinal);
        Assert.Equal(start.Error, check.Error);
        Assert.Single(start.Error.TrimEnd().Split('\n'));
        Assert.Empty(start.Output);
    }

    [Fact]
    public async Task Certificate_ThatCannotBeRead_IsOneLine()
    {
        var (exitCode, output, error) = await GatewayImage.RunAsync(
            ["--urls=https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=/nowhere/gateway.pfx"], Environment);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("Kestrel:Certificates:Default:Path: cannot be read there; ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_OfTheFrameworkAndOfOurs_ComeTogether()
    {
        var (exitCode, _, error) = await GatewayImage.RunAsync(
            ["--urls=localhost:8080", "--Logging:LogLevel:Default=Loud", "--Upstream:Timeout=48:00:00"], Environment);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            ["Logging:LogLevel:Default", "Upstream:Timeout", "urls"], error.TrimEnd().Split('\n').Select(line => line.Split(": ")[0]));
    }

    [Fact]
    public async Task Port_InUse_IsOneLineOfTheStartAndAWarningOfTheCheck()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        var start = await GatewayImage.RunAsync([$"--urls={url}"], Environment);
        Assert.Equal(1, start.ExitCode);
        Assert.Equal($"The gateway cannot start: Failed to bind to address {url}: address already in use.", start.Error.TrimEnd());
        Assert.DoesNotContain("   at ", start.Output, StringComparison.Ordinal);

        var check = await GatewayImage.RunAsync(["check-config", $"--urls={url}"], Environment);
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains($"Warning: another program listens at {url}, perhaps a running gateway.", check.Output, StringComparison.Ordinal);
    }

    /// <summary>What no check foresees ends in one line too.</summary>
    [Theory]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://192.0.2.1:8080")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://unix:/nowhere/at/all/gateway.sock")]
    [InlineData("contentRoot", "/nowhere/at/all")]
    public async Task Start_RefusedForAnotherReason_IsOneLine(string key, string value)
    {
        var (exitCode, output, error) = await GatewayImage.RunAsync(
            ["--urls=http://127.0.0.1:0", $"--{key}={value}"], Environment);

        Assert.Equal(1, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
