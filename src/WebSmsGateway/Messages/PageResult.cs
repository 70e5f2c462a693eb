using System.Buffers;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>A page as JSON. Its metadata also describes the downloads that the same endpoint gives.</summary>
internal sealed class PageResult(PageReading reading, MessageQuery query, PageCache cache, AccountZone zone, TimeProvider clock)
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
        var buffer = new ArrayBufferWriter<byte>(4096);
        PageWriter.Write(buffer, page, query.Fields);
        if (query.Wait == TimeSpan.Zero && buffer.WrittenCount <= PageCache.MaxPageBytes && !MayBecomeAProblem
            && PageWords.KeyOf(httpContext, zone) is { } key)
        {
            // The bytes are kept and the messages are not: the memory tier alone decides how long messages stay.
            cache.Keep(
                key,
                new CachedPage(
                    query with { Cursor = null }, reading.Freshness, reading.Validity, page.Items.Count, buffer.WrittenSpan.ToArray(), etag));
        }

        return CachedJson.SendAsync(httpContext, reading.Freshness, etag, buffer.WrittenMemory, clock.GetUtcNow());
    }
}
