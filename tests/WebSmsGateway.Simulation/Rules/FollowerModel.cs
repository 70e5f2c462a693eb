namespace WebSmsGateway.Simulation.Rules;

/// <summary>
/// The rules of an ascending walk as a small model: who follows gets each message once, however late WEBSMS reports it, whatever days
/// cannot be read for a while, whichever way the clocks differ, and when the shared memory is lost.
/// </summary>
internal sealed partial class FollowerModel
{
    /// <summary>How far before its floor a walk goes on after a lost epoch.</summary>
    private readonly long overlap;
    private readonly IModelArchive archive;
    private readonly int limit;

    private ModelStamp place;
    private (long Date, int Message) placeInTime;
    private ModelStamp? asOf;

    public FollowerModel(IModelArchive archive, long start, bool isFromNow, int limit, long overlap)
    {
        (this.archive, this.limit, this.overlap) = (archive, limit, overlap);
        Epoch = archive.Epoch;
        Start = isFromNow ? null : start;
        Began = archive.WebsmsNow;
        if (isFromNow)
        {
            (State, Moment, asOf) = (ModelState.Now, archive.WebsmsNow, new ModelStamp(archive.Last, ModelStamp.End));
        }
        else
        {
            (State, placeInTime) = (ModelState.Snapshot, (start - 1, int.MaxValue));
        }

        Floor = isFromNow ? Moment!.Value : start;
        Covered = Floor / archive.DayLength;
    }

