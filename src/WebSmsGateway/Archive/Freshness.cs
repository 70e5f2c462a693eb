using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>How fresh an answer is, and where it came from.</summary>
/// <param name="FreshUntil">Until when the answer cannot change.</param>
/// <param name="StaleBecause">Why the last good answer stands in for a fresh one; null when everything is fresh.</param>
/// <param name="Source">The farthest tier that had to be asked.</param>
internal readonly record struct Freshness(DateTimeOffset FreshUntil, UpstreamFailure? StaleBecause, DaySource Source)
{
    /// <summary>The freshness of two reads that make one answer.</summary>
    public Freshness With(Freshness other) => new(
        other.FreshUntil < FreshUntil ? other.FreshUntil : FreshUntil,
        StaleBecause ?? other.StaleBecause,
        other.Source > Source ? other.Source : Source);
}
