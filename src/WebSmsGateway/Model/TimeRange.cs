namespace WebSmsGateway.Model;

/// <summary>A range of time.</summary>
/// <param name="From">First moment, inclusive.</param>
/// <param name="To">Last moment, exclusive; null: everything so far.</param>
internal readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset? To);
