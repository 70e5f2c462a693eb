using System.Collections.Concurrent;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>
/// Pages that were asked for a moment ago, for as long as a reading would say the same: as bytes for a request in the same words, and
/// as messages for waits and streams that stand at the same place. Bounded in bytes, keys included: past the bound all are dropped,
/// which costs one reading each.
/// </summary>
internal sealed class PageCache(PageReader reader, TimeProvider clock)
{
    /// <summary>A larger page costs so much to send that making it hardly counts.</summary>
    public const int MaxPageBytes = 64 * 1024;

    private const long MaxBytes = 16 * 1024 * 1024;
    private const int EntryBytes = 512;

    private readonly ConcurrentDictionary<PageKey, CachedPage> pages = new();
    private long bytes;

    /// <summary>The page of a key, if nothing has changed since it was kept.</summary>
    public CachedPage? Find(PageKey key) =>
        pages.TryGetValue(key, out var page) && page.Reading.Validity.Holds(clock.GetUtcNow()) ? page : null;

    /// <summary>The page where a wait or stream stands, if somebody has just read it.</summary>
    public PageReading? Find(MessageQuery query) => Find(PageKey.Of(query))?.Reading;

    /// <summary>Reads the page where a wait or stream stands, or takes it from somebody who just did.</summary>
    public async ValueTask<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        if (Find(query) is { } known)
        {
            return known;
        }

        // Two that come at the same moment both read: that costs less than making one wait for the other.
        var reading = await reader.ReadAsync(query, cancellationToken);
        Keep(PageKey.Of(query), new CachedPage(query, reading, null, ""));
        return reading;
    }

    /// <summary>Keeps a page, unless it is out of date already or too large.</summary>
    public void Keep(PageKey key, CachedPage page)
    {
        if (page.Body?.Length > MaxPageBytes || !page.Reading.Validity.Holds(clock.GetUtcNow()))
        {
            return;
        }

        var cost = EntryBytes + key.Bytes + page.Bytes;
        if (Interlocked.Add(ref bytes, cost) > MaxBytes)
        {
            pages.Clear();
            Interlocked.Exchange(ref bytes, cost);
        }

        pages[key] = page;
    }
}

/// <summary>What two requests have to share to get the same page.</summary>
/// <param name="Request">The words of the request, or the place of a wait or stream.</param>
/// <param name="Accept">The accepted media types.</param>
/// <param name="Numbers">The fingerprint of the numbers that the caller may read.</param>
internal readonly record struct PageKey(string Request, string? Accept, string Numbers)
{
    public int Bytes => 2 * (Request.Length + (Accept?.Length ?? 0));

    /// <summary>The place of a query that goes forward.</summary>
    public static PageKey Of(MessageQuery query) => new(
        string.Join('\n', query.Number, query.Range.From.UtcTicks, query.Sender, query.Limit, query.Cursor?.Text, query.Contains),
        null, query.Numbers.Fingerprint);
}

/// <summary>A page that was read, and its bytes.</summary>
/// <param name="Query">What was asked for.</param>
/// <param name="Reading">The messages, and how long they are all that a reading would bring.</param>
/// <param name="Body">The JSON; null of a page that was read for waits and streams.</param>
/// <param name="ETag">The entity tag of the JSON.</param>
internal sealed record CachedPage(MessageQuery Query, PageReading Reading, byte[]? Body, string ETag)
{
    public int Bytes => Body?.Length ?? Reading.Page?.Items.Sum(message => message.Cost) ?? 0;
}
