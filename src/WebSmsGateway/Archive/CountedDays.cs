using System.Runtime.CompilerServices;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>Some days with their counts.</summary>
/// <param name="Whole">The counts of days that lie in the range with all their messages.</param>
/// <param name="Parts">The records of days that lie in it with a part of them.</param>
/// <param name="Freshness">How fresh they are, and where they came from.</param>
/// <param name="Failure">Why some of them could not be read; null if all were.</param>
internal sealed record DayCounts(
    IReadOnlyList<NumberCounts> Whole, IReadOnlyList<DayRecord> Parts, Freshness Freshness, UpstreamFailure? Failure);

/// <summary>
/// Reads the counts of a range, a month at a time, so that its messages need not be in memory together. Days whose counts are kept need no
/// messages at all.
/// </summary>
internal sealed class CountedDays(MessageArchive archive, MemoryTier memory, Schedule schedule, ArchiveClock clock)
{
    /// <param name="scope">The scope.</param>
    /// <param name="first">The first day.</param>
    /// <param name="last">The last day. Days that have not begun have no messages.</param>
    /// <param name="isWhole">Whether a day lies in the range with all its messages.</param>
    /// <param name="reader">For whom the days are read.</param>
    /// <param name="cancellationToken">The token of the caller.</param>
    public async IAsyncEnumerable<DayCounts> ReadAsync(
        Scope scope, DateOnly first, DateOnly last, Func<DateOnly, bool> isWhole, DayReader reader,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var today = archive.Today(archive.HeadOf(scope));
        last = last < today ? last : today;
        for (var from = first; from <= last; from = from.AddDays(DayRun.MaxDays))
        {
            var (whole, parts, needed) = (new List<NumberCounts>(), new List<DayRecord>(), new List<DateOnly>());
            var freshness = new Freshness(DateTimeOffset.MaxValue, null, DaySource.Memory);
            foreach (var day in Enumerable.Range(0, Math.Min(DayRun.MaxDays, last.DayNumber - from.DayNumber + 1)).Select(from.AddDays))
            {
                if (isWhole(day) && memory.Counts.Find(new DayKey(scope, day)) is var (record, counts) && !schedule.IsDue(record, clock.Now))
                {
                    whole.Add(counts);
                    freshness = freshness.With(new Freshness(clock.Local(schedule.DueAt(record)), null, DaySource.Memory));
                }
                else
                {
                    needed.Add(day);
                }
            }

            var read = await archive.ReadAsync(scope, needed, reader, cancellationToken);
            foreach (var record in read.Records)
            {
                if (isWhole(record.Day))
                {
                    whole.Add(record.Counts ?? NumberCounts.Of(record.Blocks));
                }
                else
                {
                    parts.Add(record);
                }
            }

            yield return new DayCounts(whole, parts, needed.Count == 0 ? freshness : freshness.With(read.Freshness), read.Failure);
        }
    }
}
