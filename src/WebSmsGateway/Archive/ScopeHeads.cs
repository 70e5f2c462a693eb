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

    private readonly HeadTakeover? shared = store is null ? null : new(memory, clock, store, days!, writing!);

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
            return await shared!.TakeOverAsync(scope, cancellationToken);
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>
    /// Begins a new epoch, because a reader has a place that the head has not reached. Either the shared head lost writes, and its stamps may be
    /// given a second time, or Redis does not answer, and the head in memory is behind.
    /// </summary>
    /// <param name="scope">The scope.</param>
    /// <param name="cursor">The place of the reader.</param>
    /// <param name="isSynced">Whether the head in memory is the shared one.</param>
    /// <param name="cancellationToken">The token of the reader.</param>
    public async Task BeginEpochAsync(Scope scope, PageCursor cursor, bool isSynced, CancellationToken cancellationToken)
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
                if (!isSynced)
                {
                    memory.Replace(scope, next with { IsApart = true }, [], isFromRedis: false);
                    return;
                }

                if (await writing!.WriteAsync(scope, head, next, [], cancellationToken) is not { } written)
                {
                    await shared!.TakeOverAsync(scope, cancellationToken);
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
    /// <returns>The days that Redis has; null if it did not answer.</returns>
    public async Task<List<DayRecord>?> LoadAsync(Scope scope, IReadOnlyList<DateOnly> wanted, CancellationToken cancellationToken)
    {
        if (days is null || wanted.Count == 0)
        {
            return [];
        }

        var head = memory.HeadOf(scope);
        var loaded = await days.LoadAsync(
            scope, [.. wanted.Select(day => (day, head.Days.GetValueOrDefault(day)))], day => memory.Peek(new DayKey(scope, day)), cancellationToken);
        foreach (var record in loaded ?? [])
        {
            memory.Hold(scope, record);
        }

        return loaded;
    }

    /// <summary>Merges an answer into the head of a scope, in Redis and in memory.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="answered">The days of the answer.</param>
    /// <param name="merge">Merges into a head with the moment of the next stamp. It runs again after a lost race.</param>
    /// <param name="cancellationToken">The token of the fetch.</param>
    public async Task<IReadOnlyList<DayRecord>> CommitAsync(
        Scope scope, IEnumerable<DateOnly> answered, Func<ScopeHead, long, Merged> merge, CancellationToken cancellationToken)
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
                    await shared!.TakeOverAsync(scope, cancellationToken);
                    head = memory.HeadOf(scope);
                }

                // The answer is merged into what the head lists of its days, so these are loaded first. Without them it would get new stamps and
                // another order.
                var isStored = store is { IsUp: true } && !head.IsApart && race < MaxRaces
                    && await LoadAsync(scope, [.. answered.Where(day => head.Days.ContainsKey(day) && !Holds(scope, day))], cancellationToken) is not null;
                var moment = head.NextStamp(clock.Now);
                var merged = merge(head, moment);
                var next = head with { Ahead = merged.Ahead, IsNewestFirst = merged.IsNewestFirst };
                if (merged.HasNews)
                {
                    next = next with { LastStamp = moment, News = new RecordValidity() };
                }

                if (isStored)
                {
                    if (await writing!.WriteAsync(scope, head, next, merged.Records, cancellationToken) is not { } written)
                    {
                        await shared!.TakeOverAsync(scope, cancellationToken);
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

    /// <summary>Whether memory holds a day.</summary>
    public bool Holds(Scope scope, DateOnly day) => memory.Peek(new DayKey(scope, day)) is not null;
}