    public ModelState State { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>Where the caller began; null where it gave no start, because changes are then unbounded.</summary>
    public long? Start { get; }

    public long Began { get; }

    /// <summary>The clock of WEBSMS when the first page was built; null before that.</summary>
    public long? Moment { get; private set; }

    /// <summary>The first day that the walk has not seen read past its end.</summary>
    public long Covered { get; private set; }

    /// <summary>What is dated before it and was known has been given.</summary>
    public long Floor { get; private set; }

    public List<int> Given { get; } = [];

    /// <summary>What may be given again after a lost epoch.</summary>
    public HashSet<int> Again { get; } = [];

    /// <summary>Where the walk went on after each lost epoch, and what waited to be given then.</summary>
    public List<(long Begin, HashSet<int> Backlog)> Cuts { get; } = [];

    private HashSet<int> Backlog { get; set; } = [];

    private long Today => Math.Max(archive.WebsmsNow, archive.Now) / archive.DayLength;

    /// <summary>Gives the next page.</summary>
    public IReadOnlyList<int> Page()
    {
        if (Epoch != archive.Epoch)
        {
            LoseEpoch();
        }

        var items = State switch
        {
            ModelState.Now => BeginNow(),
            ModelState.Snapshot => Snapshot(),
            _ => Changes(),
        };
        Given.AddRange(items);
        return items;
    }

    private List<int> BeginNow()
    {
        var (first, today) = (Moment!.Value / archive.DayLength, Today);
        for (var day = first; day <= today; day++)
        {
            archive.Read(day);
        }

        if (!archive.Days.TryGetValue(first, out var record) || record.AskedAt < Moment)
        {
            return [];
        }

        (State, place, Covered) = (ModelState.Changes, new ModelStamp(archive.Last, ModelStamp.End), first);
        var items = new List<int>();
        for (var day = first; day <= today; day++)
        {
            if (archive.Days.TryGetValue(day, out var known))
            {
                items.AddRange(known.Known
                    .Where(pair => archive.DateOf(pair.Key) >= Moment && (pair.Value.Stamp > asOf || asOf!.Value.At < 0))
                    .Select(pair => pair.Key));
            }
        }

        SetFloor();
        return [.. items.OrderBy(archive.DateOf)];
    }

    private List<int> Snapshot()
    {
        var begins = asOf is null;
        if (begins)
        {
            Moment = archive.WebsmsNow;
        }

        var (items, isWhole) = (new List<(long Date, int Message)>(), true);
        var lastDay = Moment!.Value / archive.DayLength;
        for (var day = Math.Max(Start ?? 0, placeInTime.Date) / archive.DayLength; day <= lastDay; day++)
        {
            if (!archive.Read(day))
            {
                // No walk passes an unread day.
                isWhole = false;
                break;
            }

            items.AddRange(archive.Days[day].Known
                .Where(pair => begins || pair.Value.Stamp <= asOf || (pair.Value.IsFirst && archive.DateOf(pair.Key) <= Moment))
                .Select(pair => (archive.DateOf(pair.Key), pair.Key))
                .Where(item => item.Item1 >= (Start ?? 0) && item.CompareTo(placeInTime) > 0));
            if (items.Count > limit)
            {
                isWhole = false;
                break;
            }
        }

        if (begins)
        {
            // This is after the reads that the first page waited for.
            asOf = new ModelStamp(archive.Last, ModelStamp.End);
        }

        items.Sort();
        var (page, rest) = (items.Take(limit).ToList(), items.Skip(limit).ToList());
        placeInTime = page.Count > 0 ? page[^1] : placeInTime;
        var later = Pending(asOf!.Value).Select(pair => pair.Message).ToHashSet();
        Floor = placeInTime.Date;
        foreach (var (day, record) in archive.Days)
        {
            if (day >= Covered && day <= lastDay && record.AskedAt < (day + 1) * archive.DayLength)
            {
                Floor = Math.Min(Floor, record.AskedAt);
            }
        }

        Floor = later.Aggregate(Floor, (floor, message) => Math.Min(floor, archive.DateOf(message) - 1));
        Backlog = [.. rest.Select(item => item.Message), .. later];
        if (isWhole && rest.Count == 0)
        {
            while (Covered < lastDay && IsReadPastItsEnd(Covered))
            {
                Covered++;
            }

            (State, place) = (ModelState.Changes, asOf.Value);
            SetFloor();
        }

        return page.ConvertAll(item => item.Message);
    }

    private List<int> Changes()
    {
        var today = Today;
        var days = archive.Days.Keys.Where(day => Start is null || day >= Start / archive.DayLength).ToHashSet();
        for (var day = Covered; day <= today; day++)
        {
            days.Add(day);
        }

        foreach (var day in days.Order())
        {
            archive.Read(day);
        }

        while (Covered < today && IsReadPastItsEnd(Covered))
        {
            Covered++;
        }

        var items = Pending(place).Take(limit).ToList();
        place = items.Count > 0 ? items[^1].Stamp : place;
        SetFloor();
        return items.ConvertAll(item => item.Message);
    }

    private bool IsReadPastItsEnd(long day) =>
        archive.Days.TryGetValue(day, out var record) && record.AskedAt >= (day + 1) * archive.DayLength;

    /// <summary>What is known and later than a place in the changes.</summary>
    private List<(ModelStamp Stamp, int Message)> Pending(ModelStamp after)
    {
        var items = new List<(ModelStamp Stamp, int Message)>();
        foreach (var record in archive.Days.Values.Where(record => record.Newest > after))
        {
            items.AddRange(record.Known
                .Where(pair => pair.Value.Stamp > after && (Start is null || archive.DateOf(pair.Key) >= Start)
                    && !(pair.Value.IsFirst && archive.DateOf(pair.Key) <= Moment))
                .Select(pair => (pair.Value.Stamp, pair.Key)));
        }

        items.Sort();
        return items;
    }

    /// <summary>The earliest of what is known and waits to be given, of the days that were not read past their end, and of now.</summary>
    private void SetFloor()
    {
        Backlog = [.. Pending(place).Select(pair => pair.Message)];
        Floor = Backlog.Aggregate(archive.WebsmsNow, (floor, message) => Math.Min(floor, archive.DateOf(message)));
        for (var day = Covered; day <= Today; day++)
        {
            if (!IsReadPastItsEnd(day))
            {
                Floor = Math.Min(Floor, archive.Days.TryGetValue(day, out var record) ? record.AskedAt : day * archive.DayLength);
            }
        }
    }
}
