using WebSmsGateway.Archive.Records;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>What the archive holds for some days.</summary>
internal sealed record ArchiveRead
{
    /// <summary>How often days are read for one answer, if memory lets them go meanwhile. Nothing of such a day is given then.</summary>
    public const int MostReads = 3;

    /// <summary>The head of the scope at the moment from which the records are.</summary>
    public required ScopeHead Head { get; init; }

    /// <summary>The first of the days; null where no day was asked for.</summary>
    public DateOnly? First { get; init; }

    /// <summary>One record per day, in order; null for a day that could not be read.</summary>
    public IReadOnlyList<DayRecord?> Days { get; init; } = [];

    /// <summary>Why a day could not be read; null where all days were.</summary>
    public UpstreamFailure? Unread { get; init; }

    /// <summary>Why a day that only may have news was not read; null if all were.</summary>
    public UpstreamFailure? Missed { get; init; }

    /// <summary>How fresh the records are, and where they came from. Its moments are in the clock of the process.</summary>
    public Freshness Freshness { get; init; }

    /// <summary>Why nothing can be said about the days together; null where each of them was read.</summary>
    public UpstreamFailure? Failure => Unread;

    /// <summary>The records, where each day was read.</summary>
    public IEnumerable<DayRecord> Records => Days.OfType<DayRecord>();
}
