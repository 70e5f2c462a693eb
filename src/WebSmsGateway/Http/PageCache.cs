using System.Collections.Concurrent;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>
/// Keeps the bytes of pages for equal requests, as long as a new read would give the same page. The cache is bounded in bytes, keys
/// included. At the bound it drops all pages, and each costs one new read.
/// </summary>
internal sealed class PageCache(TimeProvider clock)
{
    /// <summary>The largest page that is kept as bytes. For a larger page the cost of sending far exceeds that of making it again.</summary>
    public const int MaxPageBytes = 64 * 1024;

    private const long MaxBytes = MemoryPlan.CachedPages;
    private const int EntryBytes = 512;

    [Bounded("16 MiB, keys included")]
    private readonly ConcurrentDictionary<PageKey, CachedPage> answers = new();
    private long bytes;

    /// <summary>How many pages are kept.</summary>
    public int Count => answers.Count;

    /// <summary>The page of a request; null if there is none or it may have changed.</summary>
    public CachedPage? Find(PageKey key) => answers.TryGetValue(key, out var page) && Holds(page) ? page : null;

    /// <summary>Keeps the answer to a request, if it is current and not too large.</summary>
    public void Keep(PageKey key, CachedPage page)
    {
        var cost = EntryBytes + key.Bytes + page.Body.Length;
        if (cost > MaxBytes / 16 || !Holds(page))
        {
            return;
        }

        var replaced = answers.TryGetValue(key, out var old) ? EntryBytes + key.Bytes + old.Body.Length : 0;
        if (Interlocked.Add(ref bytes, cost - replaced) > MaxBytes)
        {
            answers.Clear();
            Interlocked.Exchange(ref bytes, cost);
        }

        answers[key] = page;
    }

    private bool Holds(CachedPage page) => page.Validity.Holds(clock.GetUtcNow());
}

/// <summary>What a page depends on, besides what is known. Two requests with the same key get the same page.</summary>
/// <param name="Number">The rented number; null for all that the caller may read.</param>
/// <param name="Words">The parameters of its query that change something, in one spelling.</param>
/// <param name="Numbers">The fingerprint of the numbers that the caller may read.</param>
/// <param name="Fields">The fields of messages that the caller may read.</param>
internal readonly record struct PageKey(RentedNumber? Number, string Words, string Numbers, MessageFields Fields)
{
    /// <summary>Bytes that the texts of the key take.</summary>
    public int Bytes => 2 * (Words.Length + Numbers.Length);
}

/// <summary>A page as bytes.</summary>
/// <param name="Query">The query of the page.</param>
/// <param name="Freshness">How fresh it is.</param>
/// <param name="Validity">How long it may be given to others.</param>
/// <param name="Count">How many messages it has.</param>
/// <param name="Body">The JSON.</param>
/// <param name="ETag">The entity tag of the JSON.</param>
internal sealed record CachedPage(
    MessageQuery Query, Freshness Freshness, PageValidity Validity, int Count, byte[] Body, string ETag);
