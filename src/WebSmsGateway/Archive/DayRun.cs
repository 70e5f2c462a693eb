namespace WebSmsGateway.Archive;

/// <summary>Consecutive days that one question to WEBSMS covers.</summary>
/// <param name="Fetches">The days, in order.</param>
/// <param name="StartsWithTail">Whether only the tail of the first day is asked for.</param>
internal sealed record DayRun(List<DayFetch> Fetches, bool StartsWithTail)
{
    /// <summary>The longest run, so that one answer stays within its bound.</summary>
    public const int MaxDays = 31;

    /// <summary>How long a day is so short that reading it whole costs no more than reading its tail.</summary>
    private static readonly TimeSpan ShortDay = TimeSpan.FromMinutes(15);

    public DateOnly First => Fetches[0].Day;

    public DateOnly Last => Fetches[^1].Day;

    /// <summary>Splits a run of more than one day into two.</summary>
    public (DayRun Earlier, DayRun Later) Halves() => SplitAfter(Fetches.Count / 2);

    /// <summary>Splits a run behind some of its days.</summary>
    public (DayRun Earlier, DayRun Later) SplitAfter(int days) =>
        (this with { Fetches = Fetches[..days] }, new DayRun(Fetches[days..], StartsWithTail: false));

    /// <summary>
    /// Joins days into runs. A day of which only the tail is needed begins a new run. The exception is a short day after a day of
    /// which only the tail is needed too: just after midnight one answer brings yesterday's last minutes and today's first ones.
    /// </summary>
    /// <param name="fetches">The days, in order.</param>
    /// <param name="tailOf">Where the tail of a day begins; null for a day that has to be read whole.</param>
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
