namespace WebSmsGateway.Simulator;

/// <summary>An SMS that a rented number receives.</summary>
/// <param name="RentedNumber">Who receives it: digits, a leading <c>+</c> is dropped.</param>
/// <param name="Sender">Who sends it: a number, a short code or a name.</param>
/// <param name="Text">The text; may be empty.</param>
/// <param name="ReceivedAt">When; null: now.</param>
public sealed record SimulatorMessage(string RentedNumber, string Sender, string Text, DateTimeOffset? ReceivedAt = null)
{
    /// <summary>When, as the account's wall clock showed it; goes before <see cref="ReceivedAt"/>.</summary>
    public DateTime? LocalTime { get; init; }
}

/// <summary>A message as an account keeps it: the wall-clock time, and the place among those of the same second.</summary>
internal sealed record StoredMessage(DateTime LocalTime, long Sequence, string RentedNumber, string Sender, string Text);
