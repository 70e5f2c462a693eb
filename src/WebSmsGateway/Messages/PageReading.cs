using WebSmsGateway.Caching;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>A page with what its caches need to know, or the failure.</summary>
internal sealed record PageReading
{
    public MessagePage? Page { get; init; }

    public UpstreamFailure? Failure { get; init; }

    /// <summary>Why the last good answer stands in for a fresh one.</summary>
    public UpstreamFailure? StaleBecause { get; init; }

    public DateTimeOffset FreshUntil { get; init; } = DateTimeOffset.MaxValue;

    public SegmentSource Source { get; init; }
}
