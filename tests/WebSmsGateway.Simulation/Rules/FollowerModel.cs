namespace WebSmsGateway.Simulation.Rules;

/// <summary>
/// The rules of an ascending walk as a small model: who follows gets each message once, however late WEBSMS reports it, whatever days
/// cannot be read for a while, whichever way the clocks differ, and when the shared memory is lost. docs/feed.md has the same rules in words.
/// </summary>
internal sealed partial class FollowerModel
{
    private readonly IModelArchive archive;
    private readonly int limit;

    public FollowerModel(IModelArchive archive, long start, bool isFromNow, int limit)
    {
        (this.archive, this.limit) = (archive, limit);
        Start = isFromNow ? null : start;
        Began = archive.WebsmsNow;
        Here = isFromNow
            ? new ModelPlace(ModelState.Now, archive.Epoch) { AsOf = ModelStamp.EndOf(archive.Last), Moment = Began, Floor = Began }
            : new ModelPlace(ModelState.Snapshot, archive.Epoch) { Place = (start - 1, int.MaxValue), Floor = start };
        Here = Here with { Covered = Here.Floor / archive.DayLength };
    }

    public ModelPlace Here { get; private set; }

    /// <summary>Where the caller began; null where it gave no start, because changes are then unbounded.</summary>
    public long? Start { get; }

    public long Began { get; }

    public List<int> Given { get; } = [];

    private long Today => Math.Max(archive.WebsmsNow, archive.Now) / archive.DayLength;

    private long FirstDay => (Start ?? 0) / archive.DayLength;

    /// <summary>Gives the next page. A page of which nothing could be read fails, and leaves the walk where it was.</summary>
    public IReadOnlyList<int> Page()
    {
        var before = Here;
        if (Here.Epoch != archive.Epoch)
        {
            LoseEpoch();
        }

        var items = Here.State == ModelState.Snapshot ? Snapshot() : Changes();
        Here = items is null ? before : Here;
        Given.AddRange(items ?? []);
        return items ?? [];
    }

    private List<int>? Snapshot()
    {
        var today = Today;
        var first = Math.Max(Start ?? 0, Here.Place.Date + (Here.Place.Rank == int.MaxValue ? 1 : 0)) / archive.DayLength;
        var end = first;
        while (end <= today && archive.Read(end))
        {
            end++;
        }

        if (end == first && first <= today)
        {
            return null;
        }

        if (Here.AsOf is null)
        {
            // This is after the reads that the first page waited for.
            Here = Here with { AsOf = ModelStamp.EndOf(archive.Last), Moment = Here.IsResumed ? Here.Moment : archive.DateOfStamp(archive.Last) };
        }

        var (page, isCut) = (new List<int>(), false);
        for (var day = first; day < end && !isCut; day++)
        {
            var items = Ordered(archive.Days[day], IsInSnapshot).Where(item => item.Date >= (Start ?? 0) && (item.Date, item.Rank).CompareTo(Here.Place) > 0)
                .Take(limit - page.Count + 1).ToList();
            isCut = items.Count > limit - page.Count;
            foreach (var item in items.Take(limit - page.Count).ToList())
            {
                page.Add(item.Message);
                Here = Here.MovedTo((item.Date, item.Rank));
            }

            // A second that has been given is over: what becomes known of it later is a change.
            Here = isCut && items[^1].Date > Here.Place.Date ? Here.MovedTo((Here.Place.Date, int.MaxValue)) : Here;
            if (!IsReadPastItsEnd(day))
            {
                // In the second of a question more may arrive after it.
                Here = Here.SeenUntil(archive.Days[day].AskedAt - 1);
            }

            if (!isCut && day < today)
            {
                Here = Here.MovedTo((((day + 1) * archive.DayLength) - 1, int.MaxValue));
                Here = day == Here.Covered && IsReadPastItsEnd(day) ? Here with { Covered = day + 1 } : Here;
            }
        }

        if (isCut || end <= today)
        {
            // No walk passes an unread day.
            var later = Pending();
            Backlog = [.. archive.Days.Values.SelectMany(record => Ordered(record, IsInSnapshot))
                .Where(item => (item.Date, item.Rank).CompareTo(Here.Place) > 0).Select(item => item.Message), .. later.Select(item => item.Message)];
            SetFloor(later, Math.Max(Here.Moment / archive.DayLength, Here.Covered), Here.Place.Date);
            return page;
        }

        // The first changes follow in the same page.
        Here = Here.SeenUntil(((today + 1) * archive.DayLength) - 1) with { State = ModelState.Changes, Learned = Here.AsOf!.Value };
        return [.. page, .. GiveChanges(limit - page.Count)];
    }

    private List<int>? Changes()
    {
        var today = Today;
        if (Here.State == ModelState.Now)
        {
            Here = Here with { Covered = Math.Min(Here.Covered, Here.Moment / archive.DayLength) };
        }

        // What cannot be read now has later stamps when it is read, so nothing waits for it.
        foreach (var day in archive.Days.Keys.Where(day => day >= FirstDay && day < Here.Covered).Order().ToList())
        {
            archive.Read(day);
        }

        var isCoveredRead = archive.Read(Here.Covered);
        for (var day = Here.Covered + 1; day <= today; day++)
        {
            archive.Read(day);
        }

        if (Here.State == ModelState.Now && !EndWait())
        {
            return isCoveredRead ? [] : null;
        }

        var items = GiveChanges(limit);
        return items.Count == 0 && !isCoveredRead ? null : items;
    }

