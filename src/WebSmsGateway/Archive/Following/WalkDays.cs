using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>The days that an ascending walk has to look at from its place on.</summary>
internal sealed class WalkDays(
    MessageQuery query, Scope scope, WalkPlace place, MessageArchive archive, Schedule schedule, AccountZone zone)
{
    /// <summary>The record of a day; null if it is not among these.</summary>
    public static DayRecord? Of(List<DayRecord> records, DateOnly day) => records.Find(record => record.Day == day);

    /// <summary>Adds the records of other days. Memory may have let go already what was read just now.</summary>
    public static void Join(List<DayRecord> records, IEnumerable<DayRecord> others) =>
        records.AddRange(others.Where(record => Of(records, record.Day) is null).ToList());

    /// <summary>Whether some of the records of a read are not what is known under a later head, and are not among the records of that moment.</summary>
    /// <remarks>What memory holds now may be there since that moment only, so what the head lists decides where it can.</remarks>
    public bool AreBehind(IEnumerable<DayRecord> read, (ScopeHead Head, List<DayRecord> Records) view) =>
        read.Any(record => view.Head.IsBeyond(record) && Of(view.Records, record.Day) is null
            && (view.Head.Days.GetValueOrDefault(record.Day) is { } listed ? listed.Newest > place.Looked : !archive.Holds(scope, record.Day)));

    /// <summary>The first day of a snapshot.</summary>
    public DateOnly First()
    {
        var next = place.Place.Behind().Instant;
        return zone.DayOf(place.Start > next ? place.Start.Value : next);
    }

    /// <summary>The last day: today, or the end of the range.</summary>
    public DateOnly Last(ScopeHead head)
    {
        var last = archive.Today(head);
        return query.Range.To is { } limit && zone.DayOf(limit.AddTicks(-1)) is var bound && bound < last ? bound : last;
    }

    /// <summary>The days before the covered ones that are due to be asked for again. What they bring comes after all that is known.</summary>
    public IEnumerable<DateOnly> Due() => archive.DueDays(scope, place.FirstDay).Where(day => day < place.Covered);

    /// <summary>
    /// The days before the covered ones that may have news which comes before other news: those that the head lists with a newer stamp and
    /// memory does not hold, and for a place older than the list all days that can have got one since.
    /// </summary>
    /// <param name="head">The head.</param>
    /// <param name="held">The records of the moment of the head; null to look at what memory holds now.</param>
    public SortedSet<DateOnly> Missing(ScopeHead head, List<DayRecord>? held = null)
    {
        var days = new SortedSet<DateOnly>();
        if (head.Days.Count > 0 && place.State == WalkState.Changes)
        {
            var missing = head.Days.Values.Where(day => day.Newest > place.SinceOn(day.Day) && !(day.Day < place.FirstDay)
                && (held is null ? !archive.Holds(scope, day.Day) : Of(held, day.Day) is null));
            days.UnionWith(missing.Select(day => day.Day));
            if (place.Learned.Moment < head.FinalsSince)
            {
                var since = place.Learned.Moment > 0 ? Stamp.InstantOf(place.Learned.Moment) : place.Floor;
                var first = zone.DayOf(since - schedule.LastAge).AddDays(-1);
                first = place.FirstDay > first ? place.FirstDay.Value : first;
                days.UnionWith(DayRange.Of(first, place.Covered.AddDays(-1)).Where(day => place.SinceOn(day).Moment < head.FinalsSince));
            }
        }

        days.RemoveWhere(day => day >= place.Covered);
        return days;
    }
}
