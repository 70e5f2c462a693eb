using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Reads a page of an ascending walk. No walk passes a day that could not be read: a snapshot ends before it, and changes try it again with each
/// page.
/// </summary>
internal sealed class AscendingWalk(
    MessageQuery query, int limit, Scope scope, WalkPlace place, WalkDays days, WalkFloor floor, MessageArchive archive, Stretches stretches, Schedule schedule,
    AccountZone zone, PageParts parts, PlacesBehind places, Search search)
{
    private readonly RentedNumber? number = query.NumberIn(scope);
    private readonly ChangesWalk changes = new(query, limit, scope, place, days, floor, archive, schedule, zone, parts, places, search);
    private readonly MessagePosition end =
        query.Range.To is { } to ? MessagePosition.AtOrAfter(to) : new MessagePosition(long.MaxValue, int.MaxValue);

    /// <summary>Reads the page.</summary>
    /// <returns>
    /// False if the page has to be read again from its place: the head began another epoch meanwhile, or the search has to let go of the days.
    /// </returns>
    public Task<bool> ReadAsync(CancellationToken cancellationToken) =>
        place.State == WalkState.Snapshot ? ReadSnapshotAsync(cancellationToken) : changes.ReadAsync(cancellationToken);

    private async Task<bool> ReadSnapshotAsync(CancellationToken cancellationToken)
    {
        Message? left = null;
        var seen = new List<DayRecord>();
        var (first, last) = (days.First(), days.Last(archive.HeadOf(scope)));

        // A short range is read whole as the walk begins, because that tells what is known then from what comes later.
        var room = place.AsOf is null && last.DayNumber - first.DayNumber < DayRun.MaxDays ? null : parts.RoomFor(limit);
        await foreach (var read in stretches.ReadAsync(scope, first, last, DayReader.Of(query), room, ascending: true, cancellationToken))
        {
            if (read.Head.Epoch != place.Epoch)
            {
                return false;
            }

            parts.Add(read);
            if (place.AsOf is null)
            {
                place.BeginSnapshot(read.Head, archive.AheadOf(read.Head), await floor.LastVisibleAsync(read, cancellationToken));
            }

            var records = read.Days.TakeWhile(record => record is not null).OfType<DayRecord>().ToList();
            parts.Cover(records);
            foreach (var record in records)
            {
                parts.Add(record);
                if (record.NewestStamp > place.AsOf || record.Day >= place.Covered)
                {
                    seen.Add(record);
                }

                if (!schedule.IsReadPastEnd(record))
                {
                    // Until when a day was seen decides what the snapshot gives of it.
                    place.SeeUntil(record.AskedThere);
                }

                left = await ScanAsync(record, cancellationToken);
                if (search.HasToLetGo)
                {
                    return false;
                }

                if (left?.Position.Second > place.Place.Second)
                {
                    place.MoveTo(place.Place with { Rank = int.MaxValue });
                }

                places.AddDay(left);
                if (left is not null)
                {
                    break;
                }

                if (record.Day < last)
                {
                    place.MoveTo(record.Day.AddDays(1));
                    place.Covered = record.Day == place.Covered && schedule.IsReadPastEnd(record) ? record.Day.AddDays(1) : place.Covered;
                }
            }

            if (left is null)
            {
                parts.EndBefore(read.Unread);
            }

            search.Pause();
            if (left is not null || read.Unread is not null)
            {
                break;
            }
        }

        var isEnd = left is null && parts.Unread is null;
        if (isEnd && place.Covered < first)
        {
            var behind = await archive.ReadAsync(scope, DayRange.Of(place.Covered, first.AddDays(-1)), DayReader.Of(query), cancellationToken);
            parts.Add(behind);
            parts.EndBefore(behind.Unread);
            seen.AddRange(behind.Records);
        }

        var view = archive.ViewOf(scope, place.AsOf ?? default, place.Covered);
        if (view.Head.Epoch != place.Epoch)
        {
            return false;
        }

        var areBehind = days.AreBehind(seen, view);
        WalkDays.Join(view.Records, seen);
        parts.DependsOn(view.Head);
        if (place.Covered < first)
        {
            // An earlier page gave what was known of days that were not read to their end. Their rest comes with the changes.
            parts.Bound(CompleteBefore(first, view.Records));
        }

        if (place.AsOf is null)
        {
            place.BeginSnapshot(view.Head, archive.AheadOf(view.Head), lastVisible: 0);
        }

        if (isEnd)
        {
            places.EndSnapshot(floor.Of(view.Head, view.Records, [], moment: place.Moment));
            place.EndSnapshot(zone.EndOf(last));
            if (areBehind || days.Missing(view.Head, view.Records).Count > 0)
            {
                // Another page read these days, maybe at another replica, and memory does not hold what it found.
                return await changes.ReadAsync(cancellationToken);
            }

            return await changes.GiveAsync(view.Head, view.Records, cancellationToken);
        }

        var later = new ChangeScan(place, query, number, 0, search);
        if (!await later.AddAsync(view.Records, cancellationToken))
        {
            return false;
        }

        floor.Set(view.Head, view.Records, [place.Place.Instant, .. later.DatesLeft], moment: place.Moment);
        return true;
    }

    /// <summary>Adds the messages of a day to the page.</summary>
    /// <returns>The first message that has no room; null if all have, or if the search has to let go.</returns>
    private async ValueTask<Message?> ScanAsync(DayRecord record, CancellationToken cancellationToken)
    {
        var view = record.Of(number);
        var from = place.Start is { } start && MessagePosition.AtOrAfter(start) is var earliest && earliest > place.Place ? earliest : place.Place.Behind();
        for (var index = view.IndexOf(from); index < view.Count && view[index] is var message && message.Position < end; index++)
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
            if (!query.Passes(message) || !place.IsInSnapshot(message))
            {
                continue;
            }

            if (parts.Items.Count == limit)
            {
                return message;
            }

            parts.Items.Add(message);
            place.MoveTo(message.Position);
        }

        return null;
    }

    /// <summary>Up to when the days before those of a page are complete; no bound if they are.</summary>
    private DateTimeOffset CompleteBefore(DateOnly first, List<DayRecord> records)
    {
        for (var day = place.Covered; day < first; day = day.AddDays(1))
        {
            var until = WalkDays.Of(records, day) is { } record ? schedule.CompleteUntil(record) : place.Floor;
            if (until < zone.EndOf(day))
            {
                return until;
            }
        }

        return DateTimeOffset.MaxValue;
    }
}
