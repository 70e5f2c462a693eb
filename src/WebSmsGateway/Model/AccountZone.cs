namespace WebSmsGateway.Model;

/// <summary>
/// The zone of the account's wall clock. WEBSMS writes local times without a zone; the zone database decides their offset,
/// because Moscow alone changed its own in 2010, 2011 and 2014.
/// </summary>
internal sealed class AccountZone(TimeZoneInfo zone)
{
    /// <summary>The offset that a wall-clock time has. In the hour that a clock change repeats it is the later one.</summary>
    public DateTimeOffset ToInstant(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var (before, after) = OffsetsAround(local);
        return before == after || IsShown(local, after) ? new DateTimeOffset(local, after)
            : IsShown(local, before) ? new DateTimeOffset(local, before)
            // A time that the clock skipped: read it with the offset before the change, and show it as the clock would.
            : TimeZoneInfo.ConvertTime(new DateTimeOffset(local, before), zone);
    }

    /// <summary>The wall-clock time of a moment.</summary>
    public DateTime ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>The same moment with the offset that the zone had then.</summary>
    public DateTimeOffset InZone(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);

    /// <summary>The local day of a moment.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant));

    /// <summary>First moment of a local day.</summary>
    public DateTimeOffset StartOf(DateOnly day) => ToInstant(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>First moment after a local day.</summary>
    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    /// <summary>
    /// How far the wall clock may run back around a moment: zero, but for the hours in which a clock change repeats them.
    /// A message of the repeated hour can carry an earlier time than one that arrived long before it.
    /// </summary>
    public TimeSpan RepeatedTimeAround(DateTimeOffset instant, TimeSpan margin)
    {
        foreach (var local in (ReadOnlySpan<DateTime>)[ToLocal(instant), ToLocal(instant - margin)])
        {
            var (before, after) = OffsetsAround(local);
            if (before > after && IsShown(local, before) && IsShown(local, after))
            {
                return before - after;
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>
    /// The offsets a day before and a day after. <see cref="TimeZoneInfo.IsAmbiguousTime(DateTime)"/> would be shorter, but it knows
    /// summer time only: where a country moves its standard time, as Russia did in 2011 and 2014, it sees no change.
    /// </summary>
    private (TimeSpan Before, TimeSpan After) OffsetsAround(DateTime local)
    {
        var moment = new DateTimeOffset(local, TimeSpan.Zero);
        return (zone.GetUtcOffset(moment.AddDays(-1)), zone.GetUtcOffset(moment.AddDays(1)));
    }

    /// <summary>Whether the clock showed this time while it had that offset.</summary>
    private bool IsShown(DateTime local, TimeSpan offset) => zone.GetUtcOffset(new DateTimeOffset(local, offset)) == offset;
}
