namespace WebSmsGateway.Simulator;

/// <summary>The account's wall clock, to the second, because the wire format has no fractions of seconds.</summary>
public sealed class WallClock(TimeZoneInfo zone, TimeProvider time)
{
    /// <summary>The underlying clock, which also times delays.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Now, to the second.</summary>
    public DateTime Now => ToLocal(Time.GetUtcNow());

    /// <summary>The moment now, with the offset of the zone.</summary>
    public DateTimeOffset Moment => TimeZoneInfo.ConvertTime(Time.GetUtcNow(), zone);

    /// <summary>The wall-clock time of a moment, to the second.</summary>
    public DateTime ToLocal(DateTimeOffset moment) => ToSecond(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>A wall-clock time without its fraction of a second.</summary>
    public static DateTime ToSecond(DateTime local) => new(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
}
