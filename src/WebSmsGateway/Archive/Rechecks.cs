using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Archive;

/// <summary>Finds the closed days that are due to be asked for again, and starts their questions for those who follow.</summary>
internal sealed class Rechecks(MemoryTier memory, ScopeFetch fetcher, Schedule schedule, ArchiveClock clock, TimeProvider time)
{
    /// <summary>
    /// Starts the next recheck that is due: one question, about neighbouring days. Nobody waits for it, so that it has the lowest priority.
    /// </summary>
    /// <returns>Completes with the answer, or at once if nothing is due.</returns>
    public Task StartNextAsync(Scope scope)
    {
        var (now, delay) = (clock.Now, Schedule.RecheckDelay(scope));
        var first = schedule.FirstWatchedDay(clock.There(memory.HeadOf(scope)));
        var rechecks = new List<DayFetch>();
        foreach (var day in DueDays(scope, null, delay).TakeWhile(day => day < first))
        {
            if (rechecks.Count > 0 && rechecks[^1].Day.AddDays(1) != day)
            {
                break;
            }

            memory.Look(
                new DayKey(scope, day), time.GetTimestamp(),
                (record, failure) => failure is null || now - failure.At >= CacheOptions.WholeReadInterval, out var fetch);
            rechecks.AddRange(fetch is null ? [] : [fetch]);
        }

        if (rechecks.Count > 0)
        {
            fetcher.Start(scope, rechecks);
        }

        return Task.WhenAll(rechecks.Select(fetch => fetch.Completed));
    }

    /// <summary>The known days that are due to be asked for again, in order.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="from">The first day; null for all.</param>
    /// <param name="delay">How long they have to be due.</param>
    public IEnumerable<DateOnly> DueDays(Scope scope, DateOnly? from, TimeSpan delay = default)
    {
        var now = clock.Now;
        var (head, records) = memory.ViewOf(scope, default, DateOnly.MinValue);
        return records.Where(record => !record.IsFinal && schedule.IsDue(record, now, delay)).Select(record => record.Day)
            .Concat(head.Days.Values.Where(day => day.Metadata is not null && records.All(record => record.Day != day.Day)
                && now >= schedule.DueAt(day.Day, day.Metadata) + delay).Select(day => day.Day))
            .Where(day => from is null || day >= from).Order();
    }
}
