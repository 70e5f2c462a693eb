namespace WebSmsGateway.Archive.Redis;

/// <summary>Keeps a log line that each call could write from being written more often than once in an interval of real time.</summary>
internal sealed class LogInterval(TimeSpan interval)
{
    private long writtenAt;

    /// <summary>Whether the line is due. Of several callers at the same time one gets true.</summary>
    public bool IsDue()
    {
        var now = TimeProvider.System.GetTimestamp();
        var before = Volatile.Read(ref writtenAt);
        return (before == 0 || TimeProvider.System.GetElapsedTime(before, now) >= interval)
            && Interlocked.CompareExchange(ref writtenAt, now, before) == before;
    }
}
