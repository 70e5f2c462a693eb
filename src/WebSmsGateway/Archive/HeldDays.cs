using WebSmsGateway.Archive.Records;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Archive;

/// <summary>
/// Reads days of which all are held and none is due. This is the most frequent read, so it takes the lock of the memory tier once, and waits for
/// nothing.
/// </summary>
internal sealed class HeldDays(MemoryTier memory, Schedule schedule, ArchiveClock clock)
{
    /// <summary>Reads days at one moment.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="days">The days, in order.</param>
    /// <param name="records">Where their records go; after a null result its content has no meaning.</param>
    /// <param name="reader">Who reads.</param>
    /// <param name="now">The moment.</param>
    /// <returns>What is known; null if a day is not held, is due, or none was asked for.</returns>
    public ArchiveRead? TryRead(Scope scope, IReadOnlyList<DateOnly> days, DayRecord?[] records, DayReader reader, DateTimeOffset now)
    {
        if (records.Length == 0 || memory.TryUse(scope, days, records, reader) is not { } head)
        {
            return null;
        }

        foreach (var record in records)
        {
            if (schedule.IsDue(record!, now))
            {
                return null;
            }
        }

        GatewayMetrics.RecordsRead(MetricLabel.Of(DaySource.Memory), records.Length);
        return new ArchiveRead
        {
            Head = head,
            First = days[0],
            Days = records,
            Freshness = new Freshness(FreshUntil(records), null, DaySource.Memory),
        };
    }

    /// <summary>Until when an answer from records stays as it is, by the process's own clock: a missing record is due at once.</summary>
    public DateTimeOffset FreshUntil(DayRecord?[] records)
    {
        var freshUntil = DateTimeOffset.MaxValue;
        foreach (var record in records)
        {
            var due = record is null ? DateTimeOffset.MinValue : schedule.DueAt(record);
            freshUntil = due < freshUntil ? due : freshUntil;
        }

        return clock.Local(freshUntil);
    }
}
