using System.Collections.Concurrent;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>
/// Pages for readers who stand at the same place. One new message wakes thousands of waits and streams at once, and nearly all of
/// them ask the same question with the same cursor: one reads, the others take what it has read. Bounded in pages: past the bound
/// all are forgotten, which costs one reading each.
/// </summary>
internal sealed class CommonPages(PageReader reader, TimeProvider clock)
{
    // More places than a busy second has; each holds a page of messages that memory holds anyway.
    private const int MaxPages = 256;

    private readonly ConcurrentDictionary<Place, PageReading> pages = new();
    private int count;

    /// <summary>The page of a query, if somebody has just read it.</summary>
    public PageReading? Find(PageQuery query) =>
        pages.TryGetValue(PlaceOf(query), out var known) && known.Validity.Holds(clock.GetUtcNow()) ? known : null;

    /// <summary>Reads a page that goes on from a cursor, or takes it from somebody who just did.</summary>
    public async ValueTask<PageReading> ReadAsync(PageQuery query, CancellationToken cancellationToken)
    {
        if (Find(query) is { } known)
        {
            return known;
        }

        // Two that come at the same moment both read: that costs less than making one wait for the other.
        var reading = await reader.ReadAsync(query, cancellationToken);
        if (reading.Validity.Holds(clock.GetUtcNow()))
        {
            if (Interlocked.Increment(ref count) > MaxPages)
            {
                pages.Clear();
                Interlocked.Exchange(ref count, 1);
            }

            pages[PlaceOf(query)] = reading;
        }

        return reading;
    }

    private static Place PlaceOf(PageQuery query) => new(
        query.Number, query.View.Fingerprint, query.From, query.Sender, query.Contains, query.Limit, query.CursorText);

    /// <summary>All that a page of an ascending, open query depends on, besides the records.</summary>
    private readonly record struct Place(
        RentedNumber? Number, string View, DateTimeOffset From, Sender? Sender, string? Contains, int? Limit, string? Cursor);
}
