namespace WebSmsGateway.Caching;

/// <summary>Neighbouring days that one question to WEBSMS covers.</summary>
/// <param name="Flights">The days, in order.</param>
/// <param name="StartsWithTail">Whether of the first day only the tail is asked.</param>
internal sealed record SegmentRun(List<SegmentFlight> Flights, bool StartsWithTail)
{
    /// <summary>The longest run, so that one answer stays within its bound.</summary>
    public const int MaxDays = 31;

    /// <summary>How long after its start a day is still so short that reading it whole costs no more than its tail.</summary>
    private static readonly TimeSpan ShortDay = TimeSpan.FromMinutes(15);

    public DateOnly First => Flights[0].Day;

    public DateOnly Last => Flights[^1].Day;

    /// <summary>The earlier and the later half of more than one day.</summary>
    public (SegmentRun Earlier, SegmentRun Later) Halves()
    {
        var middle = Flights.Count / 2;
        return (this with { Flights = Flights[..middle] }, new SegmentRun(Flights[middle..], StartsWithTail: false));
    }

    /// <summary>
    /// Joins days into runs. A day of which only the tail is needed begins a run of its own, unless the day before it is a tail
    /// as well and it is still short: just after midnight yesterday's last minutes and today's first come in one answer.
    /// </summary>
    /// <param name="flights">The days, in order.</param>
    /// <param name="tailOf">Where the tail begins that is all that a day needs; null for a day that has to be read whole.</param>
    public static List<SegmentRun> Plan(List<SegmentFlight> flights, Func<DateOnly, DateTime?> tailOf)
    {
        var runs = new List<SegmentRun>();
        foreach (var flight in flights)
        {
            var tail = tailOf(flight.Day);
            if (runs.Count > 0
                && runs[^1] is var run
                && run.Last.AddDays(1) == flight.Day
                && run.Flights.Count < MaxDays
                && (tail is null || (run.StartsWithTail && tail < flight.Day.ToDateTime(TimeOnly.MinValue) + ShortDay)))
            {
                run.Flights.Add(flight);
            }
            else
            {
                runs.Add(new SegmentRun([flight], tail is not null));
            }
        }

        return runs;
    }
}
