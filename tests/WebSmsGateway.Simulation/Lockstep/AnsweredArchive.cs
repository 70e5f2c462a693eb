using WebSmsGateway.Simulation.Rules;

namespace WebSmsGateway.Simulation.Lockstep;

/// <summary>
/// The model of an archive that learns from the answers that the real one gets: stamps, what is first, doubt, and return. One tick is a
/// second of the account's wall clock, and a stamp a microsecond.
/// </summary>
/// <param name="history">The history.</param>
/// <param name="read">Whether the real archive has an answer about a day that it may give now.</param>
internal sealed class AnsweredArchive(LockstepHistory history, Func<long, bool> read) : IModelArchive
{
    private const long Micros = 1_000_000;

    private readonly Dictionary<long, ModelRecord> days = [];

    public long DayLength => LockstepHistory.Day;

    public long Overlap => 120;

    public long AnsweredWithin => 5 + 2;

    public long WebsmsNow => history.WebsmsNow;

    public long Now => history.Now;

    public long Last { get; private set; }

    public long Epoch { get; private set; }

    public IReadOnlyDictionary<long, ModelRecord> Days => days;

    public long DateOfStamp(long stamp) => (stamp / Micros) + history.Ahead;

    public long StampAt(long date) => (date - history.Ahead) * Micros;

    public bool Read(long day) => read(day);

    public long DateOf(int message) => history.Messages[message].Date;

    /// <summary>Forgets everything, as a process without a store does when it starts again.</summary>
    public void Forget()
    {
        days.Clear();
        (Epoch, Last) = (Epoch + 1, 0);
    }

    /// <summary>Learns from an answer.</summary>
    /// <param name="from">The first second that was asked for.</param>
    /// <param name="through">The last one.</param>
    /// <param name="given">The messages, in the order of the list.</param>
    /// <param name="isTail">Whether only the tail of the first day was asked for.</param>
    public void Learn(long from, long through, IReadOnlyList<int> given, bool isTail)
    {
        var moment = Math.Max(Now * Micros, Last + 1);
        var (ordinal, hasNews) = (0, false);
        for (var day = from / DayLength; day <= through / DayLength; day++)
        {
            hasNews |= !days.ContainsKey(day);
            var record = (AnsweredRecord)(days.TryGetValue(day, out var known) ? known : days[day] = new AnsweredRecord());
            var here = given.Where(message => DateOf(message) / DayLength == day).ToList();
            var arrivals = here.Where(message => !record.Known.ContainsKey(message)).ToList();
            var gone = Doubt(record, here, from, through, isTail && day == from / DayLength);
            foreach (var (date, rank, message) in Placed(record, arrivals))
            {
                var stamp = new ModelStamp(moment, ordinal++);
                record.Known[message] = record.Removed.Remove(message, out var was)
                    ? new ModelMessage(stamp, rank, IsFirst: false, (was.Known.Absence?.FirstLearned ?? was.Known.Stamp, was.RemovedAt))
                    : new ModelMessage(stamp, rank, IsFirst: date >= record.AskedAt);
            }

            foreach (var message in gone)
            {
                record.Removed[message] = (record.Known[message], moment);
                record.Known.Remove(message);
                hasNews = true;
            }

            record.AskedAt = WebsmsNow;
        }

        Last = hasNews || ordinal > 0 ? moment : Last;
    }

    /// <summary>Within a second, new messages follow those that are or were there, and what returns takes its old place.</summary>
    private List<(long Date, int Rank, int Message)> Placed(AnsweredRecord record, List<int> arrivals)
    {
        var free = record.Known.Concat(record.Removed.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Known))).GroupBy(pair => DateOf(pair.Key))
            .ToDictionary(second => second.Key, second => second.Max(pair => pair.Value.Rank) + 1);
        var placed = new List<(long Date, int Rank, int Message)>();
        foreach (var message in arrivals)
        {
            var date = DateOf(message);
            var rank = record.Removed.TryGetValue(message, out var was) ? was.Known.Rank : free.GetValueOrDefault(date);
            free[date] = Math.Max(free.GetValueOrDefault(date), rank + 1);
            placed.Add((date, rank, message));
        }

        placed.Sort();
        return placed;
    }

    /// <summary>
    /// Doubts what an answer lacks. What lies at the edge of its window may be missing for its date alone. A second whole answer, at least a
    /// minute later, takes off what it lacks too.
    /// </summary>
    private List<int> Doubt(AnsweredRecord record, List<int> here, long from, long through, bool isTail)
    {
        var gone = new List<int>();
        foreach (var message in record.Known.Keys)
        {
            var isDoubted = record.Doubts.TryGetValue(message, out var since);
            if (here.Contains(message))
            {
                record.Doubts.Remove(message);
            }
            else if (DateOf(message) > from && DateOf(message) < through)
            {
                if (isDoubted && !isTail && since is { } first && Now - first >= 60)
                {
                    gone.Add(message);
                    record.Doubts.Remove(message);
                }
                else
                {
                    record.Doubts[message] = since ?? (isTail ? null : Now);
                }
            }
        }

        return gone;
    }

    private sealed class AnsweredRecord : ModelRecord
    {
        /// <summary>What the newest answer lacks, and since when whole answers do; null for a tail.</summary>
        public Dictionary<int, long?> Doubts { get; } = [];

        public Dictionary<int, (ModelMessage Known, long RemovedAt)> Removed { get; } = [];
    }
}
