using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Budgets;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>A page as JSON. Its metadata also describes the downloads that the same endpoint gives.</summary>
internal sealed class PageResult(
    PageReading reading, MessageQuery query, PageCache cache, PageWords words, AnswerSender sender, TimeProvider clock)
    : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status200OK, typeof(MessagePage), [CachedJson.MediaType, AnswerFormats.Csv, AnswerFormats.Ndjson]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
        builder.Metadata.Add(new ProblemAnswers(ProblemCode.Stopping));
        builder.Metadata.Add(MessageExamples.Page);
        builder.Metadata.Add(MessageExamples.Csv);
        builder.Metadata.Add(MessageExamples.Ndjson);
    }

    // A reload of Upstream:ErrorStatus:4 turns an empty range into a problem, so such a page is made anew each time.
    private bool MayBecomeAProblem => reading.IsRangeEmpty && query is { Cursor: null, FromNow: false };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var page = reading.Page!;
        var etag = PageTag.Of(page, reading.Next, query, httpContext.RequestServices.GetRequiredService<EntityTags>());
        var (items, closing) = (PageWriter.ItemsOf(page, query.Fields), PageWriter.ClosingOf(page));
        var length = PageWriter.LengthOf(items, closing);
        if (length > PageCache.MaxPageBytes)
        {
            return SendLongAsync(httpContext, items, closing, length, etag);
        }

        var body = PageWriter.Whole(items, closing);
        if (query.Wait == TimeSpan.Zero && !MayBecomeAProblem && words.KeyOf(httpContext) is { } key)
        {
            // The bytes are kept and the messages are not: the memory tier alone decides how long messages stay.
            cache.Keep(
                key,
                new CachedPage(
                    query with { Cursor = null }, reading.Freshness, reading.Validity, page.Items.Count, body, etag));
        }

        return CachedJson.SendAsync(httpContext, sender, reading.Freshness, etag, body, clock.GetUtcNow());
    }

    private async Task SendLongAsync(
        HttpContext context, ReadOnlyMemory<byte>[] items, byte[] closing, long length, string etag)
    {
        // The messages belong to the memory tier, which may drop them while they are sent. So all their bytes are charged.
        var outcome = sender.TryCharge(context, length, out var charge);
        if (outcome != ChargeOutcome.Granted)
        {
            await ProblemResult.OfBudget(outcome, AnswerSender.Unread).ExecuteAsync(context);
            return;
        }

        using (charge)
        {
            if (CachedJson.Begin(context, reading.Freshness, etag, clock.GetUtcNow()))
            {
                context.Response.ContentLength = length;
                await PageWriter.SendAsync(sender.Begin(context), items, closing);
            }
        }
    }
}
