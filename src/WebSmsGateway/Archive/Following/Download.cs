using System.Runtime.CompilerServices;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Following;

/// <summary>A part of a download, or the failure that ends it.</summary>
/// <param name="Items">The next messages.</param>
/// <param name="Freshness">How fresh the part is, and where it came from.</param>
/// <param name="Failure">Why the download cannot go on; null if it can.</param>
/// <param name="IsRangeEmpty">Whether the part has no message of the number, or of the caller's numbers, before other filters.</param>
internal sealed record DownloadPart(IReadOnlyList<Message> Items, Freshness Freshness, UpstreamFailure? Failure, bool IsRangeEmpty)
{
    /// <summary>Comes before days that WEBSMS may have to be asked for, so that what is there can be sent first.</summary>
    public static readonly DownloadPart BeforeWait = new([], default, null, IsRangeEmpty: true);
}

/// <summary>
/// Reads a whole range in small parts, so that its memory grows neither with the range nor with a day. Days are asked for a month at a time.
/// Between two parts they are held only while there is room for them (<see cref="DaysAtHand"/>), and else are read again.
/// </summary>
internal sealed class Download(Follower follower, MessageArchive archive, AccountZone zone, SearchTurns searches)
{
    /// <summary>What the messages of a part take in memory. A part has at least one message.</summary>
    public const int PartBytes = 64 * 1024;

    // A page of this size takes about as much.
    private const int PageLimit = 100;

    public IAsyncEnumerable<DownloadPart> ReadAsync(MessageQuery query, DaysAtHand held, CancellationToken cancellationToken) =>
        query.Cursor is null && !query.FromNow ? ReadRangeAsync(query, held, cancellationToken) : ReadPagesAsync(query, cancellationToken);

    // No record may be a variable here, because it would be kept while the caller sends a part.
    private async IAsyncEnumerable<DownloadPart> ReadRangeAsync(
        MessageQuery query, DaysAtHand held, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = archive.ScopeOf(query.Number);
        var left = query.Limit ?? int.MaxValue;
        using var search = searches.Begin(query.Owner);
        foreach (var month in DaysOf(query, scope).Chunk(DayRun.MaxDays))
        {
            if (!month.All(day => archive.Holds(scope, day)))
            {
                yield return DownloadPart.BeforeWait;
            }

            var (days, freshness, unread) = await AskAsync(query, scope, month, held, cancellationToken);
            foreach (var day in days)
            {
                var place = default(MessagePosition?);
                for (var isDone = false; !isDone && left > 0;)
                {
                    var picked = Pick(query, scope, held.Find(day), place, left, search)
                        ?? await PickAgainAsync(query, scope, day, held, place, left, search, cancellationToken);
                    (place, isDone) = (picked.Place, picked.IsDone);
                    left -= picked.Items.Count;
                    if (picked is not { NeedsTurn: true, IsEmpty: true })
                    {
                        search.Pause();
                        yield return new DownloadPart(picked.Items, freshness, picked.Failure, picked.IsEmpty);
                    }

                    if (picked.Failure is not null)
                    {
                        yield break;
                    }

                    if (picked.NeedsTurn)
                    {
                        await search.NextAsync(cancellationToken);
                    }
                }

                held.Leave(day);
            }

            if (unread is not null && left > 0)
            {
                yield return new DownloadPart([], freshness, unread, IsRangeEmpty: true);
            }

            if (unread is not null || left == 0)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<DownloadPart> ReadPagesAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = query.Limit ?? int.MaxValue; left > 0;)
        {
            var reading = await follower.ReadAsync(query with { Limit = Math.Min(left, PageLimit) }, cancellationToken);
            var items = reading.Page?.Items ?? [];
            left -= items.Count;
            yield return new DownloadPart(items, reading.Freshness, reading.Failure ?? (left > 0 ? reading.EndedBefore : null), reading.IsRangeEmpty);
            if (reading.Next is null || (reading.Next.State != WalkState.Snapshot && items.Count < PageLimit))
            {
                yield break;
            }

            yield return DownloadPart.BeforeWait;
            query = query.After(reading.Next);
        }
    }

