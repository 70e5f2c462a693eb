using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Reads a page of an ascending walk. No walk passes a day that could not be read: a snapshot ends before it, and changes try it again with each
/// page.
/// </summary>
internal sealed class AscendingWalk(
    MessageQuery query, int limit, Scope scope, WalkPlace place, WalkDays days, WalkFloor floor, MessageArchive archive, Stretches stretches, Schedule schedule,
    AccountZone zone, PageParts parts)
{
    private readonly RentedNumber? number = query.NumberIn(scope);
    private readonly MessagePosition end =
        query.Range.To is { } to ? MessagePosition.AtOrAfter(to) : new MessagePosition(long.MaxValue, int.MaxValue);

    /// <summary>Reads the page.</summary>
    /// <returns>False if the head began another epoch meanwhile, so that the page has to be read again from its place.</returns>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (place.State == WalkState.Snapshot)
        {
            return await ReadSnapshotAsync(cancellationToken);
        }

        return await ReadChangesAsync(cancellationToken);
    }

    private async Task<bool> ReadSnapshotAsync(CancellationToken cancellationToken)
    {
        Message? left = null;
        var (first, last) = (days.First(), days.Last(archive.HeadOf(scope)));
        await foreach (var read in stretches.ReadAsync(scope, first, last, DayReader.Of(query), ascending: true, cancellationToken))
        {
            if (read.Head.Epoch != place.Epoch)
            {
                return false;
            }

            parts.Add(read);
            if (place.AsOf is null)
            {
                place.BeginSnapshot(read.Head, archive.AheadOf(read.Head), floor.LastVisible(read));
            }

            var records = read.Days.TakeWhile(record => record is not null).OfType<DayRecord>().ToList();
            parts.Cover(records);
            foreach (var record in records)
            {
                parts.Add(record);
                left = Scan(record);
                if (left?.Position.Second > place.Place.Second)
                {
                    place.MoveTo(place.Place with { Rank = int.MaxValue });
                }

                if (!schedule.IsReadPastEnd(record))
                {
                    // In the second of a question more may arrive after it.
                    place.SeeUntil(record.AskedThere.AddTicks(-1));
                }

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

            if (left is not null || read.Unread is not null)
            {
                break;
            }
        }

        var view = archive.ViewOf(scope, place.AsOf ?? default, place.Covered);
        if (view.Head.Epoch != place.Epoch)
        {
            return false;
        }

        parts.DependsOn(view.Head);
        if (place.Covered < first && Of(view.Records, place.Covered) is { CutAt: not null } cut)
        {
            // An earlier page gave what a cut answer had. The rest of that day comes with the changes.
            parts.Bound(schedule.CompleteUntil(cut));
        }

        if (place.AsOf is null)
        {
            place.BeginSnapshot(view.Head, archive.AheadOf(view.Head), lastVisible: 0);
        }

        if (left is null && parts.Unread is null)
        {
            place.EndSnapshot(zone.EndOf(last));
            if (days.AreHeld(view.Head, first))
            {
                GiveChanges(view.Head, view.Records);
                return true;
            }

            // Another page read these days, maybe at another replica, and memory does not hold them.
            return await ReadChangesAsync(cancellationToken);
        }
        else
        {
            var later = new ChangeScan(place, query, number, 0);
            later.Add(view.Records);
            floor.Set(view.Head, view.Records, [place.Place.Instant, .. Dates(later.EarliestLeft)], moment: place.Moment);
        }

        return true;
    }

    private async Task<bool> ReadChangesAsync(CancellationToken cancellationToken)
    {
        var head = archive.HeadOf(scope);
        var today = days.Last(head);
        if (place.State == WalkState.Now)
        {
            var began = zone.DayOf(place.IsMomentOurs && head.Ahead is not null ? place.Moment + archive.AheadOfOwn(head) : place.Moment);
            place.Covered = began < place.Covered ? began : place.Covered;
        }

        var asked = days.Behind(head);
        var newsy = asked.Count;
        asked.AddRange(Enumerable.Range(0, Math.Max(0, today.DayNumber - place.Covered.DayNumber + 1)).Select(place.Covered.AddDays));
        var read = await archive.ReadAsync(scope, asked, DayReader.Of(query), cancellationToken);
        var view = archive.ViewOf(scope, place.State == WalkState.Now ? place.AsOf!.Value : place.Learned, place.Covered);
        if (view.Head.Epoch != place.Epoch)
        {
            return false;
        }

        parts.Add(read);
        parts.EndBefore(read.Unread);
        parts.DependsOn(view.Head);
        foreach (var record in read.Days.Skip(newsy).OfType<DayRecord>())
        {
            parts.Add(record);
        }

        parts.Cover(read.Days.Skip(newsy).TakeWhile(record => record is not null).OfType<DayRecord>());
        var known = view.Records;
        known.AddRange(read.Records.Where(record => !known.Exists(other => other.Day == record.Day)).ToList());
        if (place.State == WalkState.Now)
        {
            var began = known.Find(record => record.Day == place.Covered);
            if (began is null)
            {
                return true;
            }

            place.CorrectMoment(archive.AheadOfOwn(view.Head));
            if (began.LookedAt + began.Ahead < place.Moment)
            {
                return true;
            }

            place.EndWait(view.Head, schedule.AnswerBy(place.Moment - archive.AheadOf(view.Head)));
        }

        // What cannot be read now may have news that comes before all others.
        if (read.Days.Take(newsy).All(record => record is not null))
        {
            GiveChanges(view.Head, known);
        }

        return true;
    }

    private void GiveChanges(ScopeHead head, List<DayRecord> records)
    {
        var last = days.Last(head);
        while (place.Covered < last && Of(records, place.Covered) is { } covered && schedule.IsReadPastEnd(covered))
        {
            place.Covered = place.Covered.AddDays(1);
        }

        var scan = new ChangeScan(place, query, number, limit - parts.Items.Count);
        scan.Add(records);
        foreach (var message in scan.Take())
        {
            parts.Items.Add(message);
            parts.Add(Of(records, message.Id.Day)!);
            place.MoveTo(message.Stamp);
        }

        parts.IsRangeEmpty &= !scan.HasAny;
        if (!scan.HasLeft)
        {
            // A quiet reader's place moves on with each midnight, and otherwise only over messages that the reader may see.
            var midnight = Stamp.MomentOf(zone.StartOf(zone.DayOf(archive.There(head))) - archive.AheadOf(head)) - 1;
            place.MoveTo(scan.LatestVisible);
            place.MoveTo(Stamp.EndOf(Math.Min(midnight, head.LastStamp)));
        }

        floor.Set(head, records, Dates(scan.EarliestLeft), moment: null);
    }

    /// <summary>Adds the messages of a day to the page.</summary>
    /// <returns>The first message that has no room; null if all have.</returns>
    private Message? Scan(DayRecord record)
    {
        var view = record.Of(number);
        var from = place.Start is { } start && MessagePosition.AtOrAfter(start) is var earliest && earliest > place.Place ? earliest : place.Place.Behind();
        for (var index = view.IndexOf(from); index < view.Count && view[index] is var message && message.Position < end; index++)
        {
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

    private static DayRecord? Of(List<DayRecord> records, DateOnly day) => records.Find(record => record.Day == day);

    private static IEnumerable<DateTimeOffset> Dates(Message? message) => message is null ? [] : [message.ReceivedAt.AddSeconds(-1)];
}
