using System.Text.Json;
using WebSmsGateway.IntegrationTests.Authentication;
using static WebSmsGateway.IntegrationTests.Authentication.ProbeGateway;

namespace WebSmsGateway.IntegrationTests.Hosting;

/// <summary>A page on the Internet can give its own name an address of this network. A gateway without credentials must not answer to it.</summary>
public sealed class HostCheckTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("192.168.1.10", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("[fe80::1]", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:5080", 200)]
    [InlineData("gateway", 200)]
    [InlineData("gateway.local", 200)]
    [InlineData("gateway.internal:80", 200)]
    [InlineData("websms-gateway.websms.svc", 200)]
    [InlineData("websms-gateway.websms.svc.cluster.local", 200)]
    [InlineData("websms-gateway.websms.svc.cluster.local.", 200)]
    [InlineData("gateway.example.com", 200)]
    [InlineData("Gateway.Example.Com:443", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("evil.example:8080", 400)]
    [InlineData("com.", 400)]
    [InlineData("gateway.example.com.evil.example", 400)]
    [InlineData("evil-gateway.example.com", 400)]
    [InlineData("sub.gateway.example.com", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    [InlineData("7f000001.evil.example", 400)]
    [InlineData("local.evil.example", 400)]
    [InlineData("evil.notlocal", 400)]
    public async Task Host_WithoutCredentials_IsAnsweredOnlyIfNoPageOnTheInternetCanHaveIt(string host, int status)
    {
        await using var gateway = await StartWithoutKeysAsync(
            ("Authentication:AllowAnonymous", "true"), ("AllowedHosts", "gateway.example.com;other.example.com"));

        Assert.Equal(status, await gateway.StatusOfAsync("/probe/caller", ("Host", host)));
        Assert.Equal(200, await gateway.StatusOfAsync("/health/ready", ("Host", host)));
    }

    [Fact]
    public async Task Host_Foreign_IsAProblemThatSaysWhatIsAcceptedAndTheStartNamesTheSetting()
    {
        await using var gateway = await StartWithoutKeysAsync(("Authentication:AllowAnonymous", "true"), ("AllowedHosts:0", "sms.example.com"));
        using var response = await gateway.GetAsync("/probe/caller", ("Host", "evil.example"));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal("invalid-request", problem.RootElement.GetProperty("code").GetString());
        Assert.Contains(
            "AllowedHosts=gateway.example.com", problem.RootElement.GetProperty("errors").GetProperty("Host")[0].GetString(), StringComparison.Ordinal);
        Assert.Single(gateway.Log.Lines, line => line.Contains("AllowedHosts: sms.example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_WithCredentials_IsNotChecked()
    {
        await using var gateway = await StartAsync(("AllowedHosts", "gateway.example.com"));

        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey), ("Host", "any.example")));
    }
}