    private IEnumerable<DateOnly> DaysOf(MessageQuery query, Scope scope)
    {
        if (query.Range.To <= query.Range.From)
        {
            return [];
        }

        var first = zone.DayOf(query.Range.From);
        var today = archive.Today(archive.HeadOf(scope));
        var last = query.Range.To is { } to && zone.DayOf(to.AddTicks(-1)) is var end && end < today ? end : today;
        var count = Math.Max(0, last.DayNumber - first.DayNumber + 1);
        return Enumerable.Range(0, count).Select(number => query.Ascending ? first.AddDays(number) : last.AddDays(-number));
    }

    /// <summary>Asks for days, and keeps those that could be read.</summary>
    /// <param name="query">The query.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="days">The days, in the order of the download.</param>
    /// <param name="held">Keeps the days.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The days up to the first one that could not be read, and why it could not be.</returns>
    private async Task<(DateOnly[] Days, Freshness Freshness, UpstreamFailure? Unread)> AskAsync(
        MessageQuery query, Scope scope, DateOnly[] days, DaysAtHand held, CancellationToken cancellationToken)
    {
        var read = await archive.ReadAsync(scope, query.Ascending ? days : [.. days.Reverse()], DayReader.Of(query), cancellationToken);
        var records = (query.Ascending ? read.Days : read.Days.Reverse()).TakeWhile(record => record is not null).OfType<DayRecord>().ToList();
        held.Keep(records);
        return ([.. records.Select(record => record.Day)], read.Freshness, read.Unread);
    }

    private async Task<Picked> PickAgainAsync(
        MessageQuery query, Scope scope, DateOnly day, DaysAtHand held, MessagePosition? place, int limit, Search search,
        CancellationToken cancellationToken)
    {
        await search.TakeSliceAsync(cancellationToken);
        var read = await archive.ReadAsync(scope, [day], DayReader.Of(query), cancellationToken);
        if (read.Days is not [{ } record])
        {
            return new Picked([], place, IsDone: true, IsEmpty: true, read.Unread ?? MessageArchive.LateAnswer);
        }

        held.Keep([record]);
        return Pick(query, scope, record, place, limit, search)!.Value;
    }

    /// <summary>
    /// Picks the messages behind a place that the query asks for, as many as a part has and a turn covers. Null where the day is not held any more.
    /// </summary>
    private static Picked? Pick(MessageQuery query, Scope scope, DayRecord? record, MessagePosition? place, int limit, Search search)
    {
        if (record is null)
        {
            return null;
        }

        var view = record.Of(query.NumberIn(scope));
        var (from, end) = Bounds(query, view, place);
        var items = new List<Message>();
        var isEmpty = true;
        for (var (i, cost) = (0, 0L); i < end - from && items.Count < limit; i++)
        {
            var message = view[query.Ascending ? from + i : end - 1 - i];
            if (!search.TryCharge(message.Text.Length))
            {
                return new Picked(items, place, IsDone: false, isEmpty, null, NeedsTurn: true);
            }

            place = message.Position;
            if (query.Covers(message))
            {
                isEmpty = false;
                if (query.Passes(message))
                {
                    items.Add(message);
                    cost += message.Cost;
                }
            }

            if (cost >= PartBytes)
            {
                return new Picked(items, place, IsDone: false, isEmpty, null);
            }
        }

        return new Picked(items, null, IsDone: true, isEmpty, null);
    }

    /// <summary>The part of a day that lies in the range of the query and behind the place.</summary>
    private static (int From, int End) Bounds(MessageQuery query, RecordView view, MessagePosition? place)
    {
        var from = view.IndexOf(MessagePosition.AtOrAfter(query.Range.From));
        var end = query.Range.To is { } to ? view.IndexOf(MessagePosition.AtOrAfter(to)) : view.Count;
        if (place is { } at)
        {
            var index = view.IndexOf(at);
            var behind = index < view.Count && view[index].Position == at ? index + 1 : index;
            (from, end) = query.Ascending ? (Math.Max(from, behind), end) : (from, Math.Min(end, index));
        }

        return (from, end);
    }

    private readonly record struct Picked(
        List<Message> Items, MessagePosition? Place, bool IsDone, bool IsEmpty, UpstreamFailure? Failure, bool NeedsTurn = false);
}
