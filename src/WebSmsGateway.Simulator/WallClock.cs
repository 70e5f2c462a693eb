namespace WebSmsGateway.Simulator;

/// <summary>Moments as the account's wall clock shows them. The wire knows nothing finer than a second.</summary>
public sealed class WallClock(TimeZoneInfo zone, TimeProvider time)
{
    /// <summary>The clock behind it, which also runs delays.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Now, to the second.</summary>
    public DateTime Now => ToLocal(Time.GetUtcNow());

    /// <summary>The moment now, with the offset of the zone.</summary>
    public DateTimeOffset Moment => TimeZoneInfo.ConvertTime(Time.GetUtcNow(), zone);

    /// <summary>What the wall clock showed at a moment, to the second.</summary>
    public DateTime ToLocal(DateTimeOffset moment) => ToSecond(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>A wall-clock time without its fraction of a second.</summary>
    public static DateTime ToSecond(DateTime local) => new(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
}
