namespace WebSmsGateway.Model;

/// <summary>A range of time: <c>From</c> is inclusive, <c>To</c> exclusive. Without <c>To</c> it reaches to the present.</summary>
internal readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset? To);
