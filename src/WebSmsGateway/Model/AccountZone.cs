namespace WebSmsGateway.Model;

/// <summary>
/// The time zone of the account. WEBSMS writes local times without an offset. The zone database supplies it, because offsets change:
/// Moscow changed its own in 2010, 2011 and 2014.
/// </summary>
internal sealed class AccountZone(TimeZoneInfo zone)
{
    /// <summary>Its IANA name, such as <c>Europe/Moscow</c>.</summary>
    public string Name => zone.Id;

    /// <summary>The moment of a local time. A time that a clock change repeats has the offset after the change.</summary>
    public DateTimeOffset ToInstant(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var (before, after) = OffsetsAround(local);
        return before == after || IsShown(local, after) ? new DateTimeOffset(local, after)
            : IsShown(local, before) ? new DateTimeOffset(local, before)
            // The clock skipped this time. It is read with the offset before the change and shown as the clock would show it.
            : TimeZoneInfo.ConvertTime(new DateTimeOffset(local, before), zone);
    }

    /// <summary>
    /// The first and the last moment that a local time of a query can mean. They differ for a time that a clock change repeats. A time that
    /// the clock skipped means the moment of the change.
    /// </summary>
    public (DateTimeOffset First, DateTimeOffset Last) MomentsOf(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var (before, after) = OffsetsAround(local);
        return (IsShown(local, before), IsShown(local, after)) switch
        {
            (true, true) => (new DateTimeOffset(local, before), new DateTimeOffset(local, after)),
            (false, false) => (ChangeNear(local, before, after), ChangeNear(local, before, after)),
            _ => (ToInstant(local), ToInstant(local)),
        };
    }

    public DateTime ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;
    public DateTimeOffset InZone(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant));
    public DateTimeOffset StartOf(DateOnly day) => ToInstant(day.ToDateTime(TimeOnly.MinValue));
    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    /// <summary>
    /// How far the local time may run back around a moment. It is zero unless a clock change repeats an hour there: a message of that
    /// hour can carry an earlier time than one that arrived long before it.
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
    /// The offsets a day before and a day after. <see cref="TimeZoneInfo.IsAmbiguousTime(DateTime)"/> is no substitute: it knows
    /// summer time only and misses a change of standard time, such as those of Russia in 2011 and 2014.
    /// </summary>
    private (TimeSpan Before, TimeSpan After) OffsetsAround(DateTime local)
    {
        var moment = new DateTimeOffset(local, TimeSpan.Zero);
        return (zone.GetUtcOffset(moment.AddDays(-1)), zone.GetUtcOffset(moment.AddDays(1)));
    }

    /// <summary>The moment at which the clock skipped a local time.</summary>
    private DateTimeOffset ChangeNear(DateTime local, TimeSpan before, TimeSpan after)
    {
        // The time with the offset of before lies behind the change, and with the offset of after in front of it.
        var (front, behind) = (new DateTimeOffset(local, after), new DateTimeOffset(local, before));
        while (behind - front > TimeSpan.FromTicks(1))
        {
            var middle = front + ((behind - front) / 2);
            (front, behind) = zone.GetUtcOffset(middle) == before ? (middle, behind) : (front, middle);
        }

        return TimeZoneInfo.ConvertTime(behind, zone);
    }

    private bool IsShown(DateTime local, TimeSpan offset) => zone.GetUtcOffset(new DateTimeOffset(local, offset)) == offset;
}
