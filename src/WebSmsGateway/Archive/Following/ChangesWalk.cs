using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;

namespace WebSmsGateway.Archive.Following;

/// <summary>Reads a page of changes in the order of discovery. Days that could not be read are tried again with each page.</summary>
internal sealed class ChangesWalk(
    MessageQuery query, int limit, Scope scope, WalkPlace place, WalkDays days, WalkFloor floor, MessageArchive archive, Schedule schedule, AccountZone zone,
    PageParts parts, PlacesBehind places, Search search)
{
    private readonly RentedNumber? number = query.NumberIn(scope);

    /// <inheritdoc cref="AscendingWalk.ReadAsync"/>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var head = archive.HeadOf(scope);
        var ahead = archive.AheadOf(head);
        if (place.State == WalkState.Now)
        {
            var began = zone.DayOf(place.IsMomentOurs && head.Ahead is not null ? place.Moment + archive.AheadOfOwn(head) : place.Moment);
            place.Covered = began < place.Covered ? began : place.Covered;
        }

        var missing = days.Missing(head);
        var behind = new SortedSet<DateOnly>(missing.Concat(days.Due()));
        var (read, view) = await ReadAsync(behind, head, cancellationToken);
        for (var reads = 1; view.Head.Epoch == place.Epoch
            && (!behind.IsSupersetOf(missing = days.Missing(head = view.Head, view.Records)) || days.AreBehind(read.Records, view)); reads++)
        {
            if (reads == ArchiveRead.MostReads)
            {
                return false;
            }

            // Another replica learned of more days meanwhile, or memory let days go, maybe with what became known of them since.
            behind.UnionWith(missing);
            (read, view) = await ReadAsync(behind, head, cancellationToken);
        }

        if (view.Head.Epoch != place.Epoch)
        {
            return false;
        }

        var newsy = behind.Count;
        parts.Add(read);
        var isNewsUnread = read.Days.Zip(behind.Concat(DayRange.Of(place.Covered, days.Last(view.Head))))
            .Any(pair => pair.First is null && (missing.Contains(pair.Second) || IsNews(view.Head, pair.Second)));
        parts.EndBefore(read.Unread ?? (isNewsUnread ? read.Missed : null));
        parts.DependsOn(view.Head);
        foreach (var record in read.Days.Skip(newsy).OfType<DayRecord>())
        {
            parts.Add(record);
        }

        parts.Cover(read.Days.Skip(newsy).TakeWhile(record => record is not null).OfType<DayRecord>());
        var known = view.Records;
        WalkDays.Join(known, read.Records);
        if (place.State == WalkState.Now)
        {
            var began = known.Find(record => record.Day == place.Covered);
            if (began is null)
            {
                return true;
            }

            place.CorrectMoment(archive.AheadOfOwn(view.Head));

            // The moment was taken by an earlier estimate of that clock. A wait that goes on too long would pass what was reported after an answer.
            var isAnswered = began.LookedAt + (began.Ahead > ahead ? began.Ahead : ahead) >= place.Moment;
            if (isAnswered)
            {
                place.BeginBy(began.LookedAt + began.Ahead);
            }

            if (zone.DayOf(place.Moment) is var day && day < place.Covered)
            {
                // The answer showed that the clock of WEBSMS is still in a day that was not asked for.
                place.Covered = day;
                return true;
            }

            if (!isAnswered)
            {
                return true;
            }

            place.EndWait(view.Head, schedule.AnswerBy(place.Moment - archive.AheadOf(view.Head)));
            if (!behind.IsSupersetOf(days.Missing(view.Head, known)))
            {
                // The wait may have taken days. What was reported late meanwhile is new, and memory may have let its day go.
                return await ReadAsync(cancellationToken);
            }
        }

        // What cannot be read now may have news that comes before all others.
        if (!isNewsUnread)
        {
            return await GiveAsync(view.Head, known, cancellationToken);
        }

        // Nothing is given, but what was read moves the floor, so that less comes again after an epoch is lost. What is known and waits holds it
        // back, also below where it was: a message that was reported late is not given before the epoch is lost otherwise, and never after.
        if (await ScanAsync(view.Head, known, room: 0, cancellationToken) is not { } waiting)
        {
            return false;
        }

        var earliest = floor.Of(view.Head, known, missing.Select(zone.StartOf), moment: null);
        earliest = earliest > place.Floor ? earliest : place.Floor;
        place.SetFloor(waiting.DatesLeft.Append(earliest).Min());
        return true;
    }

    /// <summary>Reads the days that may have news, and looks at all that became known.</summary>
    private async Task<(ArchiveRead Read, (ScopeHead Head, List<DayRecord> Records) View)> ReadAsync(
        SortedSet<DateOnly> behind, ScopeHead head, CancellationToken cancellationToken)
    {
        var read = await archive.ReadAsync(
            scope, [.. behind, .. DayRange.Of(place.Covered, days.Last(head))], behind.Count, DayReader.Of(query), cancellationToken);
        return (read, archive.ViewOf(scope, place.Looked, place.Covered));
    }

    /// <summary>Whether the head lists a day with something that the walk has not given.</summary>
    private bool IsNews(ScopeHead head, DateOnly day) =>
        head.Days.GetValueOrDefault(day)?.Newest > place.Looked;

    /// <summary>Adds what became known to the page.</summary>
    /// <returns>False if the search has to let go, so that the page has to be read again from its place.</returns>
    public async ValueTask<bool> GiveAsync(ScopeHead head, List<DayRecord> records, CancellationToken cancellationToken)
    {
        if (await ScanAsync(head, records, limit - parts.Items.Count, cancellationToken) is not { } scan)
        {
            return false;
        }

        foreach (var message in scan.Take())
        {
            parts.Items.Add(message);
            parts.Add(WalkDays.Of(records, message.Id.Day)!);
            place.MoveTo(message.Stamp);
            places.AddChange();
        }

        parts.IsRangeEmpty &= !scan.HasAny;
        if (!scan.HasLeft)
        {
            // A quiet reader's place moves on with each midnight, and otherwise only over messages that the reader may see.
            var midnight = Stamp.MomentOf(zone.StartOf(zone.DayOf(archive.There(head))) - archive.AheadOf(head)) - 1;
            place.MoveTo(scan.LatestVisible);
            place.MoveTo(Stamp.EndOf(Math.Min(midnight, head.LastStamp)));
        }

        floor.Set(head, records, scan.DatesLeft, moment: null);
        return true;
    }

    /// <summary>Looks at all that became known, and at how far the days were read.</summary>
    /// <returns>What was found; null if the search has to let go.</returns>
    private async ValueTask<ChangeScan?> ScanAsync(ScopeHead head, List<DayRecord> records, int room, CancellationToken cancellationToken)
    {
        var last = days.Last(head);
        while (place.Covered < last && WalkDays.Of(records, place.Covered) is { } covered && schedule.IsReadPastEnd(covered))
        {
            place.Covered = place.Covered.AddDays(1);
        }

        var scan = new ChangeScan(place, query, number, room, search);
        return await scan.AddAsync(records, cancellationToken) ? scan : null;
    }
}
