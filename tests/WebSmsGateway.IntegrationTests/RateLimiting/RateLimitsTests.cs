using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Authentication;
using static WebSmsGateway.IntegrationTests.Authentication.ProbeGateway;

namespace WebSmsGateway.IntegrationTests.RateLimiting;

public sealed class RateLimitsTests
{
    private const string Origin = "https://shop.example.com";

    [Fact]
    public async Task Caller_AboveItsOwnLimit_Gets429WithHeadersAndOthersGoOn()
    {
        await using var gateway = await StartAsync(("Authentication:ApiKeys:0:RequestsPerMinute", "2"));
        using var first = await gateway.GetAsync("/probe/caller", ("X-Api-Key", ShopKey));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));
        using var refused = await gateway.GetAsync("/probe/caller", ("X-Api-Key", ShopKey));

        Assert.Equal("\"default\";r=1;t=30", HeaderOf(first, "RateLimit"));
        Assert.Equal("\"default\";q=2;w=60", HeaderOf(first, "RateLimit-Policy"));
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.StartsWith("\"default\";r=0;t=", HeaderOf(refused, "RateLimit"), StringComparison.Ordinal);
        Assert.Equal("\"default\";q=2;w=60", HeaderOf(refused, "RateLimit-Policy"));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Contains("\"rate-limited\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", BankKey)));
    }

    [Fact]
    public async Task Caller_WithoutALimitOfItsOwn_HasTheDefault()
    {
        await using var gateway = await StartAsync(("RateLimiting:RequestsPerMinute", "77"));
        using var response = await gateway.GetAsync("/probe/caller", ("X-Api-Key", ShopKey));

        Assert.Equal("\"default\";q=77;w=60", HeaderOf(response, "RateLimit-Policy"));
    }

    [Fact]
    public async Task Address_WithWrongCredentials_IsStoppedButRightOnesFromItAreNot()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var gateway = await StartAsync(Clock(), [.. issuer.Settings, ("RateLimiting:UnauthenticatedPerMinute", "3")]);
        (string, string) wrongToken = ("Authorization", "Bearer " + issuer.Token(Shop, token => token.Audience = "another-service"));

        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "wrong")));
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", wrongToken));
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey), ("Authorization", "Bearer x")));

        Assert.Equal(429, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "wrong")));
        Assert.Equal(429, await gateway.StatusOfAsync("/probe/caller", wrongToken));
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller"));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("Authorization", "Bearer " + issuer.Token(Shop))));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));
    }

    [Fact]
    public async Task Address_WithNoiseWithoutCredentials_IsStoppedButCredentialsFromItAreNot()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var gateway = await StartAsync(Clock(), issuer.Settings);
        for (var request = 0; request < 120; request++)
        {
            Assert.Equal(404, await gateway.StatusOfAsync("/nowhere"));
        }

        Assert.Equal(429, await gateway.StatusOfAsync("/nowhere"));
        Assert.Equal(429, await gateway.StatusOfAsync("/probe/caller"));
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "wrong")));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("Authorization", "Bearer " + issuer.Token(Shop))));
        Assert.Equal(200, await gateway.StatusOfAsync("/unlimited"));
    }

    [Fact]
    public async Task Preflights_OfAPage_AreCountedApart()
    {
        await using var gateway = await StartAsync(
            Clock(), ("Cors:Origins:0", Origin), ("RateLimiting:UnauthenticatedPerMinute", "1"), ("RateLimiting:RequestsPerMinute", "2"));
        for (var request = 0; request < 600; request++)
        {
            Assert.Equal(204, await PreflightAsync(gateway));
        }

        Assert.Equal(429, await PreflightAsync(gateway));
        Assert.Equal(404, await gateway.StatusOfAsync("/nowhere", ("Origin", Origin)));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey), ("Origin", Origin)));
    }

    [Fact]
    public async Task TokenCaller_AboveTheDefault_IsStoppedByItsSubject()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var gateway = await StartAsync([.. issuer.Settings, ("RateLimiting:RequestsPerMinute", "2")]);

        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", TokenOf("alice")));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", TokenOf("alice")));
        Assert.Equal(429, await gateway.StatusOfAsync("/probe/caller", TokenOf("alice")));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", TokenOf("bob")));

        (string, string) TokenOf(string subject) =>
            ("Authorization", "Bearer " + issuer.Token(Shop, token => token.Claims["sub"] = subject));
    }

    /// <summary>A clock that stands still, so that no bucket fills again.</summary>
    private static FakeTimeProvider Clock() => new(TimeProvider.System.GetUtcNow());

    private static async Task<int> PreflightAsync(ProbeGateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/probe/caller");
        request.Headers.Add("Origin", Origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var response = await gateway.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static string HeaderOf(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
