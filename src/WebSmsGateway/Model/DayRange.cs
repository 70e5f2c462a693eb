namespace WebSmsGateway.Model;

/// <summary>Consecutive days.</summary>
internal static class DayRange
{
    /// <summary>The days from the first to the last one, in order; none where the last is before the first.</summary>
    public static List<DateOnly> Of(DateOnly first, DateOnly last) =>
        [.. Enumerable.Range(0, Math.Max(0, last.DayNumber - first.DayNumber + 1)).Select(first.AddDays)];
}
