namespace WebSmsGateway.Upstream;

/// <summary>
/// How far the clock of WEBSMS is ahead of that of the process, as the <c>Date</c> headers of its answers show. The date has whole seconds, and
/// was written between the question and the answer. So a slow answer says little: what was known stands where it does not contradict.
/// </summary>
internal sealed class WebSmsClock
{
    private static readonly TimeSpan QuickAnswer = TimeSpan.FromSeconds(1);

    private long known;

    /// <summary>Reads the date of an answer.</summary>
    /// <param name="date">The date; null without a header.</param>
    /// <param name="askedAt">When the question was sent.</param>
    /// <param name="receivedAt">When the header was there.</param>
    /// <returns>The least difference that the date allows; zero if it allows that, or without a date.</returns>
    public TimeSpan Ahead(DateTimeOffset? date, DateTimeOffset askedAt, DateTimeOffset receivedAt)
    {
        if (date is not { } written)
        {
            return TimeSpan.Zero;
        }

        var (least, most) = (written - receivedAt, written.AddSeconds(1) - askedAt);
        var before = TimeSpan.FromTicks(Volatile.Read(ref known));
        var ahead = receivedAt - askedAt > QuickAnswer && least <= before && before < most ? before
            : least <= TimeSpan.Zero && TimeSpan.Zero < most ? TimeSpan.Zero
            : least;
        Volatile.Write(ref known, ahead.Ticks);
        return ahead;
    }
}
