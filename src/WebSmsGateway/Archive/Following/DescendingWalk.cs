using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;

namespace WebSmsGateway.Archive.Following;

/// <summary>Reads a page in descending order. Messages that arrive later are before its position and do not change the next page.</summary>
internal sealed class DescendingWalk(
    MessageQuery query, int limit, Scope scope, MessageArchive archive, Stretches stretches, AccountZone zone, PageParts parts, Search search)
{
    private readonly MessagePosition first = MessagePosition.AtOrAfter(query.Range.From);
    private MessagePosition? next;

    /// <summary>Reads the page.</summary>
    /// <returns>The page; null if the search has to let go of the days, so that it has to be read again.</returns>
    public async Task<PageReading?> ReadAsync(CursorCodec cursors, CancellationToken cancellationToken)
    {
        var end = query.Range.To is { } to ? MessagePosition.AtOrAfter(to) : default(MessagePosition?);
        await foreach (var read in stretches.ReadAsync(
            scope, zone.DayOf(query.Range.From), LastDay(), DayReader.Of(query), parts.RoomFor(limit), ascending: false, cancellationToken))
        {
            parts.Add(read);
            end = query.Cursor is { } cursor ? EndOf(cursor, read.Head) : end;
            var days = read.Days;
            var unread = days.Count - 1;
            while (unread >= 0 && days[unread] is not null)
            {
                unread--;
            }

            // The first stretch has the end of the range.
            if (parts.CompleteUntil is null)
            {
                parts.Cover(days.Skip(unread + 1).OfType<DayRecord>());
            }

            for (var i = days.Count - 1; i > unread; i--)
            {
                parts.Add(days[i]!);
                if (await LeftOfAsync(days[i]!, end, cancellationToken) is { } left)
                {
                    return parts.Make(CursorBehind(next!.Value, left, read.Head), cursors, query.Range.From);
                }

                if (search.HasToLetGo)
                {
                    return null;
                }
            }

            if (unread >= 0)
            {
                parts.EndBefore(read.Unread);

                // The page ends behind the first day that could not be read. The next page asks for that day again.
                next = MessagePosition.AtOrAfter(zone.StartOf(read.First!.Value.AddDays(unread + 1)));
                return parts.CompleteUntil is null
                    ? parts.Failed(query.Cursor, cursors)
                    : parts.Make(CursorAt(end < next ? end : next), cursors, query.Range.From);
            }

            search.Pause();
        }

        return parts.Make(null, cursors, query.Range.From);
    }

    /// <summary>Adds the messages of a day to the page.</summary>
    /// <returns>The first message that has no room; null if all have, or if the search has to let go.</returns>
    private async ValueTask<Message?> LeftOfAsync(DayRecord record, MessagePosition? end, CancellationToken cancellationToken)
    {
        var view = record.Of(query.NumberIn(scope));
        var index = end is { } position ? view.IndexOf(position) : view.Count;
        while (--index >= 0 && view[index] is var message && message.Position >= first)
        {
            if (!await search.ChargeAsync(message.Text.Length, cancellationToken))
            {
                return null;
            }

            if (!query.Covers(message))
            {
                continue;
            }

            parts.IsRangeEmpty = false;
            if (!query.Passes(message))
            {
                continue;
            }

            if (parts.Items.Count == limit)
            {
                return message;
            }

            parts.Items.Add(message);
            next = message.Position;
        }

        return null;
    }

    private DateOnly LastDay()
    {
        var today = archive.Today(archive.HeadOf(scope));
        if (query.Range.To <= query.Range.From)
        {
            return zone.DayOf(query.Range.From).AddDays(-1);
        }

        var last = query.Range.To is { } to && zone.DayOf(to.AddTicks(-1)) is var end && end < today ? end : today;
        return query.Cursor is { Place: var place } && DayBefore(place) is var day && day < last ? day : last;
    }

    /// <summary>The day of the latest message that can stand before a place.</summary>
    private DateOnly DayBefore(MessagePosition place) => zone.DayOf(place.Rank == 0 ? place.Instant.AddSeconds(-1) : place.Instant);

    /// <summary>
    /// The place of a cursor. Within a second the order may be another in another epoch, so a second that a page has cut is given again there.
    /// </summary>
    private static MessagePosition EndOf(PageCursor cursor, ScopeHead head) =>
        cursor.Epoch == 0 || cursor.Epoch == head.Epoch ? cursor.Place : new MessagePosition(cursor.Place.Second + 1, 0);

    private PageCursor CursorBehind(MessagePosition last, Message left, ScopeHead head) => left.Position.Second == last.Second
        ? CursorAt(last)! with { Epoch = head.Epoch }
        : CursorAt(new MessagePosition(last.Second, 0))!;

    private PageCursor? CursorAt(MessagePosition? place) => place is not { } last ? null
        : new PageCursor(query.Fingerprint, WalkState.Descending, Epoch: 0) { Place = last, Start = query.Range.From };
}
