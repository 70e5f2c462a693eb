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
internal sealed record DownloadPart(IReadOnlyList<Message> Items, Freshness Freshness, UpstreamFailure? Failure, bool IsRangeEmpty);

/// <summary>
/// Reads a whole range in parts, so that its memory does not grow with the range. A part is a month of days, which is held until it was sent: a
/// small memory tier may have dropped it meanwhile.
/// </summary>
internal sealed class Download(Follower follower, MessageArchive archive, Stretches stretches, AccountZone zone, SearchTurns searches)
{
    public IAsyncEnumerable<DownloadPart> ReadAsync(MessageQuery query, CancellationToken cancellationToken) =>
        query.Cursor is null && !query.FromNow ? ReadRangeAsync(query, cancellationToken) : ReadPagesAsync(query, cancellationToken);

    private async IAsyncEnumerable<DownloadPart> ReadRangeAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = archive.ScopeOf(query.Number);
        var today = archive.Today(archive.HeadOf(scope));
        var last = query.Range.To is { } to && zone.DayOf(to.AddTicks(-1)) is var end && end < today ? end : today;
        var left = query.Limit ?? int.MaxValue;
        if (query.Range.To <= query.Range.From)
        {
            yield break;
        }

        using var search = searches.Begin(query.Owner);
        await foreach (var read in stretches.ReadAsync(
            scope, zone.DayOf(query.Range.From), last, DayReader.Of(query), query.Ascending, growing: false, cancellationToken))
        {
            var items = new List<Message>();
            var isEmpty = true;
            var records = query.Ascending ? read.Days : read.Days.Reverse();
            foreach (var record in records.TakeWhile(record => record is not null))
            {
                isEmpty &= !await PickAsync(query, record!.Of(query.NumberIn(scope)), items, left, search, cancellationToken);
            }

            left -= items.Count;
            search.Pause();
            yield return new DownloadPart(items, read.Freshness, left > 0 ? read.Unread : null, isEmpty);
            if (left == 0)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<DownloadPart> ReadPagesAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = query.Limit ?? int.MaxValue; left > 0;)
        {
            var reading = await follower.ReadAsync(query with { Limit = Math.Min(left, MessageQuery.MaxLimit) }, cancellationToken);
            var items = reading.Page?.Items ?? [];
            left -= items.Count;
            yield return new DownloadPart(items, reading.Freshness, reading.Failure ?? (left > 0 ? reading.EndedBefore : null), reading.IsRangeEmpty);
            if (reading.Next is null || (reading.Next.State != WalkState.Snapshot && items.Count < MessageQuery.MaxLimit))
            {
                yield break;
            }

            query = query.After(reading.Next);
        }
    }

    /// <summary>Adds the messages of a day that the query asks for.</summary>
    /// <returns>Whether the day has any of the number, or of the caller's numbers.</returns>
    private static async ValueTask<bool> PickAsync(
        MessageQuery query, RecordView view, List<Message> items, int limit, Search search, CancellationToken cancellationToken)
    {
        var from = view.IndexOf(MessagePosition.AtOrAfter(query.Range.From));
        var end = query.Range.To is { } to ? view.IndexOf(MessagePosition.AtOrAfter(to)) : view.Count;
        var hasAny = false;
        for (var i = 0; i < end - from && items.Count < limit; i++)
        {
            await search.ChargeAsync(cancellationToken);
            var message = view[query.Ascending ? from + i : end - 1 - i];
            if (query.Covers(message))
            {
                hasAny = true;
                if (query.Passes(message))
                {
                    items.Add(message);
                }
            }
        }

        return hasAny;
    }
}
