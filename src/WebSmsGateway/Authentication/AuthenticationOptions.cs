using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>The callers: section <c>Authentication</c>.</summary>
internal sealed class AuthenticationOptions
{
    public const string Section = "Authentication";

    /// <summary>Callers with a key in <c>X-Api-Key</c>. Default: none.</summary>
    [AppliesOnReload]
    public List<ApiKeyOptions> ApiKeys { get; set; } = [];

    /// <summary>Callers with a token. Default: none.</summary>
    public TokenOptions Jwt { get; set; } = new();

    /// <summary>
    /// Whether every caller may read every number without credentials. Configured keys and sent credentials then have no effect.
    /// Default: false.
    /// </summary>
    public bool AllowAnonymous { get; set; }
}

/// <summary>A caller with a key: <c>Authentication:ApiKeys:n</c>. <c>WebSmsGateway new-key</c> prints one.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>The name of the caller in logs; unique; letters, digits and <c>. _ -</c>, at most 64. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>The SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits. Required.</summary>
    [Secret]
    public string Sha256 { get; set; } = "";

    /// <summary>The numbers it may read, each <c>7XXXYYYYYYY</c>, or <c>*</c> for all; a list or one line with commas. Required.</summary>
    public NumberList Numbers { get; set; } = [];

    /// <summary>
    /// The fields of messages that it may read: <c>all</c>, or <c>code</c> for everything but the text. Default: <c>all</c>.
    /// </summary>
    public MessageFields Fields { get; set; }

    /// <summary>Requests a minute, also the burst. Default: <c>RateLimiting:RequestsPerMinute</c>; 1 to 1,000,000,000.</summary>
    public int? RequestsPerMinute { get; set; }
}

/// <summary>Callers with a token: <c>Authentication:Jwt</c>.</summary>
internal sealed class TokenOptions
{
    /// <summary>The URL of the issuer with its OpenID configuration: https, or http on this machine. Default: none, no tokens.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that the <c>aud</c> of a token must contain. Required with an authority.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// The claim with the numbers that the caller may read: an array, or one string with spaces or commas; <c>*</c> for all. A token
    /// without the claim may read none. Default: <c>rented_numbers</c>.
    /// </summary>
    public string NumbersClaim { get; set; } = "rented_numbers";
}
