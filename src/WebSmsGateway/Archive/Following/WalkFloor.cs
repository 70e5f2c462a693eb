using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>Finds the floor of an ascending walk: what is dated earlier and was known has been given.</summary>
internal sealed class WalkFloor(
    MessageQuery query, Scope scope, WalkPlace place, WalkDays days, MessageArchive archive, Schedule schedule, AccountZone zone)
{
    /// <summary>The moment of the last stamp of a message that the caller may see. Others leave no trace in a cursor.</summary>
    public async ValueTask<long> LastVisibleAsync(ArchiveRead read, CancellationToken cancellationToken)
    {
        if (query.Numbers.IsAll && query.Number is null)
        {
            return read.Head.LastStamp;
        }

        // In another epoch, messages of days before the place were given under stamps of the epoch before. What is known of days that this read
        // lacks was known before the walk began too.
        var isAll = !place.IsResumed && read.Unread is null && read.Days.Count > days.Last(read.Head).DayNumber - days.First().DayNumber;
        var (records, first, number) = (read.Records.ToList(), place.FirstDay ?? DateOnly.MinValue, query.NumberIn(scope));
        if (!isAll)
        {
            WalkDays.Join(records, archive.ViewOf(scope, default, first).Records);
        }

        var last = 0L;
        foreach (var record in records)
        {
            last = record.Of(number).LatestMoment(query, last);
        }

        if (!isAll)
        {
            // One day after the other, those with the latest stamps first, so that most are not loaded and none is kept.
            var lacking = read.Head.Days.Values.Where(listed => listed.Day >= first && WalkDays.Of(records, listed.Day) is null);
            foreach (var listed in lacking.OrderByDescending(listed => listed.Newest).TakeWhile(listed => listed.Newest.Moment > last))
            {
                foreach (var record in await archive.LoadAsync(scope, [listed.Day], cancellationToken))
                {
                    last = record.Of(number).LatestMoment(query, last);
                }
            }
        }

        // What became known since the read is not in its records.
        return Math.Min(last, read.Head.LastStamp);
    }

    /// <summary>Records the floor.</summary>
    /// <inheritdoc cref="Of"/>
    public void Set(ScopeHead head, List<DayRecord> records, IEnumerable<DateTimeOffset> waiting, DateTimeOffset? moment) =>
        place.SetFloor(Of(head, records, waiting, moment));

    /// <summary>The floor: the earliest of what waits to be given, of the days that were not read past their end, and of now.</summary>
    /// <param name="head">The head.</param>
    /// <param name="records">The records of the days that may not have been read past their end.</param>
    /// <param name="waiting">The dates of what is known and waits.</param>
    /// <param name="moment">Of a snapshot: when the walk began; null for changes.</param>
    public DateTimeOffset Of(ScopeHead head, List<DayRecord> records, IEnumerable<DateTimeOffset> waiting, DateTimeOffset? moment)
    {
        var floor = archive.There(head);
        foreach (var date in waiting)
        {
            floor = date < floor ? date : floor;
        }

        var last = moment is { } began ? zone.DayOf(began) : days.Last(head);
        last = last < place.Covered ? place.Covered : last;
        for (var day = place.Covered; day <= last; day = day.AddDays(1))
        {
            // In a snapshot, a day that was not read yet lies behind the place. What is dated before the floor of the last page has been given.
            var record = records.Find(other => other.Day == day);
            // What is dated in a day is not dated before its start, although the day may have been asked for earlier where the clocks differ.
            var (start, asked) = (zone.StartOf(day), record?.AskedThere ?? (moment is not null ? floor : place.Floor));
            asked = start > asked ? start : asked;
            if (place.State == WalkState.Changes && asked <= place.Moment)
            {
                // What is dated up to the moment and was not reported late is no news any more.
                asked = place.Moment.AddSeconds(1);
            }

            if ((record is null || !schedule.IsReadPastEnd(record)) && asked < floor)
            {
                floor = asked;
            }
        }

        return floor;
    }
}
