namespace WebSmsGateway.Caching;

/// <summary>Neighbouring days that one question to WEBSMS covers.</summary>
/// <param name="Flights">The days, in order.</param>
/// <param name="StartsWithTail">Whether of the first day only the tail is asked.</param>
internal sealed record SegmentRun(List<SegmentFlight> Flights, bool StartsWithTail)
{
    /// <summary>The longest run, so that one answer stays within its bound.</summary>
    public const int MaxDays = 31;

    public DateOnly First => Flights[0].Day;

    public DateOnly Last => Flights[^1].Day;

    /// <summary>
    /// Joins days into runs. A day of which only the tail is needed begins a run of its own, unless the day before it is a tail
    /// as well: just after midnight yesterday's last minutes and today's first come in one answer.
    /// </summary>
    public static List<SegmentRun> Plan(List<SegmentFlight> flights, Func<DateOnly, bool> needsTailOnly)
    {
        var runs = new List<SegmentRun>();
        foreach (var flight in flights)
        {
            var tail = needsTailOnly(flight.Day);
            if (runs.Count > 0
                && runs[^1] is var run
                && run.Last.AddDays(1) == flight.Day
                && run.Flights.Count < MaxDays
                && (!tail || run.StartsWithTail))
            {
                run.Flights.Add(flight);
            }
            else
            {
                runs.Add(new SegmentRun([flight], tail));
            }
        }

        return runs;
    }
}
