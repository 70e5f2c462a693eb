using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Archive.Redis;

/// <summary>Counts each value in Redis that cannot be used, and says so once, because a wrong key makes all of them unusable.</summary>
internal sealed partial class ForeignValues(ILogger logger)
{
    private readonly LogInterval interval = new(TimeSpan.FromHours(1));

    public void Found()
    {
        GatewayMetrics.RedisValueForeign();
        if (interval.IsDue())
        {
            Log.Foreign(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "A value in Redis is damaged, foreign or of another version; it counts as missing. This is said once an hour at most.")]
        public static partial void Foreign(ILogger logger);
    }
}
