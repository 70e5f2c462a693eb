namespace WebSmsGateway.Archive;

/// <summary>
/// How many days one question covers at most. A WEBSMS that did not answer about a range in time is asked about shorter ones for a while, so that
/// not each reader of a month waits for the same time-outs.
/// </summary>
internal sealed class RangeLength(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private int shorter = DayRun.MaxDays;
    private long since;

    public int Days
    {
        get
        {
            lock (gate)
            {
                return InForce;
            }
        }
    }

    /// <summary>Records that a question was not answered in time. If it was about a single day, its length is not the reason.</summary>
    public void TimedOut(int days)
    {
        lock (gate)
        {
            (shorter, since) = (days == 1 ? DayRun.MaxDays : Math.Min(InForce, days / 2), time.GetTimestamp());
        }
    }

    private int InForce => shorter < DayRun.MaxDays && time.GetElapsedTime(since) < Kept ? shorter : DayRun.MaxDays;
}
