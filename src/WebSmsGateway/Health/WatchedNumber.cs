using WebSmsGateway.Model;

namespace WebSmsGateway.Health;

/// <summary>A rented number with an expectation, and its silence.</summary>
/// <param name="entry">Its place in the configuration. It names the number in metrics, which must not hold numbers.</param>
/// <param name="number">The number.</param>
/// <param name="expectWithin">The longest normal silence.</param>
internal sealed class WatchedNumber(string entry, RentedNumber number, TimeSpan expectWithin)
{
    private readonly Lock gate = new();
    private DateTimeOffset? lastMessageAt;
    private SilenceState state;

    public string Entry => entry;

    public RentedNumber Number => number;

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

    /// <summary>Applies the result of a check.</summary>
    /// <param name="found">The time of the last message; null for none.</param>
    /// <param name="since">The start of the range that was read.</param>
    /// <param name="completeUntil">The moment until which WEBSMS has reported everything.</param>
    /// <returns>Whether a silence began or ended.</returns>
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

internal enum SilenceState
{
    /// <summary>No check has succeeded yet.</summary>
    Unknown,
    /// <summary>Messages arrive as expected.</summary>
    Ok,
    /// <summary>Nothing has arrived for longer than expected.</summary>
    Silent,
}
