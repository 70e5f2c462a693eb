using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tickets;

/// <summary>Short-lived credentials for browsers, which must not have the key of their service.</summary>
internal static class TicketsFeature
{
    // A body of this length has room for the longest list of numbers. The server's own bound is the same.
    private const int MaxBodyBytes = 16 * 1024;

    private static readonly CredentialFault Anonymous =
        CredentialFault.Invalid("Without credentials of a caller there is nobody for whom a ticket could stand.");

    private static readonly CredentialFault NoTimeLeft = CredentialFault.Invalid("The token has no time left for a ticket.");

    public static void MapTickets(this RouteGroupBuilder account) =>
        account.MapPost("/tickets", MakeTicket).WithoutQuery().WithName("MakeTicket");

    /// <summary>A ticket: short-lived credentials for one browser.</summary>
    /// <remarks>
    /// A service makes it with its key or token and hands it to its page, which sends it as <c>Authorization: Bearer</c>, or as <c>ticket</c>
    /// in the query where a browser cannot send headers (<c>EventSource</c>). It reads numbers, messages, codes and streams, no more than its
    /// maker may read at that moment, has the limits of its maker, makes no ticket itself, and ends by itself, and with the key or token that
    /// made it.
    /// </remarks>
    /// <response code="201">The ticket.</response>
    private static async Task<TicketResult> MakeTicket(
        HttpContext context, TicketCallers tickets, AuditLog audit, CancellationToken cancellationToken)
    {
        if (context.GetCaller().IsAnonymous)
        {
            return new TicketResult(new ChallengeResult(Anonymous));
        }

        if (await ReadBodyAsync(context.Request, cancellationToken) is not { } body)
        {
            return new TicketResult(ProblemResult.Of(ProblemCode.RequestTooLarge));
        }

        if (body.Length > 0 && !IsJson(context.Request))
        {
            return new TicketResult(ProblemResult.Of(ProblemCode.UnsupportedMediaType, "A body is application/json, in UTF-8."));
        }

        var faults = new Dictionary<string, string[]>();
        var request = TicketRequest.Read(body, faults);
        var numbers = request.NumberSet ?? context.GetCaller().Numbers;
        if (faults.Count == 0 && numbers.Count > TicketBytes.MaxNumbers)
        {
            faults["numbers"] = [$"you may read more than {TicketBytes.MaxNumbers} numbers; name those that the ticket is for"];
        }

        return faults.Count > 0
            ? new TicketResult(ProblemResult.InvalidRequest(faults))
            : Make(context, numbers, request, tickets, audit);
    }

    private static TicketResult Make(HttpContext context, NumberSet numbers, TicketRequest request, TicketCallers tickets, AuditLog audit)
    {
        // A named number has to exist, too. The caller's own may not yet, and then reading them says so.
        var fields = request.MessageFields ?? context.GetFields();
        if (request.NumberSet is not null && !(numbers.IsAll ? context.GetCaller().Numbers.IsAll : context.GetNumbers().IncludesAll(numbers)))
        {
            return new TicketResult(ProblemResult.Of(ProblemCode.Forbidden, "The ticket would read numbers that you may not read."));
        }

        if (fields == MessageFields.All && context.GetFields() == MessageFields.Code)
        {
            return new TicketResult(ProblemResult.Of(ProblemCode.Forbidden, "The ticket would read texts, and your key reads codes only."));
        }

        if (tickets.Make(context.GetCredentials(), numbers, fields, request.Lifetime) is not var (ticket, text))
        {
            return new TicketResult(new ChallengeResult(NoTimeLeft));
        }

        audit.MadeTicket(context.GetCaller(), ticket);
        return new TicketResult(new TicketAnswer(
            text, ticket.Expires,
            numbers.IsAll ? [NumberSet.AllEntry] : [.. numbers.Listed.Select(number => number.ToString()).Order(StringComparer.Ordinal)]));
    }

    private static bool IsJson(HttpRequest request) =>
        request.GetTypedHeaders().ContentType is { } type
        && type.MediaType.Equals(CachedJson.MediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body; null if it is too long.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBodyBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBodyBytes ? null : buffer.AsMemory(0, length);
    }
}
