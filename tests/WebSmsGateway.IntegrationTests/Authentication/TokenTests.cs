using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using static WebSmsGateway.IntegrationTests.Authentication.ProbeGateway;

namespace WebSmsGateway.IntegrationTests.Authentication;

public sealed class TokenTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private ProbeGateway gateway = null!;

    public async Task InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        gateway = await StartAsync([.. issuer.Settings, ("RateLimiting:UnauthenticatedPerMinute", "1000000")]);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Numbers_AsStringOrArray_AreWhatTheTokenMayRead()
    {
        Assert.Equal(200, await StatusAsync(issuer.Token(Shop)));
        Assert.Equal(200, await StatusAsync(issuer.Token("79990000000 +" + Shop)));
        Assert.Equal(200, await StatusAsync(issuer.Token("79990000000," + Shop)));
        Assert.Equal(200, await StatusAsync(issuer.Token(new[] { "79990000000", Shop })));
        Assert.Equal(200, await StatusAsync(issuer.Token(79021234567)));
        Assert.Equal(200, await StatusAsync(issuer.Token("*")));
        Assert.Equal(403, await StatusAsync(issuer.Token(Bank)));
        Assert.Equal(403, await StatusAsync(issuer.Token("7902*")));
    }

    [Theory]
    [InlineData("\"*\"", true)]
    [InlineData("[\"*\"]", true)]
    [InlineData("[\"79990000000\", 79021234567]", true)]
    [InlineData("[\"79990000000 79021234567\"]", true)]
    [InlineData("\" 79021234567 , +79990000000 \"", true)]
    [InlineData("{\"note\":\"these * only\"}", false)]
    [InlineData("{\"79021234567\":true}", false)]
    [InlineData("[{\"label\":\"a * b\"}]", false)]
    [InlineData("[\"79021234567\", {\"label\":\"a\"}]", false)]
    [InlineData("[[\"79021234567\"]]", false)]
    [InlineData("[[\"*\"]]", false)]
    [InlineData("\"* \"", false)]
    [InlineData("\" *\"", false)]
    [InlineData("\"**\"", false)]
    [InlineData("\"* 79021234567\"", false)]
    [InlineData("\"these * only\"", false)]
    [InlineData("\"79021234567;79990000000\"", false)]
    [InlineData("\"79021234567 and others\"", false)]
    [InlineData("[\"79021234567\", null]", false)]
    [InlineData("[\"79021234567\", \"\"]", false)]
    [InlineData("\"7902123456*\"", false)]
    [InlineData("7.9021234567e10", false)]
    [InlineData("true", false)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"\\u002a\"", true)]
    public async Task Numbers_ClaimOfAnyShape_GivesExactlyWhatItSaysOrNothing(string claim, bool isGiven)
    {
        var token = issuer.Signed(Header, Payload($"\"rented_numbers\":{claim}"));

        Assert.Equal(isGiven ? 200 : 403, await StatusAsync(token));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", Bearer(token)));
    }

    [Theory]
    [InlineData("\"typ\":\"JWT\"", 200)]
    [InlineData("\"typ\":\"at+jwt\"", 200)]
    [InlineData("\"typ\":\"application/at+JWT\"", 200)]
    [InlineData("\"x\":1", 200)]
    [InlineData("\"typ\":\"logout+jwt\"", 401)]
    [InlineData("\"typ\":\"dpop+jwt\"", 401)]
    [InlineData("\"typ\":\"id_token\"", 401)]
    [InlineData("\"typ\":\"\"", 401)]
    [InlineData("\"typ\":null", 401)]
    [InlineData("\"typ\":[\"JWT\"]", 401)]
    [InlineData("\"crit\":[\"exp\"]", 401)]
    [InlineData("\"crit\":[]", 401)]
    [InlineData("\"crit\":null", 401)]
    [InlineData("\"typ\":\"JWT\",\"typ\":\"logout+jwt\"", 401)]
    [InlineData("\"typ\":\"JWT\",\"alg\":\"none\"", 401)]
    public async Task Header_SignedByTheIssuer_IsCheckedAllTheSame(string header, int status) =>
        Assert.Equal(status, await StatusAsync(issuer.Signed(
            $$"""{"alg":"RS256","kid":"first",{{header}}}""", Payload($"\"rented_numbers\":\"{Shop}\""))));

    [Fact]
    public async Task Payload_WithTwoEqualNames_IsRefused() =>
        Assert.Equal(401, await StatusAsync(issuer.Signed(Header, Payload($"\"rented_numbers\":\"{Bank}\",\"rented_numbers\":\"*\""))));

    [Fact]
    public async Task Token_InTwoHeaders_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/caller");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer " + issuer.Token(Shop), "Bearer " + issuer.Token(Bank)]);
        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Numbers_ClaimMissing_IsACallerWithoutNumbers()
    {
        var token = issuer.Token(numbers: null);

        Assert.Equal(403, await StatusAsync(token));
        using var response = await gateway.GetAsync("/probe/caller", Bearer(token));
        Assert.Equal("jwt:alice", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Token_OneThingWrong_Is401()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        using var otherRsa = RSA.Create(2048);
        var bad = new Dictionary<string, string>
        {
            ["expired"] = issuer.Token(Shop, token => (token.NotBefore, token.Expires) = (now.AddHours(-2), now.AddHours(-1))),
            ["not yet valid"] = issuer.Token(Shop, token => (token.NotBefore, token.Expires) = (now.AddHours(1), now.AddHours(2))),
            ["without expiry"] = issuer.Token(Shop, token => token.Expires = null),
            ["other issuer"] = issuer.Token(Shop, token => token.Issuer = "https://elsewhere.example.com"),
            ["without issuer"] = issuer.Token(Shop, token => token.Issuer = null),
            ["other audience"] = issuer.Token(Shop, token => token.Audience = "another-service"),
            ["without audience"] = issuer.Token(Shop, token => token.Audience = null),
            ["unsigned"] = issuer.Token(Shop, token => token.SigningCredentials = null),
            ["other key, same id"] = issuer.Token(Shop, token => token.SigningCredentials =
                new SigningCredentials(new RsaSecurityKey(otherRsa) { KeyId = "first" }, SecurityAlgorithms.RsaSha256)),
        };
        foreach (var secret in PublicKeysAsSecrets())
        {
            bad["HMAC with the public key, " + bad.Count] = issuer.Token(Shop, token => token.SigningCredentials =
                new SigningCredentials(new SymmetricSecurityKey(secret) { KeyId = "first" }, SecurityAlgorithms.HmacSha256));
        }

        foreach (var (what, token) in bad)
        {
            Assert.True(await StatusAsync(token) == 401, what);
        }

        Assert.Equal(200, await StatusAsync(issuer.Token(Shop)));
    }

    [Fact]
    public async Task Unauthenticated_TokensAccepted_NamesBothSchemesAndSaysThatATokenExpired()
    {
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        using var response = await gateway.GetAsync(
            "/probe/caller", Bearer(issuer.Token(Shop, token => (token.NotBefore, token.Expires) = (past.AddHours(-1), past))));

        Assert.Equal(["ApiKey", "Bearer"], response.Headers.WwwAuthenticate.Select(scheme => scheme.Scheme));
        Assert.Contains("The token has expired.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyAndToken_InOneRequest_AreRefused() =>
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey), Bearer(issuer.Token(Shop))));

    [Fact]
    public async Task Key_WithAProxysBasicAuthorization_Counts() =>
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey), ("Authorization", "Basic cHJveHk6eA==")));

    [Fact]
    public async Task Token_IssuerDown_Is503AndKeysWorkOn()
    {
        var token = issuer.Token(Shop);
        await using var early = await StartAsync(
            ("Authentication:Jwt:Authority", "http://127.0.0.1:9"), ("Authentication:Jwt:Audience", "x"));
        using var response = await early.GetAsync("/probe/caller", Bearer(token));

        Assert.Equal(503, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("authentication-unavailable", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, await early.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));
    }

    [Fact]
    public async Task Token_Wrong_CostsNoStackTraceInTheLog()
    {
        await StatusAsync("not.a.token");
        await StatusAsync(issuer.Token(Shop, token => token.Audience = "another-service"));

        Assert.DoesNotContain(gateway.Log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.All(gateway.Log.Lines, line => Assert.InRange(line.Length, 0, 300));
    }

    [Fact]
    public async Task Tokens_TenThousandMutants_AreAllRefusedAndTheOriginalIsNot()
    {
        var original = issuer.Token(Shop);
        var mutants = new TokenMutants(original, issuer, seed: 4711).Take(10_000);
        var accepted = 0;

        await Parallel.ForEachAsync(mutants, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (token, _) =>
        {
            // A token of an unknown key is undecided until the issuer has been asked.
            if (await StatusAsync(token) is not (401 or 503))
            {
                Interlocked.Increment(ref accepted);
            }
        });

        Assert.Equal(0, accepted);
        Assert.Equal(200, await StatusAsync(original));
    }

    private static (string Name, string Value) Bearer(string token) => ("Authorization", "Bearer " + token);

    private const string Header = """{"alg":"RS256","kid":"first"}""";

    private string Payload(string claims)
    {
        var expires = TimeProvider.System.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        return $$"""{"iss":"{{issuer.Authority}}","aud":"{{TestIssuer.Audience}}","sub":"alice","exp":{{expires}},{{claims}}}""";
    }

    private IEnumerable<byte[]> PublicKeysAsSecrets() =>
    [
        Encoding.ASCII.GetBytes(issuer.Rsa.ExportSubjectPublicKeyInfoPem()),
        issuer.Rsa.ExportSubjectPublicKeyInfo(),
        issuer.Rsa.ExportRSAPublicKey(),
        issuer.Rsa.ExportParameters(false).Modulus!,
    ];

    private Task<int> StatusAsync(string token) => gateway.StatusOfAsync($"/probe/numbers/{Shop}", Bearer(token));
}
