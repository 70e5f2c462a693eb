using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Records;

/// <summary>How fresh an answer is, and where it came from.</summary>
/// <param name="FreshUntil">The moment until which the answer cannot change.</param>
/// <param name="StaleBecause">The failure because of which the last good answer is served; null when everything is fresh.</param>
/// <param name="Source">The farthest tier that had to be asked.</param>
internal readonly record struct Freshness(DateTimeOffset FreshUntil, UpstreamFailure? StaleBecause, DaySource Source)
{
    /// <summary>The freshness of two reads that make one answer.</summary>
    public Freshness With(Freshness other) => new(
        other.FreshUntil < FreshUntil ? other.FreshUntil : FreshUntil,
        StaleBecause ?? other.StaleBecause,
        other.Source > Source ? other.Source : Source);
}

/// <summary>Where a record came from, nearest tier first.</summary>
internal enum DaySource
{
    Memory,
    Redis,
    Upstream,
}
