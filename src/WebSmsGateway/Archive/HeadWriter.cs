using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// Writes heads to the shared store: new blocks first, then the head by compare-and-set, so that no reader finds a head whose blocks are
/// missing.
/// </summary>
internal sealed class HeadWriter(MemoryTier memory, Schedule schedule, ArchiveClock clock, ISharedStore store, DayStore days)
{
    private static readonly TimeSpan FinalsListed = TimeSpan.FromDays(8);

    /// <summary>Writes a head and the values that it names.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="head">The head to replace.</param>
    /// <param name="next">The next head.</param>
    /// <param name="changed">The records that differ from those of the head.</param>
    /// <param name="cancellationToken">The token of the fetch.</param>
    /// <returns>The head as it is now; null if another replica was faster.</returns>
    public async Task<ScopeHead?> WriteAsync(
        Scope scope, ScopeHead head, ScopeHead next, IReadOnlyList<DayRecord> changed, CancellationToken cancellationToken)
    {
        var values = new List<StoredValue>();
        var listed = next.Days.ToBuilder();
        var now = clock.Now;
        var records = head.IsShared ? changed
            : [.. changed, .. memory.ViewOf(scope, default, DateOnly.MinValue).Records.Where(held => !held.IsFinal && changed.All(record => record.Day != held.Day))];
        foreach (var record in records)
        {
            if (!record.IsFinal)
            {
                listed[record.Day] = days.List(scope, record, values);
                continue;
            }

            days.AddOwn(scope, record, values);
            if (listed.Remove(record.Day) || record.NewestStamp.Moment > Stamp.MomentOf(now - FinalsListed))
            {
                listed[record.Day] = new ListedDay(record.Day, record.NewestStamp);
            }
        }

        var finalsSince = Math.Max(next.FinalsSince, Stamp.MomentOf(now - FinalsListed));
        foreach (var day in listed.Values.ToList())
        {
            if (day.Metadata is null && day.Newest.Moment < finalsSince)
            {
                listed.Remove(day.Day);
            }
            else if (schedule.IsLeft(day, clock.There(next)))
            {
                values.Add(days.Own(day));
                listed[day.Day] = new ListedDay(day.Day, day.Newest);
            }
        }

        next = next with { Days = listed.ToImmutable(), FinalsSince = finalsSince };
        var isWritten = values.Count == 0 || await store.WriteValuesAsync(scope, values, cancellationToken);
        var write = isWritten
            ? await store.ReplaceHeadAsync(scope, head.Tag, HeadCodec.WriteHead(next), cancellationToken)
            : new HeadWrite(HeadWriteOutcome.Unanswered, "");
        if (write.Outcome == HeadWriteOutcome.Lost)
        {
            return null;
        }

        if (write.Outcome == HeadWriteOutcome.Unanswered)
        {
            // Nobody knows whether the head was replaced. What was learned here goes on under another epoch.
            Forget(records, values);
            var isNews = next.LastStamp != head.LastStamp || next.Epoch != head.Epoch;
            return isNews && head.IsShared
                ? next.InNewEpoch() with { News = next.News, Days = head.Days, IsApart = true }
                : next with { Days = head.Days };
        }

        await ReleaseAsync(scope, head, next, records, cancellationToken);
        return next with { Tag = write.Tag, IsShared = true, IsApart = false };
    }

    // Blocks whose write was not confirmed have to be written again.
    private static void Forget(IEnumerable<DayRecord> records, List<StoredValue> values)
    {
        var names = values.Select(value => value.Name).ToHashSet();
        foreach (var record in records)
        {
            foreach (var block in record.Blocks)
            {
                block.Name = block.Name is { } name && names.Contains(name) ? null : block.Name;
            }
        }
    }

    private async Task ReleaseAsync(
        Scope scope, ScopeHead head, ScopeHead next, IReadOnlyList<DayRecord> records, CancellationToken cancellationToken)
    {
        var released = new List<string>();
        foreach (var record in records)
        {
            if (head.Days.GetValueOrDefault(record.Day) is { Metadata: not null } before)
            {
                var needed = next.Days.GetValueOrDefault(record.Day) is { } now ? DayStore.NamesOf(now).ToHashSet() : [];
                foreach (var block in record.Blocks)
                {
                    needed.Add(block.Name ?? "");
                }

                released.AddRange(DayStore.NamesOf(before).Where(name => !needed.Contains(name)));
            }
        }

        if (released.Count > 0)
        {
            await store.ReleaseValuesAsync(scope, released, cancellationToken);
        }
    }
}
