using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>
/// An issuer of tokens on a real socket, with OpenID metadata, a key set, and valid and faulty tokens. It can change its key and be silent.
/// </summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "websms-gateway";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly WebApplication app;
    private (RSA Rsa, string? Id) key = (RSA.Create(2048), "first");
    private TaskCompletionSource speaks = new();
    private int fetches;

    private TestIssuer(WebApplication app)
    {
        this.app = app;
        Rsa = key.Rsa;
        speaks.SetResult();
    }

    /// <summary>The clock by which tokens are valid.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The first key.</summary>
    public RSA Rsa { get; }

    public string Authority => app.Urls.Single();

    public SigningCredentials Credentials => CredentialsOf(key.Rsa, key.Id);

    public (string Key, string Value)[] Settings =>
        [("Authentication:Jwt:Authority", Authority), ("Authentication:Jwt:Audience", Audience)];

    /// <summary>How often somebody has asked for its metadata.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        app.MapGet("/.well-known/openid-configuration", async (HttpRequest request) =>
        {
            Interlocked.Increment(ref issuer.fetches);
            await Volatile.Read(ref issuer.speaks).Task.WaitAsync(request.HttpContext.RequestAborted);
            var authority = $"{request.Scheme}://{request.Host}";
            return Results.Text($$"""{"issuer":"{{authority}}","jwks_uri":"{{authority}}/keys"}""", "application/json");
        });
        app.MapGet("/keys", () => Results.Text($$"""{"keys":[{{issuer.PublicKey()}}]}""", "application/json"));
        await app.StartAsync();
        return issuer;
    }

    public static SigningCredentials CredentialsOf(RSA rsa, string? keyId) => new(new RsaSecurityKey(rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256);

    /// <summary>Signs with a new key and publishes it alone.</summary>
    public void ChangeKey(string? id) => key = (RSA.Create(2048), id);

    /// <summary>Takes questions and answers none.</summary>
    public void FallSilent() => Volatile.Write(ref speaks, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Speak() => Volatile.Read(ref speaks).TrySetResult();

    /// <summary>A valid token for a number. The change can make it invalid.</summary>
    public string Token(object? numbers, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = Clock.GetUtcNow().UtcDateTime;
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

    /// <summary>A token of any header and payload, signed by the issuer.</summary>
    public string Signed(string header, string payload)
    {
        var text = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
        var signature = key.Rsa.SignData(System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64UrlEncoder.Encode(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        Speak();
        await app.DisposeAsync();
        key.Rsa.Dispose();
        Rsa.Dispose();
    }

    private string PublicKey()
    {
        var (rsa, id) = key;
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)));
        return $$"""{"kty":"RSA","use":"sig",{{(id is null ? "" : $"\"kid\":\"{id}\",")}}"n":"{{jwk.N}}","e":"{{jwk.E}}"}""";
    }
}
