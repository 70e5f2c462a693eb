using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using WebSmsGateway.Archive;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>
/// Pages that were asked for in the same words a moment ago, as bytes, for as long as a reading would say the same. Bounded in
/// bytes: past the bound all are forgotten, which costs one reading each.
/// </summary>
internal sealed class CachedPages(TimeProvider clock)
{
    /// <summary>A larger page costs so much to send that making it hardly counts.</summary>
    public const int MaxPageBytes = 64 * 1024;

    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<Words, CachedPage> pages = new();
    private long bytes;

    /// <summary>The page for the words of a request, if nothing has changed since.</summary>
    public CachedPage? Find(HttpContext context, NumberSet view) =>
        pages.TryGetValue(WordsOf(context, view), out var page) && page.IsGood(clock.GetUtcNow()) ? page : null;

    /// <summary>Keeps a page for the next one who asks in the same words.</summary>
    public void Keep(HttpContext context, PageQuery query, PageReading reading, byte[] body, string etag)
    {
        if (body.Length > MaxPageBytes || query.Wait > TimeSpan.Zero || !reading.Validity.Holds(clock.GetUtcNow()))
        {
            return;
        }

        if (Interlocked.Add(ref bytes, body.Length + 512) > MaxBytes)
        {
            pages.Clear();
            Interlocked.Exchange(ref bytes, body.Length + 512);
        }

        pages[WordsOf(context, query.View)] = new CachedPage(
            body, etag, reading.CacheHeaders with { Source = DaySource.Memory }, reading.Validity, query, reading.Page!.Items.Count);
    }

    private static Words WordsOf(HttpContext context, NumberSet view) => new(
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, context.Request.Headers.Accept, view.Fingerprint);

    /// <summary>What makes two requests ask for the same bytes.</summary>
    private readonly record struct Words(string Target, StringValues Accept, string View);
}

/// <summary>A page as bytes, and what it depends on.</summary>
internal sealed class CachedPage(
    byte[] body, string etag, CacheHeaders cacheHeaders, PageValidity validity, PageQuery query, int count)
{
    public PageQuery Query => query;

    /// <summary>Messages in it.</summary>
    public int Count => count;

    public bool IsGood(DateTimeOffset now) => validity.Holds(now);

    public Task SendAsync(HttpContext context, DateTimeOffset now)
    {
        if (cacheHeaders.Apply(context, etag, now))
        {
            return Task.CompletedTask;
        }

        var response = context.Response;
        response.ContentType = CachedJson.ContentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
