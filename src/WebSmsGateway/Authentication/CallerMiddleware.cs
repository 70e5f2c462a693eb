using Microsoft.Extensions.Options;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Identifies the caller. It refuses no request, because some paths are public. A <see cref="RequestCaller"/> carries the caller or the
/// fault of the credentials to later middleware.
/// </summary>
internal sealed partial class CallerMiddleware
{
    private readonly RequestDelegate next;
    private readonly CallerKeys keys;
    private readonly TokenCallers tokens;
    private readonly TicketCallers tickets;
    private readonly bool everyoneMayCall;

    public CallerMiddleware(
        RequestDelegate next, IOptions<AuthenticationOptions> options, CallerKeys keys, TokenCallers tokens, TicketCallers tickets,
        ILogger<CallerMiddleware> logger)
    {
        (this.next, this.keys, this.tokens, this.tickets) = (next, keys, tokens, tickets);
        everyoneMayCall = options.Value.AllowAnonymous;
        if (everyoneMayCall)
        {
            Log.EveryoneMayRead(logger);
        }
        else
        {
            Log.Callers(logger, keys.Count, tokens.AreAccepted ? "accepted" : "not accepted");
        }
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (everyoneMayCall)
        {
            return GoOn(context, new RequestCaller(AnonymousOf(context)));
        }

        var hasKey = context.Request.Headers.ContainsKey(CallerKeys.Header);
        var hasToken = BearerToken.IsIn(context.Request);
        return (hasKey, hasToken, context.Features.Get<SentTicket>()) switch
        {
            // Two identities in one request are ambiguous: the caller might expect the numbers of either.
            (true, true, _) => GoOn(context, Nobody("Send X-Api-Key or Authorization, not both.")),
            (true, _, not null) or (_, true, not null) =>
                GoOn(context, Nobody("Send a ticket in the query, or X-Api-Key, or Authorization, and nothing beside it.")),
            (true, _, _) => GoOn(context, OfKey(context)),
            (_, true, _) => GoOnWithTokenAsync(context),
            (_, _, { Text: { } ticket }) => GoOn(context, tickets.Find(ticket)),
            (_, _, { Text: null }) => GoOn(context, Nobody("Send one ticket.")),
            _ => GoOn(context, new RequestCaller(CredentialFault.NothingSent)),
        };
    }

    private static CallerCredentials AnonymousOf(HttpContext context) =>
        new(Caller.AnonymousAt(AddressKey.Of(context)), Until: null, CancellationToken.None);

    private Task GoOn(HttpContext context, RequestCaller caller)
    {
        context.Features.Set(caller);
        return next(context);
    }

    private async Task GoOnWithTokenAsync(HttpContext context) => await GoOn(context, BearerToken.In(context.Request) switch
    {
        null => Nobody("Send one token."),
        var token when TicketCallers.IsTicket(token) => tickets.Find(token),
        var token when tokens.AreAccepted => await tokens.FindAsync(token),
        _ => Nobody("No tokens are accepted here. Send X-Api-Key."),
    });

    // Two keys are refused, because the caller might expect the numbers of either.
    private RequestCaller OfKey(HttpContext context) =>
        context.Request.Headers[CallerKeys.Header] is { Count: 1 } sent && keys.Find(sent[0]!) is { } credentials
            ? new RequestCaller(credentials)
            : Nobody("This is not one API key that is known here.");

    private static RequestCaller Nobody(string detail) => new(CredentialFault.Invalid(detail));

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "Authentication:AllowAnonymous is on: everyone who reaches the gateway can read every message")]
        public static partial void EveryoneMayRead(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Count} API keys; tokens are {Tokens}")]
        public static partial void Callers(ILogger logger, int count, string tokens);
    }
}

/// <summary>The token of a request.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    public static bool IsIn(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
        {
            if (value is not null && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The token; null if there is more than one <c>Authorization</c>.</summary>
    public static string? In(HttpRequest request) =>
        request.Headers.Authorization is { Count: 1 } sent ? sent[0]![Prefix.Length..].Trim() : null;
}