    /// <summary>
    /// Goes on with the changes once a question that was sent since the moment is answered. What it brought is new if it is dated from the
    /// moment on; what later questions bring is new however it is dated. Where nobody asked for a while, an answer later than the one that
    /// could have been there counts as a later one.
    /// </summary>
    private bool EndWait()
    {
        if (!archive.Days.TryGetValue(Here.Covered, out var record) || record.AskedAt < Here.Moment)
        {
            return false;
        }

        var (begin, bound) = (Here.AsOf!.Value, archive.StampAt(Here.Moment + archive.AnsweredWithin));
        Here = Here with
        {
            State = ModelState.Changes,
            Learned = begin,
            AsOf = ModelStamp.EndOf(Math.Max(begin.At, Math.Min(archive.Last, bound))),
            Moment = Here.Moment - 1,
        };
        return true;
    }

    private List<int> GiveChanges(int room)
    {
        var today = Today;
        while (Here.Covered < today && IsReadPastItsEnd(Here.Covered))
        {
            Here = Here with { Covered = Here.Covered + 1 };
        }

        var latest = archive.Days.Where(day => day.Key >= FirstDay).SelectMany(day => day.Value.Known.Values).Select(known => known.Stamp).DefaultIfEmpty().Max();
        var pending = Pending();
        var (items, left) = (pending.Take(room).ToList(), pending.Skip(room).ToList());
        Here = items.Count > 0 ? Here.MovedTo(items[^1].Stamp) : Here;
        if (left.Count == 0)
        {
            // The place of a quiet number would grow old.
            var midnight = archive.StampAt(archive.WebsmsNow / archive.DayLength * archive.DayLength) - 1;
            Here = Here.MovedTo(latest).MovedTo(ModelStamp.EndOf(Math.Min(midnight, archive.Last)));
        }

        Backlog = [.. left.Select(item => item.Message)];
        SetFloor(left, today, archive.WebsmsNow);
        return items.ConvertAll(item => item.Message);
    }

    /// <summary>What is known and later than the place, in the order of discovery.</summary>
    private List<(ModelStamp Stamp, int Message)> Pending()
    {
        var items = new List<(ModelStamp Stamp, int Message)>();
        foreach (var record in archive.Days.Values)
        {
            foreach (var (message, known) in record.Known)
            {
                if (IsChange(message, known))
                {
                    items.Add((known.Stamp, message));
                }
            }
        }

        items.Sort();
        return items;
    }

    /// <summary>
    /// The earliest of what is known and waits to be given, of the days that were not read past their end, and of a bound. What first readings
    /// bring from before it was given or is no news, even where the stamps of their day were lost.
    /// </summary>
    private void SetFloor(List<(ModelStamp Stamp, int Message)> waiting, long lastDay, long bound)
    {
        var isSnapshot = Here.State == ModelState.Snapshot;
        var floor = waiting.Aggregate(Math.Min(bound, archive.WebsmsNow), (earliest, item) => Math.Min(earliest, archive.DateOf(item.Message) - 1));
        for (var day = Here.Covered; day <= lastDay; day++)
        {
            if (!IsReadPastItsEnd(day))
            {
                var asked = archive.Days.TryGetValue(day, out var record) ? record.AskedAt : isSnapshot ? floor : 0;
                asked = Math.Max(asked, day * archive.DayLength);
                floor = Math.Min(floor, !isSnapshot && asked <= Here.Moment ? Here.Moment + 1 : asked);
            }
        }

        Here = Here with { Floor = floor, Moment = isSnapshot ? Here.Moment : Math.Max(Here.Moment, floor - 1) };
    }

    private bool IsInSnapshot(int message, ModelMessage known) =>
        known.Stamp <= Here.AsOf
        || (known.IsFirst && archive.DateOf(message) <= Here.Moment)
        || (known.Absence is { } absence && absence.FirstLearned <= Here.AsOf && Here.AsOf.Value.At < absence.RemovedAt);

    /// <summary>
    /// A message that returned is news to a walk that never had it: one that had not come to its first stamp, or that began while it was
    /// absent.
    /// </summary>
    private bool IsChange(int message, ModelMessage known) =>
        known.Stamp > (Here.State == ModelState.Snapshot ? Here.AsOf!.Value : Here.Learned)
        && !(archive.DateOf(message) <= Here.Moment && (known.IsFirst || known.Stamp <= Here.AsOf))
        && !(archive.DateOf(message) < Start)
        && (known.Absence is not { } absence || absence.FirstLearned > Here.Learned || (absence.RemovedAt <= Here.AsOf!.Value.At && Here.AsOf < known.Stamp));

    private bool IsReadPastItsEnd(long day) =>
        archive.Days.TryGetValue(day, out var record) && record.AskedAt >= (day + 1) * archive.DayLength;

    private IEnumerable<(long Date, int Rank, int Message)> Ordered(ModelRecord record, Func<int, ModelMessage, bool> isWanted) =>
        record.Known.Where(pair => isWanted(pair.Key, pair.Value)).Select(pair => (archive.DateOf(pair.Key), pair.Value.Rank, pair.Key)).Order();
}
