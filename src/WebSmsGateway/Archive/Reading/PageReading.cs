using WebSmsGateway.Archive;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Reading;

/// <summary>A page and what is known about it, or the failure.</summary>
internal sealed record PageReading(MessagePage? Page, Freshness Freshness, UpstreamFailure? Failure)
{
    /// <summary>The cursor of the page, as <see cref="MessagePage.NextCursor"/> has it in text.</summary>
    public PageCursor? Next { get; init; }

    /// <summary>Whether the range holds no message of the number, or of the caller's numbers, whatever the filters.</summary>
    public bool IsRangeEmpty { get; init; }

    /// <summary>How long the page may be given to others who ask the same.</summary>
    public PageValidity Validity { get; init; } = PageValidity.None;
}

/// <summary>
/// How long a page says all that a new reading would say: while every record that it was made from is the newest and none is due
/// for renewal.
/// </summary>
internal sealed class PageValidity(RecordValidity[] madeFrom, DateTimeOffset goodUntil)
{
    /// <summary>Of a page for one caller only, such as the last good answer of an outage.</summary>
    public static readonly PageValidity None = new([], DateTimeOffset.MinValue);

    public bool Holds(DateTimeOffset now) => now < goodUntil && !Array.Exists(madeFrom, record => record.IsSuperseded);
}
