namespace WebSmsGateway.Simulation.Receivers;

/// <summary>The webhooks of a world. A world without them is played as if there were none.</summary>
internal sealed record ReceiversSetting
{
    public required IReadOnlyList<ReceiverSetting> Receivers { get; init; }

    public required TimeSpan ParkAfter { get; init; }

    public required TimeSpan Timeout { get; init; }

    public override string ToString() =>
        $"webhooks: {string.Join("; ", Receivers)}; parked after {ParkAfter:c}, timeout {Timeout.TotalSeconds} s";
}

/// <summary>One webhook and its receiver.</summary>
/// <param name="Number">The index of the number whose messages it gets; -1 for all.</param>
/// <param name="Contains">The text that its messages have; null for any.</param>
/// <param name="Latency">How long a request and its answer are on their way.</param>
/// <param name="Poison">The receiver rejects each message whose index is a multiple of this; 0 for none.</param>
internal sealed record ReceiverSetting(int Number, string? Contains, TimeSpan Latency, int Poison);
