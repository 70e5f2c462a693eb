using System.Collections.Concurrent;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>
/// Keeps pages as long as a new read would give the same page: as bytes for equal requests, and as messages for waits and streams at the
/// same place. The cache is bounded in bytes, keys included. At the bound it drops all pages, and each costs one new read.
/// </summary>
internal sealed class PageCache(PageReader reader, TimeProvider clock)
{
    /// <summary>The largest page that is kept as bytes. For a larger page the cost of sending far exceeds that of making it again.</summary>
    public const int MaxPageBytes = 64 * 1024;

    private const long MaxBytes = 16 * 1024 * 1024;
    private const int EntryBytes = 512;

    private readonly ConcurrentDictionary<RequestKey, CachedPage> answers = new();
    private readonly ConcurrentDictionary<PlaceKey, CachedPage> places = new();
    private long bytes;

    /// <summary>The page of a request; null if there is none or it may have changed.</summary>
    public CachedPage? Find(RequestKey key) => answers.TryGetValue(key, out var page) && Holds(page) ? page : null;

    /// <summary>The page at the place of a wait or stream; null if it has to be read.</summary>
    public PageReading? Find(MessageQuery query) =>
        places.TryGetValue(PlaceKey.Of(query), out var page) && Holds(page) ? page.Reading : null;

    /// <summary>The page at the place of a wait or stream, from the cache or by a new read.</summary>
    public async ValueTask<PageReading> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        if (Find(query) is { } cached)
        {
            return cached;
        }

        // Two callers at the same moment both read. That costs less than making one wait for the other.
        var reading = await reader.ReadAsync(query, cancellationToken);
        var key = PlaceKey.Of(query);
        Keep(places, key, key.Bytes, new CachedPage(query, reading, 0, null, ""));
        return reading;
    }

    /// <summary>Keeps the answer to a request, if it is current and not too large.</summary>
    public void Keep(RequestKey key, CachedPage page) => Keep(answers, key, key.Bytes, page);

    private bool Holds(CachedPage page) => page.Reading.Validity.Holds(clock.GetUtcNow());

    private void Keep<TKey>(ConcurrentDictionary<TKey, CachedPage> pages, TKey key, int keyBytes, CachedPage page)
        where TKey : notnull
    {
        var cost = EntryBytes + keyBytes + page.Bytes;
        if (cost > MaxBytes / 16 || !Holds(page))
        {
            return;
        }

        var replaced = pages.TryGetValue(key, out var old) ? EntryBytes + keyBytes + old.Bytes : 0;
        if (Interlocked.Add(ref bytes, cost - replaced) > MaxBytes)
        {
            answers.Clear();
            places.Clear();
            Interlocked.Exchange(ref bytes, cost);
        }

        pages[key] = page;
    }
}

/// <summary>The words of a request. Two requests with the same words get the same page.</summary>
/// <param name="Target">The raw target of the request.</param>
/// <param name="Accept">The value of the <c>Accept</c> header.</param>
/// <param name="Numbers">The fingerprint of the numbers that the caller may read.</param>
internal readonly record struct RequestKey(string Target, string? Accept, string Numbers)
{
    /// <summary>Bytes that the texts of the key take.</summary>
    public int Bytes => 2 * (Target.Length + (Accept?.Length ?? 0));
}

/// <summary>The place of a wait or stream: all that its page depends on, besides the records.</summary>
internal readonly record struct PlaceKey(
    ulong Fingerprint, RentedNumber? Number, DateTimeOffset From, bool FromNow, Sender? Sender, string? Contains, int? Limit, string? Cursor,
    string Numbers)
{
    /// <summary>Bytes that the texts of the key take.</summary>
    public int Bytes => 2 * ((Contains?.Length ?? 0) + (Cursor?.Length ?? 0));

    /// <summary>The place of an ascending query without an end.</summary>
    public static PlaceKey Of(MessageQuery query) => new(
        query.Fingerprint, query.Number, query.Range.From, query.FromNow, query.Sender, query.Contains, query.Limit, query.Cursor?.Text,
        query.Numbers.Fingerprint);
}

/// <summary>A page and its bytes.</summary>
/// <param name="Query">The query of the page.</param>
/// <param name="Reading">The freshness and validity of the page; of a page of waits and streams its messages, too.</param>
/// <param name="Count">How many messages the bytes hold.</param>
/// <param name="Body">The JSON; null for a page of waits and streams.</param>
/// <param name="ETag">The entity tag of the JSON.</param>
internal sealed record CachedPage(MessageQuery Query, PageReading Reading, int Count, byte[]? Body, string ETag)
{
    private const int BytesPerGiven = 24;

    /// <summary>Bytes that the page keeps in memory. Its messages count whole, because the memory tier may drop them earlier.</summary>
    public int Bytes => (Body?.Length ?? 0) + (Reading.Page?.Items.Sum(message => message.Cost) ?? 0)
        + (2 * (Reading.Page?.NextCursor?.Length ?? 0)) + (BytesPerGiven * (Reading.Next?.Given.Count ?? 0));

}
