using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// Reads a page of an ascending walk. No walk passes a day that could not be read: a snapshot ends before it, and changes try it again with each
/// page.
/// </summary>
internal sealed class AscendingWalk(
    MessageQuery query, int limit, Scope scope, WalkPlace place, MessageArchive archive, Schedule schedule, AccountZone zone, PageParts parts)
{
    private readonly RentedNumber? number = MessageArchive.NumberIn(scope, query);
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
        var (first, last) = (FirstDay(), LastDay(archive.HeadOf(scope)));
        await foreach (var read in archive.StretchesAsync(scope, first, last, ascending: true, growing: true, cancellationToken))
        {
            if (read.Head.Epoch != place.Epoch)
            {
                return false;
            }

            parts.Add(read);
            if (place.AsOf is null)
            {
                place.BeginSnapshot(read.Head);
            }

            var records = read.Days.TakeWhile(record => record is not null).OfType<DayRecord>().ToList();
            parts.Cover(records);
            foreach (var record in records)
            {
                parts.Add(record);
                left = Scan(record);
                if (left is not null)
                {
                    break;
                }

                place.MoveTo(record.Day.AddDays(1) <= last ? record.Day.AddDays(1) : record.Day);
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
        if (place.AsOf is null)
        {
            place.BeginSnapshot(view.Head);
        }

        if (left is null && parts.Unread is null)
        {
            place.EndSnapshot();
            GiveChanges(view.Head, view.Records);
        }
        else
        {
            var later = new ChangeScan(place, query, number, 0);
            later.Add(view.Records);
            SetFloor(view.Head, view.Records, [place.Place.Instant, .. Dates(left), .. Dates(later.EarliestLeft)], moment: place.Moment);
        }

        return true;
    }

    private async Task<bool> ReadChangesAsync(CancellationToken cancellationToken)
    {
        var head = archive.HeadOf(scope);
        var today = LastDay(head);
        if (place.State == WalkState.Now)
        {
            var began = zone.DayOf(head.Ahead < TimeSpan.Zero ? place.Moment + head.Ahead : place.Moment);
            place.Covered = began < place.Covered ? began : place.Covered;
        }

        var days = DaysBehind(head);
        var newsy = days.Count;
        days.AddRange(Enumerable.Range(0, Math.Max(0, today.DayNumber - place.Covered.DayNumber + 1)).Select(place.Covered.AddDays));
        var read = await archive.ReadAsync(scope, days, cancellationToken);
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
            if (began is null || began.AskedAt < place.Moment)
            {
                return true;
            }

            place.EndWait(view.Head, schedule.AnswerBy(place.Moment));
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
        var last = LastDay(head);
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
            var midnight = Stamp.MomentOf(zone.StartOf(zone.DayOf(archive.Now))) - 1;
            place.MoveTo(scan.LatestVisible);
            place.MoveTo(Stamp.EndOf(Math.Min(midnight, head.LastStamp)));
        }

        SetFloor(head, records, Dates(scan.EarliestLeft), moment: null);
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

    private void SetFloor(ScopeHead head, List<DayRecord> records, IEnumerable<DateTimeOffset> waiting, DateTimeOffset? moment)
    {
        var floor = archive.Now + head.Ahead;
        foreach (var date in waiting)
        {
            floor = date < floor ? date : floor;
        }

        var last = moment is { } began ? zone.DayOf(began) : LastDay(head);
        for (var day = place.Covered; day <= last; day = day.AddDays(1))
        {
            // In a snapshot, a day that was not read yet lies behind the place.
            var record = Of(records, day);
            var asked = record?.AskedThere ?? (moment is null ? zone.StartOf(day) : floor);
            if ((record is null || !schedule.IsReadPastEnd(record)) && asked < floor)
            {
                floor = asked;
            }
        }

        place.SetFloor(floor);
    }

    private DateOnly FirstDay()
    {
        var next = place.Place.Behind().Instant;
        return zone.DayOf(place.Start > next ? place.Start.Value : next);
    }

    private DateOnly LastDay(ScopeHead head)
    {
        var last = archive.Today(head);
        return query.Range.To is { } limit && zone.DayOf(limit.AddTicks(-1)) is var bound && bound < last ? bound : last;
    }

    /// <summary>
    /// The days before the covered ones that may have news: those that are due to be asked for again, those that the head lists with a newer
    /// stamp and memory does not hold, and for a place older than the list all days that can have got one since.
    /// </summary>
    private List<DateOnly> DaysBehind(ScopeHead head)
    {
        var days = new SortedSet<DateOnly>(archive.DueDays(scope, place.FirstDay));
        if (head.Days.Count > 0 && place.State == WalkState.Changes)
        {
            var missing = head.Days.Values.Where(day => day.Newest > place.Learned && !(day.Day < place.FirstDay) && !archive.Holds(scope, day.Day));
            days.UnionWith(missing.Select(day => day.Day));
            if (place.Learned.Moment < head.FinalsSince)
            {
                var since = place.Learned.Moment > 0 ? Stamp.InstantOf(place.Learned.Moment) : place.Floor;
                var first = zone.DayOf(since - schedule.LastAge).AddDays(-1);
                first = place.FirstDay > first ? place.FirstDay.Value : first;
                days.UnionWith(Enumerable.Range(0, Math.Max(0, place.Covered.DayNumber - first.DayNumber)).Select(first.AddDays));
            }
        }

        days.RemoveWhere(day => day >= place.Covered);
        return [.. days];
    }

    private static DayRecord? Of(List<DayRecord> records, DateOnly day) => records.Find(record => record.Day == day);

    private static IEnumerable<DateTimeOffset> Dates(Message? message) => message is null ? [] : [message.ReceivedAt.AddSeconds(-1)];
}
