using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>
/// Takes over the head that replicas share: as it is, or joined with what is known here, or, where it lost writes, restored under a new epoch.
/// </summary>
internal sealed class HeadTakeover(MemoryTier memory, ArchiveClock clock, ISharedStore store, DayStore days, HeadWriter writing)
{
    /// <summary>Takes over the shared head, if it is another one than that in memory. The caller holds the writer's lock.</summary>
    /// <returns>Whether Redis answered.</returns>
    public async Task<bool> TakeOverAsync(Scope scope, CancellationToken cancellationToken)
    {
        var mine = memory.HeadOf(scope);
        var stored = await store.ReadHeadAsync(scope, mine.IsShared ? mine.Tag : null, cancellationToken);
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
        if (await writing.WriteAsync(scope, next, next, [], cancellationToken) is { } written)
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

    /// <summary>
    /// Takes over a head that follows the one in memory, or that another replica began without knowing it. Where it went on from an earlier
    /// state, because writes were lost, a new epoch begins with what both know.
    /// </summary>
    private async Task<bool> AdoptAsync(Scope scope, ScopeHead mine, ScopeHead theirs, CancellationToken cancellationToken)
    {
        var isNews = theirs.Epoch != mine.Epoch || theirs.LastStamp != mine.LastStamp;
        theirs = theirs with { News = isNews ? new RecordValidity() : mine.News };
        var held = memory.ViewOf(scope, default, DateOnly.MinValue).Records.Where(record => !record.IsFinal).ToDictionary(record => record.Day);
        var changed = theirs.Days.Values.Where(day => held.TryGetValue(day.Day, out var record) && !day.IsStateOf(record)).ToList();
        var loaded = changed.Count == 0 ? [] : await days.LoadAsync(
            scope, [.. changed.Select(day => (day.Day, (ListedDay?)day))], held.GetValueOrDefault, cancellationToken);
        if (loaded is null)
        {
            return false;
        }

        var moment = theirs.NextStamp(clock.Now);
        var hasLost = mine.IsShared && theirs.Epoch == mine.Epoch && Descent.HasLost(theirs, held.Values, loaded);
        var isOther = theirs.Epoch != mine.Epoch || hasLost;
        var joined = isOther ? RecordJoin.OfEpochs(theirs, held.Values, loaded, moment, clock.Now) : RecordJoin.OfTimes(held, loaded, clock.Now);
        if (hasLost || joined.Count > 0)
        {
            var next = hasLost ? theirs.InNewEpoch() : theirs;
            next = isOther ? next with { LastStamp = moment, News = new RecordValidity() } : next;
            if (await writing.WriteAsync(scope, theirs, next, joined, cancellationToken) is not { IsShared: true } written)
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
