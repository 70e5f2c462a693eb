namespace WebSmsGateway.Simulator;

/// <summary>An SMS that a rented number receives.</summary>
/// <param name="RentedNumber">The receiver: digits; a leading <c>+</c> is dropped.</param>
/// <param name="Sender">The sender: a number, a short code or a name.</param>
/// <param name="Text">The text; may be empty.</param>
/// <param name="ReceivedAt">The time of receipt; null for now.</param>
public sealed record SimulatorMessage(string RentedNumber, string Sender, string Text, DateTimeOffset? ReceivedAt = null)
{
    /// <summary>The time of receipt on the account's wall clock. It wins over <see cref="ReceivedAt"/>.</summary>
    public DateTime? LocalTime { get; init; }

    /// <summary>From when on the account lists the message; null for at once. Until then no answer has it.</summary>
    public DateTimeOffset? ReportedAt { get; init; }
}

/// <summary>A message in an account: with the wall-clock time, and its place among the messages of the same second.</summary>
internal sealed record StoredMessage(DateTime LocalTime, long Sequence, string RentedNumber, string Sender, string Text)
{
    /// <summary>From when on it is listed; null for at once.</summary>
    public DateTimeOffset? ReportedAt { get; init; }
}
