using System.Security.Cryptography;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Callers with a ticket. A ticket reads what it asks for and what its maker may read now, whichever is less, and ends with the credentials
/// that made it. Everything that is counted is counted for the maker.
/// </summary>
internal sealed class TicketCallers(TicketKeys keys, CallerKeys callers, IssuerKeys issuer, TimeProvider clock)
{
    private static readonly CredentialFault NotValid = CredentialFault.Invalid("The ticket is not valid here.");
    private static readonly CredentialFault Expired = CredentialFault.Invalid("The ticket has expired. Ask for a new one.");
    private static readonly CredentialFault MakerEnded = CredentialFault.Invalid("The key or token that made the ticket has ended.");
    private static readonly CredentialFault IssuerSilent = new(ProblemCode.AuthenticationUnavailable, null);

    /// <summary>Whether a bearer token is a ticket.</summary>
    public static bool IsTicket(string token) => token.StartsWith(TicketKey.Prefix, StringComparison.Ordinal);

    /// <summary>The caller of a ticket, or what is wrong with it. It waits for nobody.</summary>
    public RequestCaller Find(string text)
    {
        if (keys.Open(text) is not var (ticket, key))
        {
            return new RequestCaller(NotValid);
        }

        if (ticket.Expires <= clock.GetUtcNow())
        {
            return new RequestCaller(Expired);
        }

        return ticket.Maker.TokenCaller is var (id, name)
            ? OfToken(text, ticket, key, new Caller(id, name, ticket.Numbers, RequestsPerMinute: null))
            : callers.FindHash(ticket.Maker.Root) is { } maker
                ? CallerOf(ticket, key, maker.Caller, maker.Withdrawn)
                : new RequestCaller(MakerEnded);
    }

    /// <summary>Makes a ticket of credentials that are no ticket themselves.</summary>
    /// <param name="maker">The credentials.</param>
    /// <param name="numbers">The numbers, within those of the maker.</param>
    /// <param name="fields">The fields, within those of the maker.</param>
    /// <param name="lifetime">How long it holds; shorter where the maker's token ends before.</param>
    /// <returns>The ticket and its text; null where the maker's token has no time left for one.</returns>
    public (Ticket Ticket, string Text)? Make(CallerCredentials maker, NumberSet numbers, MessageFields fields, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();

        // What holds a token beyond its own time is for clocks that differ, and not for tickets.
        var end = maker.Until - TokenCallers.Skew is { } until && until < now + lifetime ? until : now + lifetime;
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds());
        if (expires <= now)
        {
            return null;
        }

        var caller = maker.Caller;
        var ticket = new Ticket(
            RandomNumberGenerator.GetHexString(TicketBytes.IdLength, lowercase: true),
            new TicketMaker(maker.Root!, caller.HasToken ? (caller.Id, caller.Name) : null),
            numbers, fields, expires);
        return (ticket, keys.Sign(ticket));
    }

    private RequestCaller OfToken(string text, Ticket ticket, TicketKey key, Caller maker)
    {
        if (issuer.Current is not { } current)
        {
            return new RequestCaller(issuer.IsConfigured ? IssuerSilent : MakerEnded);
        }

        if (current.Find(ticket.Maker.Root) is { } signer)
        {
            return CallerOf(ticket, key, maker, signer.Withdrawn);
        }

        // Another replica may have learned a new key of the issuer earlier.
        return new RequestCaller(issuer.Ask(text) is { } retryAfter
            ? new CredentialFault(ProblemCode.AuthenticationUnavailable, null, retryAfter)
            : MakerEnded);
    }

    private static RequestCaller CallerOf(Ticket ticket, TicketKey key, Caller maker, CancellationToken withdrawn)
    {
        var caller = maker with
        {
            Numbers = maker.Numbers.Intersect(ticket.Numbers),
            Fields = maker.Fields == MessageFields.All ? ticket.Fields : maker.Fields,
            Ticket = ticket.Id,
        };
        return new RequestCaller(new CallerCredentials(caller, ticket.Expires, withdrawn) { SignerWithdrawn = key.Life.Token });
    }
}
