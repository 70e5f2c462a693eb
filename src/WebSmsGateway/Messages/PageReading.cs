using WebSmsGateway.Caching;
using WebSmsGateway.Querying;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>A page with what its caches need to know, or the failure.</summary>
internal sealed record PageReading(MessagePage? Page, CacheFacts Facts, UpstreamFailure? Failure)
{
    /// <summary>What the page was made from.</summary>
    public IReadOnlyList<DaySegment> Segments { get; init; } = [];

    /// <summary>Until when nobody need look again.</summary>
    public DateTimeOffset RenewsAt { get; init; }
}
