using WebSmsGateway.Archive.Records;
using WebSmsGateway.Authentication;
using WebSmsGateway.Budgets;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;

namespace WebSmsGateway.Messages;

/// <summary>
/// Answers a request whose page is cached, and refuses one whose caller has no room for an answer. It runs after the guard, so the caller is
/// known, may read the number and was counted by the rate limit. It runs before the endpoints, so nothing is bound, checked or read.
/// </summary>
internal sealed class CachedPageMiddleware(
    RequestDelegate next, PageCache pages, PageWords words, AnswerSender sender, AuditLog audit, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context)
    {
        // A caller whose answers are all unread costs no further read.
        if (RequestCaller.Of(context) is { Numbers: not null } && sender.Check(context) is var outcome and not ChargeOutcome.Granted)
        {
            return ProblemResult.OfBudget(outcome, AnswerSender.Unread).ExecuteAsync(context);
        }

        if (RequestCaller.Of(context) is { Numbers: not null, Caller: { } caller } && words.KeyOf(context) is { } key
            && pages.Find(key) is { } page)
        {
            audit.Read(caller, page.Query, page.Count);
            var freshness = page.Freshness with { Source = DaySource.Memory };
            return CachedJson.SendAsync(context, sender, freshness, page.ETag, page.Body, clock.GetUtcNow());
        }

        return next(context);
    }
}
