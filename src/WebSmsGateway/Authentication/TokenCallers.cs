using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Callers with a token: the rules for valid tokens, and the numbers from their claims.</summary>
internal sealed partial class TokenCallers(IOptions<AuthenticationOptions> options)
{
    private const int MaxClaims = 10_000;
    private const int MaxClaimLength = 1_000;
    private const int MaxNameLength = 64;

    // Only asymmetric algorithms are accepted. With HMAC, anyone could sign with the issuer's public key as the secret.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    // Making a set hashes its numbers, and the same claims come repeatedly.
    private readonly ConcurrentDictionary<string, NumberSet> known = new(StringComparer.Ordinal);

    public bool AreAccepted => !string.IsNullOrEmpty(options.Value.Jwt.Authority);

    public void Configure(JwtBearerOptions bearer)
    {
        var settings = options.Value.Jwt;
        bearer.Authority = settings.Authority;
        bearer.Audience = settings.Audience;
        bearer.RequireHttpsMetadata = !(Uri.TryCreate(settings.Authority, UriKind.Absolute, out var authority) && authority.IsLoopback);
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.BackchannelTimeout = TimeSpan.FromSeconds(10);
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuer = true,
            ValidateIssuerSigningKey = true,
            ValidateAudience = true,
            ValidAudience = settings.Audience,
            ValidateLifetime = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
        bearer.Events = new JwtBearerEvents { OnTokenValidated = TakeCallerAsync };
    }

    private Task TakeCallerAsync(TokenValidatedContext context)
    {
        var claims = context.Principal!;
        var subject = claims.FindFirst("sub")?.Value ?? claims.FindFirst("client_id")?.Value ?? claims.FindFirst("azp")?.Value ?? "";
        var issuer = claims.FindFirst("iss")?.Value;
        var caller = new Caller($"jwt:{issuer} {subject}", NameOf(subject), NumbersOf(claims), RequestsPerMinute: null);
        context.Principal = new CallerPrincipal(caller);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A name for logs: the start of the subject, with telephone numbers masked, without line breaks and other control characters.
    /// </summary>
    private static string NameOf(string subject)
    {
        var masked = TelephoneNumber().Replace(subject, number => Masked([.. number.Value.Where(char.IsAsciiDigit)]));
        return "jwt:" + new string([.. masked.Take(MaxNameLength).Select(character => char.IsControl(character) ? '?' : character)]);
    }

    private NumberSet NumbersOf(ClaimsPrincipal claims)
    {
        var claim = string.Join(' ', claims.FindAll(options.Value.Jwt.NumbersClaim).Select(part => part.Value));
        if (known.TryGetValue(claim, out var read))
        {
            return read;
        }

        var numbers = NumberSet.Parse(NumberList.Parse(claim));
        if (claim.Length <= MaxClaimLength)
        {
            if (known.Count >= MaxClaims)
            {
                known.Clear();
            }

            known[claim] = numbers;
        }

        return numbers;
    }

    // As RentedNumber.Masked; of a shorter number as much stays hidden.
    private static string Masked(char[] digits) => digits.Length < 11
        ? $"{digits[0]}*****"
        : $"{string.Concat(digits.Take(4))}*****{digits[^2]}{digits[^1]}";

    // Ids have letters among their digits, and stay as they are, so that callers can be told apart.
    [GeneratedRegex(@"(?<![\p{L}\p{N}_.\-])[+(]?\d(?:[\s().\-]{0,3}\d){6,}(?![\p{L}\p{N}_\-])")]
    private static partial Regex TelephoneNumber();
}
