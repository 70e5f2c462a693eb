using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Following;

/// <summary>A page and its properties, or the failure.</summary>
internal sealed record PageReading(MessagePage? Page, Freshness Freshness, UpstreamFailure? Failure)
{
    /// <summary>
    /// The cursor that <see cref="MessagePage.NextCursor"/> has as text. A failed reading has one too, so that a reader who goes on
    /// misses nothing that arrives meanwhile.
    /// </summary>
    public PageCursor? Next { get; init; }

    /// <summary>That cursor as text.</summary>
    public string? NextText { get; init; }

    /// <summary>The cursor behind each message as text, where the query asks for them.</summary>
    public IReadOnlyList<string> Cursors { get; init; } = [];

    /// <summary>The places at which the walk gave each message, where the query asks for cursors.</summary>
    public IReadOnlyList<PageCursor> Places { get; init; } = [];

    /// <summary>Why the page ended before its range did; null where it did not.</summary>
    public UpstreamFailure? EndedBefore { get; init; }

    /// <summary>Whether the range has no message of the number, or of the caller's numbers, before other filters.</summary>
    public bool IsRangeEmpty { get; init; }

    /// <summary>How long the page may be given to other callers who send the same request.</summary>
    public PageValidity Validity { get; init; } = PageValidity.None;
}

/// <summary>How long a page equals a new reading: until one of its records is replaced or due, or something else becomes known.</summary>
internal sealed class PageValidity(RecordValidity[] madeFrom, DateTimeOffset goodUntil)
{
    /// <summary>For a page that no other caller may get, such as a last good answer during an outage.</summary>
    public static readonly PageValidity None = new([], DateTimeOffset.MinValue);

    public bool Holds(DateTimeOffset now) => now < goodUntil && Array.TrueForAll(madeFrom, record => record.TryUse());
}
