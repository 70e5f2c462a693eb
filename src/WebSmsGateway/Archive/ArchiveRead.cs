using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>What the archive holds for a range of days, or the failure.</summary>
internal sealed record ArchiveRead
{
    /// <summary>Why there is no answer; null when there is one.</summary>
    public UpstreamFailure? Failure { get; init; }

    /// <summary>One record per day, in order, without a gap.</summary>
    public IReadOnlyList<DayRecord> Records { get; init; } = [];

    /// <summary>How fresh the records are, and where they came from.</summary>
    public Freshness Freshness { get; init; }

    /// <summary>Up to this moment the records hold everything that WEBSMS reported.</summary>
    public DateTimeOffset CompleteUntil { get; init; }

    /// <summary>The moment from which a reader causes a renewal of the open day in the background.</summary>
    public DateTimeOffset RenewsAt { get; init; }
}
