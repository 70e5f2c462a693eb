using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>What a merge makes of an answer.</summary>
/// <param name="Records">The next records of the days.</param>
/// <param name="HasNews">Whether something became known or was taken off, or a day was read for the first time.</param>
/// <param name="Ahead">How far the clock of WEBSMS is ahead of ours.</param>
/// <param name="IsNewestFirst">Whether the list was newest first.</param>
internal sealed record Merged(IReadOnlyList<DayRecord> Records, bool HasNews, TimeSpan Ahead, bool IsNewestFirst);

/// <summary>
/// Replaces the heads of scopes. A head in Redis is replaced by compare-and-set: who loses the race reads the winner's head and merges
/// again. Without Redis for a while a replica that learns something goes on under an epoch of its own, and joins the shared head again later.
/// </summary>
internal sealed class ScopeHeads(MemoryTier memory, Schedule schedule, ArchiveClock clock, ISharedStore? store = null, DayStore? days = null)
{
    // A race is lost to a replica that has won, so somebody makes progress. The bound only stops a defect.
    private const int MaxRaces = 20;

    private static readonly TimeSpan FinalsListed = TimeSpan.FromDays(8);

    /// <summary>Takes over the shared head, if it is another one than that in memory.</summary>
    /// <returns>Whether Redis answered.</returns>
    public async Task<bool> SyncAsync(Scope scope, CancellationToken cancellationToken)
    {
        if (store is not { IsUp: true })
        {
            return false;
        }

        var writer = memory.WriterOf(scope);
        await writer.WaitAsync(cancellationToken);
        try
        {
            return await TakeOverAsync(scope, cancellationToken);
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>
    /// Begins a new epoch, because a reader has a place that the shared head has not reached. So the head lost writes, and its stamps may be
    /// given a second time.
    /// </summary>
    public async Task BeginEpochAsync(Scope scope, PageCursor cursor, CancellationToken cancellationToken)
    {
        var writer = memory.WriterOf(scope);
        await writer.WaitAsync(cancellationToken);
        try
        {
            for (var race = 0; race < MaxRaces; race++)
            {
                var head = memory.HeadOf(scope);
                if (head.Epoch != cursor.Epoch || head.LastStamp >= cursor.Latest)
                {
                    return;
                }

                var next = head.InNewEpoch() with { LastStamp = Math.Max(head.LastStamp, cursor.Latest), Tag = head.Tag };
                if (await WriteAsync(scope, head, next, [], cancellationToken) is not { } written)
                {
                    await TakeOverAsync(scope, cancellationToken);
                    continue;
                }

                memory.Replace(scope, written, [], isFromRedis: false);
                return;
            }
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>Loads days that memory does not hold from Redis.</summary>
    public async Task LoadAsync(Scope scope, IReadOnlyList<DateOnly> wanted, CancellationToken cancellationToken)
    {
        if (days is null || wanted.Count == 0)
        {
            return;
        }

        var head = memory.HeadOf(scope);
        var loaded = await days.LoadAsync(
            scope, [.. wanted.Select(day => (day, head.Days.GetValueOrDefault(day)))], day => memory.Peek(new DayKey(scope, day)), cancellationToken);
        foreach (var record in loaded ?? [])
        {
            memory.Hold(scope, record);
        }
    }

    /// <summary>Merges an answer into the head of a scope, in Redis and in memory.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="merge">Merges into a head with the moment of the next stamp. It runs again after a lost race.</param>
    /// <param name="cancellationToken">The token of the fetch.</param>
    public async Task<IReadOnlyList<DayRecord>> CommitAsync(Scope scope, Func<ScopeHead, long, Merged> merge, CancellationToken cancellationToken)
    {
        var writer = memory.WriterOf(scope);
        await writer.WaitAsync(cancellationToken);
        try
        {
            for (var race = 0; ; race++)
            {
                var head = memory.HeadOf(scope);
                if (store is { IsUp: true } && !head.IsShared && race == 0)
                {
                    await TakeOverAsync(scope, cancellationToken);
                    head = memory.HeadOf(scope);
                }

                var moment = head.NextStamp(clock.Now);
                var merged = merge(head, moment);
                var next = head with { Ahead = merged.Ahead, IsNewestFirst = merged.IsNewestFirst };
                if (merged.HasNews)
                {
                    next = next with { LastStamp = moment, News = new RecordValidity() };
                }

                if (store is { IsUp: true } && race < MaxRaces)
                {
                    if (await WriteAsync(scope, head, next, merged.Records, cancellationToken) is not { } written)
                    {
                        await TakeOverAsync(scope, cancellationToken);
                        continue;
                    }

                    next = written;
                }
                else if (head.IsShared && merged.HasNews)
                {
                    next = next.InNewEpoch() with { News = next.News };
                }

                memory.Replace(scope, next, merged.Records, isFromRedis: false);
                return merged.Records;
            }
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>Writes a head and the values that it names.</summary>
    /// <returns>The head as it is now; null if another replica was faster.</returns>
    private async Task<ScopeHead?> WriteAsync(
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
                listed[record.Day] = days!.List(scope, record, values);
                continue;
            }

            days!.AddOwn(scope, record, values);
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
                values.Add(days!.Own(day));
                listed[day.Day] = new ListedDay(day.Day, day.Newest);
            }
        }

        next = next with { Days = listed.ToImmutable(), FinalsSince = finalsSince };
        var isWritten = values.Count == 0 || await store!.WriteValuesAsync(scope, values, cancellationToken);
        var write = isWritten
            ? await store!.ReplaceHeadAsync(scope, head.Tag, HeadCodec.WriteHead(next), cancellationToken)
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
            return isNews && head.IsShared ? next.InNewEpoch() with { News = next.News, Days = head.Days } : next with { Days = head.Days };
        }

        await ReleaseAsync(scope, head, next, records, cancellationToken);
        return next with { Tag = write.Tag, IsShared = true };
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
            await store!.ReleaseValuesAsync(scope, released, cancellationToken);
        }
    }

    /// <summary>Takes over the shared head. The caller holds the writer's lock.</summary>
    private async Task<bool> TakeOverAsync(Scope scope, CancellationToken cancellationToken)
    {
        var mine = memory.HeadOf(scope);
        var stored = await store!.ReadHeadAsync(scope, mine.IsShared ? mine.Tag : null, cancellationToken);
        if (stored is null)
        {
            return false;
        }

        if (mine.IsShared && stored.Tag == mine.Tag)
        {
            return true;
        }

        var theirs = stored.Payload is { } payload ? HeadCodec.ReadHead(payload) : null;
        if (theirs is null)
        {
            // The head was lost, or nobody has written one, or it cannot be read. What is known here becomes the next one.
            var next = mine.IsShared ? mine.InNewEpoch() : mine;
            memory.Replace(scope, next with { Tag = stored.Tag, IsShared = false, Days = next.Days.Clear() }, [], isFromRedis: false);
            return true;
        }

        theirs = theirs with { Tag = stored.Tag, IsShared = true };
        var lostWrites = mine.IsShared
            && (theirs.Epoch == mine.Epoch ? theirs.LastStamp < mine.LastStamp : mine.Ancestors.Contains(theirs.Epoch));
        if (lostWrites)
        {
            theirs = theirs.InNewEpoch(mine) with { LastStamp = Math.Max(theirs.LastStamp, mine.LastStamp) };
        }

        var isNews = theirs.Epoch != mine.Epoch || theirs.LastStamp != mine.LastStamp;
        theirs = theirs with { News = isNews ? new RecordValidity() : mine.News };
        var held = memory.ViewOf(scope, default, DateOnly.MinValue).Records.Where(record => !record.IsFinal).ToDictionary(record => record.Day);
        var changed = theirs.Days.Values.Where(day => held.TryGetValue(day.Day, out var record) && !day.IsStateOf(record)).ToList();
        var loaded = changed.Count == 0 ? [] : await days!.LoadAsync(
            scope, [.. changed.Select(day => (day.Day, (ListedDay?)day))], held.GetValueOrDefault, cancellationToken);
        if (loaded is null)
        {
            return false;
        }

        memory.Replace(scope, theirs, loaded, isFromRedis: true);
        if (lostWrites && await WriteAsync(scope, theirs, theirs, [], cancellationToken) is { } written)
        {
            // Where another replica was faster, the next look finds its epoch.
            memory.Replace(scope, written, [], isFromRedis: false);
        }

        return true;
    }
}
