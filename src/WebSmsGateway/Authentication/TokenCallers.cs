using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>Callers with a token: the rules for valid tokens, and the numbers from their claims.</summary>
internal sealed partial class TokenCallers(IOptions<AuthenticationOptions> options, IssuerKeys issuer, TimeProvider clock)
{
    private const int MaxClaims = 10_000;
    private const int MaxClaimLength = 1_000;
    private const int MaxNameLength = 64;
    private const int MaxSubjectLength = 256;

    /// <summary>How far the clocks of issuer and gateway may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    // Which of two equal names counts differs between readers of JSON, so a token with two is refused.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly CredentialFault NotValid = CredentialFault.Invalid("The token is not valid here.");
    private static readonly CredentialFault Expired = CredentialFault.Invalid("The token has expired.");
    private static readonly CredentialFault IssuerSilent = new(ProblemCode.AuthenticationUnavailable, null);

    // Making a set hashes its numbers, and the same claims come repeatedly.
    [Bounded("MaxClaims; at the bound all are dropped")]
    private readonly ConcurrentDictionary<string, NumberSet> known = new(StringComparer.Ordinal);

    public bool AreAccepted => issuer.IsConfigured;

    /// <summary>The caller of a token, or what is wrong with it. It waits for nobody.</summary>
    public async ValueTask<RequestCaller> FindAsync(string text)
    {
        if (Read(text) is not { } token || !IssuerKeySet.IsAccepted(token.Alg) || !IsTypeAccepted(token))
        {
            return new RequestCaller(NotValid);
        }

        if (issuer.Current is not { } keys)
        {
            return new RequestCaller(IssuerSilent);
        }

        var candidates = keys.Candidates(token.Kid ?? "");
        if (candidates.Count == 0)
        {
            return Undecided(text);
        }

        var result = await Handler.ValidateTokenAsync(token, keys.Rules);
        if (result.IsValid)
        {
            return candidates.FirstOrDefault(key => ReferenceEquals(key.Key, token.SigningKey)) is { } signer
                ? CallerOf(token, signer)
                : new RequestCaller(NotValid);
        }

        // A token that names no key may be signed by one that is not fetched yet.
        return string.IsNullOrEmpty(token.Kid) && result.Exception is SecurityTokenInvalidSignatureException
            ? Undecided(text)
            : new RequestCaller(NotValid);
    }

    private RequestCaller Undecided(string text) => new(issuer.Ask(text) is { } retryAfter
        ? new CredentialFault(
            ProblemCode.AuthenticationUnavailable, "The key that signed the token is not known yet. The issuer is being asked for it.",
            retryAfter)
        : NotValid);

    private RequestCaller CallerOf(JsonWebToken token, IssuerKey signer)
    {
        var now = clock.GetUtcNow();
        if (token.ValidTo == DateTime.MinValue || token.ValidFrom > (now + Skew).UtcDateTime)
        {
            return new RequestCaller(NotValid);
        }

        if (token.ValidTo <= (now - Skew).UtcDateTime)
        {
            return new RequestCaller(Expired);
        }

        if (Decode(token.EncodedPayload) is not { } claims)
        {
            return new RequestCaller(NotValid);
        }

        using (claims)
        {
            var subject = Text(claims, "sub") ?? Text(claims, "client_id") ?? Text(claims, "azp") ?? "";
            var caller = new Caller($"{Caller.TokenPrefix}{token.Issuer} {Bounded(subject)}", NameOf(subject), NumbersOf(claims), RequestsPerMinute: null);
            var until = token.ValidTo.Year < DateTime.MaxValue.Year ? new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + Skew : (DateTimeOffset?)null;
            return new RequestCaller(new CallerCredentials(caller, until, signer.Withdrawn) { Root = signer.IdentityHash });
        }
    }

    // An id is kept as long as its caller is counted, and stands in tickets.
    private static string Bounded(string subject) => subject.Length <= MaxSubjectLength
        ? subject
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));

    private static JsonWebToken? Read(string text)
    {
        // A token of five parts is encrypted, and there is no key here to decrypt it.
        if (text.AsSpan().Count('.') != 2)
        {
            return null;
        }

        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the header says that this is a token for access, and demands nothing that is not understood here. Tokens of other types have
    /// other purposes, though the same issuer signs them.
    /// </summary>
    private static bool IsTypeAccepted(JsonWebToken token)
    {
        if (Decode(token.EncodedHeader) is not { } document)
        {
            return false;
        }

        using (document)
        {
            var header = document.RootElement;
            return !header.TryGetProperty("crit", out _)
                && (!header.TryGetProperty("typ", out var type) || (type.ValueKind == JsonValueKind.String && IsType(type.GetString()!)));
        }
    }

    // RFC 7515 lets the prefix of the media type be left out, and media types have no letter case.
    private static bool IsType(string type)
    {
        const string prefix = "application/";
        var name = type.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? type[prefix.Length..] : type;
        return name.Equals("JWT", StringComparison.OrdinalIgnoreCase) || name.Equals("at+jwt", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonDocument? Decode(string part)
    {
        try
        {
            var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonDocument claims, string name) =>
        claims.RootElement.TryGetProperty(name, out var claim)
            ? claim.ValueKind switch { JsonValueKind.String => claim.GetString(), JsonValueKind.Number => claim.GetRawText(), _ => null }
            : null;

    /// <summary>
    /// A name for logs: the start of the subject, with telephone numbers masked, without line breaks and other control characters.
    /// </summary>
    private static string NameOf(string subject)
    {
        var masked = TelephoneNumber().Replace(subject, number => Masked([.. number.Value.Where(char.IsAsciiDigit)]));
        return "jwt:" + new string([.. masked.Take(MaxNameLength).Select(character => char.IsControl(character) ? '?' : character)]);
    }

    private NumberSet NumbersOf(JsonDocument claims)
    {
        if (!claims.RootElement.TryGetProperty(options.Value.Jwt.NumbersClaim, out var claim))
        {
            return NumberSet.None;
        }

        var text = claim.GetRawText();
        if (known.TryGetValue(text, out var read))
        {
            return read;
        }

        var numbers = NumbersClaim.Read(claim);
        if (text.Length <= MaxClaimLength)
        {
            if (known.Count >= MaxClaims)
            {
                known.Clear();
            }

            known[text] = numbers;
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
