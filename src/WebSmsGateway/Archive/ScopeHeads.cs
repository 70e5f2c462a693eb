using WebSmsGateway.Archive.Records;
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
internal sealed class ScopeHeads(
    MemoryTier memory, ArchiveClock clock, ISharedStore? store = null, DayStore? days = null, HeadWriter? writing = null)
{
    // A race is lost to a replica that has won, so somebody makes progress. The bound only stops a defect.
    private const int MaxRaces = 20;

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
                if (await writing!.WriteAsync(scope, head, next, [], cancellationToken) is not { } written)
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

                if (store is { IsUp: true } && !head.IsApart && race < MaxRaces)
                {
                    if (await writing!.WriteAsync(scope, head, next, merged.Records, cancellationToken) is not { } written)
                    {
                        await TakeOverAsync(scope, cancellationToken);
                        continue;
                    }

                    next = written;
                }
                else if (head.IsShared && merged.HasNews)
                {
                    next = next.InNewEpoch() with { News = next.News, IsApart = true };
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
            // The head was lost, or nobody has written one, or it cannot be read. What is known here becomes the next one, blocks and all.
            WriteAllAgain(scope);
            var next = mine.IsShared ? mine.InNewEpoch() : mine;
            next = next with { Tag = stored.Tag, IsShared = false, IsApart = false, Days = next.Days.Clear() };
            memory.Replace(scope, next, [], isFromRedis: false);
            return true;
        }

        theirs = theirs with { Tag = stored.Tag, IsShared = true };
        if (mine.IsShared && (theirs.Epoch == mine.Epoch ? theirs.LastStamp < mine.LastStamp : mine.Ancestors.Contains(theirs.Epoch)))
        {
            await RestoreAsync(scope, mine, theirs, cancellationToken);
            return true;
        }

        return await AdoptAsync(scope, mine, theirs, cancellationToken);
    }

    /// <summary>
    /// Puts what is known here in the place of a head that lost writes, under a new epoch: the head in Redis is an earlier state of the one in
    /// memory.
    /// </summary>
    private async Task RestoreAsync(Scope scope, ScopeHead mine, ScopeHead theirs, CancellationToken cancellationToken)
    {
        // The blocks may be lost with the head.
        WriteAllAgain(scope);
        var next = theirs.InNewEpoch(mine) with { LastStamp = Math.Max(theirs.LastStamp, mine.LastStamp) };
        memory.Replace(scope, next, [], isFromRedis: false);
        if (await writing!.WriteAsync(scope, next, next, [], cancellationToken) is { } written)
        {
            // Where another replica was faster, the next look finds its epoch.
            memory.Replace(scope, written, [], isFromRedis: false);
        }
    }

    private void WriteAllAgain(Scope scope)
    {
        foreach (var block in memory.ViewOf(scope, default, DateOnly.MinValue).Records.SelectMany(record => record.Blocks.ToArray()))
        {
            block.Name = null;
        }
    }

    /// <summary>Takes over a head that follows the one in memory, or that another replica began without knowing it.</summary>
    private async Task<bool> AdoptAsync(Scope scope, ScopeHead mine, ScopeHead theirs, CancellationToken cancellationToken)
    {
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

        var moment = theirs.NextStamp(clock.Now);
        var joined = theirs.Epoch == mine.Epoch ? [] : RecordMerge.Join(theirs, held.Values, loaded, moment);
        if (joined.Count > 0)
        {
            var next = theirs with { LastStamp = moment, News = new RecordValidity() };
            if (await writing!.WriteAsync(scope, theirs, next, joined, cancellationToken) is not { IsShared: true } written)
            {
                // Another replica was faster, or Redis takes nothing. What is known here is kept until it does.
                return true;
            }

            theirs = written;
        }

        memory.Replace(scope, theirs, [.. loaded.Where(record => joined.TrueForAll(other => other.Day != record.Day)), .. joined], isFromRedis: true);
        return true;
    }
}
