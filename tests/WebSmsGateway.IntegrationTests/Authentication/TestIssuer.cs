using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>An issuer of tokens on a real socket, with OpenID metadata, a key set, and valid and faulty tokens.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "websms-gateway";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly WebApplication app;

    private TestIssuer(WebApplication app, RSA rsa)
    {
        this.app = app;
        Rsa = rsa;
    }

    public RSA Rsa { get; }

    public string Authority => app.Urls.Single();

    public SigningCredentials Credentials => new(new RsaSecurityKey(Rsa) { KeyId = "first" }, SecurityAlgorithms.RsaSha256);

    public (string Key, string Value)[] Settings =>
        [("Authentication:Jwt:Authority", Authority), ("Authentication:Jwt:Audience", Audience)];

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var rsa = RSA.Create(2048);
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = "first" });
        app.MapGet("/.well-known/openid-configuration", (HttpRequest request) =>
        {
            var authority = $"{request.Scheme}://{request.Host}";
            return Results.Text($$"""{"issuer":"{{authority}}","jwks_uri":"{{authority}}/keys"}""", "application/json");
        });
        app.MapGet("/keys", () => Results.Text(
            $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"first","n":"{{jwk.N}}","e":"{{jwk.E}}"}]}""", "application/json"));
        await app.StartAsync();
        return new TestIssuer(app, rsa);
    }

    /// <summary>A valid token for a number. The change can make it invalid.</summary>
    public string Token(object? numbers, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = Audience,
            NotBefore = now.AddMinutes(-1),
            Expires = now.AddMinutes(10),
            Claims = new Dictionary<string, object> { ["sub"] = "alice" },
            SigningCredentials = Credentials,
        };
        if (numbers is not null)
        {
            descriptor.Claims["rented_numbers"] = numbers;
        }

        change?.Invoke(descriptor);
        return Handler.CreateToken(descriptor);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Rsa.Dispose();
    }
}
