using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Takes <c>ticket</c> out of the query before anything else sees the request: logs, traces, problems and the keys of caches never have it.
/// A browser cannot send headers with <c>EventSource</c>, so this is the only way for its ticket.
/// </summary>
internal sealed class TicketInQuery(RequestDelegate next)
{
    private const string Name = "ticket";

    public Task InvokeAsync(HttpContext context)
    {
        // No name that decodes to the parameter is without one of these.
        if (context.Request.QueryString.Value is { Length: > 0 } query
            && (query.Contains(Name, StringComparison.OrdinalIgnoreCase) || query.Contains('%', StringComparison.Ordinal)))
        {
            TakeOut(context, query);
        }

        return next(context);
    }

    private static void TakeOut(HttpContext context, string query)
    {
        var taken = new List<string>();
        var rest = new List<string>();
        foreach (var part in query[1..].Split('&'))
        {
            var parameter = new QueryStringEnumerable(part).GetEnumerator();
            if (parameter.MoveNext() && parameter.Current.DecodeName().Span.Equals(Name, StringComparison.OrdinalIgnoreCase))
            {
                taken.Add(parameter.Current.DecodeValue().ToString());
            }
            else
            {
                rest.Add(part);
            }
        }

        if (taken.Count == 0)
        {
            return;
        }

        context.Features.Set(new SentTicket(taken.Count == 1 ? taken[0] : null));
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var left = rest.Count == 0 ? "" : "?" + string.Join('&', rest);
        request.QueryString = left;
        request.RawTarget = request.RawTarget.Split('?', 2)[0] + left;
        context.Request.QueryString = new QueryString(left);
    }
}

/// <summary>The ticket that a request had in its query.</summary>
/// <param name="Text">The ticket; null if there were several.</param>
internal sealed record SentTicket(string? Text);
