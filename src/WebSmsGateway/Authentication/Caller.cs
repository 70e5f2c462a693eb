using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>A caller.</summary>
/// <param name="Id">A unique id, for everything that is counted per caller. Without credentials it stands for the address.</param>
/// <param name="Name">The name in logs.</param>
/// <param name="Numbers">The numbers that the caller may read.</param>
/// <param name="RequestsPerMinute">The caller's own rate limit; null for the default.</param>
/// <param name="Fields">The fields of messages that the caller may read.</param>
/// <param name="Ticket">The short name of the ticket by which the caller came; null for its own credentials.</param>
internal sealed record Caller(
    string Id, string Name, NumberSet Numbers, int? RequestsPerMinute, MessageFields Fields = MessageFields.All, string? Ticket = null)
{
    /// <summary>What the ids of callers with a token begin with.</summary>
    public const string TokenPrefix = "jwt:";

    private const string AddressPrefix = "address:";

    /// <summary>The caller of a request where no credentials are required.</summary>
    public static Caller AnonymousAt(AddressKey address) =>
        new($"{AddressPrefix}{address.IsV6} {address.Bits:x}", "anonymous", NumberSet.All, null);

    /// <summary>The name in metrics. All tokens share one, because an issuer can give any number of subjects.</summary>
    public string MetricName => HasToken ? "token" : Name;

    /// <summary>Whether the issuer's token says who the caller is.</summary>
    public bool HasToken => Id.StartsWith(TokenPrefix, StringComparison.Ordinal);

    /// <summary>The name in audit lines: that of the maker of a ticket, and of the ticket.</summary>
    public string AuditName => Ticket is null ? Name : $"{Name} by ticket {Ticket}";

    /// <summary>Who has a share of what all callers use. Anonymous callers share one.</summary>
    public string Owner => IsAnonymous ? Name : Id;

    /// <summary>Whether no credentials are required, so that the caller is unknown.</summary>
    public bool IsAnonymous => Id.StartsWith(AddressPrefix, StringComparison.Ordinal);

    /// <summary>Whether two callers are the same one and may read the same. The rate limit is no right.</summary>
    public bool HasSameRightsAs(Caller other) =>
        Numbers.Fingerprint == other.Numbers.Fingerprint
        && this with { RequestsPerMinute = null } == other with { RequestsPerMinute = null, Numbers = Numbers };
}

/// <summary>Valid credentials: whose they are, and until when they hold.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Until">The moment from which they do not hold any more; null for none.</param>
/// <param name="Withdrawn">Cancelled when the operator or the issuer withdraws them.</param>
internal sealed record CallerCredentials(Caller Caller, DateTimeOffset? Until, CancellationToken Withdrawn)
{
    /// <summary>
    /// What has to hold on for a ticket that is made of these credentials: the hash of the API key, or that of the issuer's key. Null where
    /// none can be made.
    /// </summary>
    public byte[]? Root { get; init; }

    /// <summary>Cancelled when the operator takes away the key that signed the ticket.</summary>
    public CancellationToken SignerWithdrawn { get; init; }
}
