namespace WebSmsGateway.Archive;

/// <summary>Neighbouring days that one question to WEBSMS covers.</summary>
/// <param name="Fetches">The days, in order.</param>
/// <param name="StartsWithTail">Whether of the first day only the tail is asked.</param>
internal sealed record DayRun(List<DayFetch> Fetches, bool StartsWithTail)
{
    /// <summary>The longest run, so that one answer stays within its bound.</summary>
    public const int MaxDays = 31;

    /// <summary>How long after its start a day is still so short that reading it whole costs no more than its tail.</summary>
    private static readonly TimeSpan ShortDay = TimeSpan.FromMinutes(15);

    public DateOnly First => Fetches[0].Day;

    public DateOnly Last => Fetches[^1].Day;

    /// <summary>The earlier and the later half of more than one day.</summary>
    public (DayRun Earlier, DayRun Later) Halves()
    {
        var middle = Fetches.Count / 2;
        return (this with { Fetches = Fetches[..middle] }, new DayRun(Fetches[middle..], StartsWithTail: false));
    }

    /// <summary>
    /// Joins days into runs. A day of which only the tail is needed begins a run of its own, unless the day before it is a tail
    /// as well and it is still short: just after midnight yesterday's last minutes and today's first come in one answer.
    /// </summary>
    /// <param name="fetches">The days, in order.</param>
    /// <param name="tailOf">Where the tail begins that is all that a day needs; null for a day that has to be read whole.</param>
    public static List<DayRun> Plan(List<DayFetch> fetches, Func<DateOnly, DateTime?> tailOf)
    {
        var runs = new List<DayRun>();
        foreach (var fetch in fetches)
        {
            var tail = tailOf(fetch.Day);
            if (runs.Count > 0
                && runs[^1] is var run
                && run.Last.AddDays(1) == fetch.Day
                && run.Fetches.Count < MaxDays
                && (tail is null || (run.StartsWithTail && tail < fetch.Day.ToDateTime(TimeOnly.MinValue) + ShortDay)))
            {
                run.Fetches.Add(fetch);
            }
            else
            {
                runs.Add(new DayRun([fetch], tail is not null));
            }
        }

        return runs;
    }
}
