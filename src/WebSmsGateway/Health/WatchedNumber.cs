using WebSmsGateway.Model;

namespace WebSmsGateway.Health;

/// <summary>A rented number from which messages are expected, and what is known of its silence.</summary>
/// <param name="entry">Its place in the configuration, which names it in metrics: they must not hold numbers.</param>
/// <param name="number">The number.</param>
/// <param name="expectWithin">The longest silence that is normal.</param>
internal sealed class WatchedNumber(string entry, RentedNumber number, TimeSpan expectWithin)
{
    private readonly Lock gate = new();
    private DateTimeOffset? lastMessageAt;
    private SilenceState state;

    public string Entry => entry;

    public RentedNumber Number => number;

    /// <summary>The number where it must not be seen.</summary>
    public string Masked { get; } = number.Masked;

    public TimeSpan ExpectWithin => expectWithin;

    public SilenceState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    public DateTimeOffset? LastMessageAt
    {
        get
        {
            lock (gate)
            {
                return lastMessageAt;
            }
        }
    }

    /// <summary>Takes in what a look found.</summary>
    /// <param name="found">The last message; null where there was none.</param>
    /// <param name="since">From when on the look saw everything.</param>
    /// <param name="completeUntil">Until when it did.</param>
    /// <returns>Whether the state changed between silence and the rest.</returns>
    public bool Judge(DateTimeOffset? found, DateTimeOffset since, DateTimeOffset completeUntil)
    {
        lock (gate)
        {
            lastMessageAt = found ?? lastMessageAt;
            var wasSilent = state == SilenceState.Silent;
            state = completeUntil - (lastMessageAt ?? since) > expectWithin ? SilenceState.Silent : SilenceState.Ok;
            return wasSilent != (state == SilenceState.Silent);
        }
    }
}

/// <summary>Whether a number is silent.</summary>
internal enum SilenceState
{
    /// <summary>WEBSMS has not told enough yet.</summary>
    Unknown,

    /// <summary>Messages arrive as expected.</summary>
    Ok,

    /// <summary>Nothing has arrived for longer than expected.</summary>
    Silent,
}
