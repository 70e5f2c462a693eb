using WebSmsGateway.Simulation.Receivers;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>What stays the same in a world.</summary>
internal sealed record WorldSetting
{
    /// <summary>More than the records of a world take, in kilobytes.</summary>
    public const int PlentyOfMemory = 128 * 1024;

    public required int Seed { get; init; }

    /// <summary>IANA name of the account's zone.</summary>
    public required string Zone { get; init; }

    /// <summary>The true time at the start.</summary>
    public required DateTimeOffset Start { get; init; }

    public required TimeSpan Freshness { get; init; }

    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether WEBSMS is asked about each number, and not about the account.</summary>
    public bool IsPerNumber { get; init; }

    public int Numbers { get; init; } = 1;

    /// <summary>How far the clock of each replica is ahead of the true time.</summary>
    public IReadOnlyList<TimeSpan> Skews { get; init; } = [TimeSpan.Zero];

    /// <summary>Whether the replicas have a store in common.</summary>
    public bool HasStore { get; init; }

    /// <summary>How far the clock of the store is ahead of the true time.</summary>
    public TimeSpan StoreAhead { get; init; }

    /// <summary>How far the clock of WEBSMS is ahead of the true time.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>How long WEBSMS takes to answer.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(200);

    public int Retries { get; init; }

    /// <summary>Whether WEBSMS lists the newest message first.</summary>
    public bool IsNewestFirst { get; init; }

    /// <summary>Whether WEBSMS lists messages in the order in which it reports them, and not by their dates.</summary>
    public bool IsListedAsReported { get; init; }

    /// <summary>What the memory of a replica holds, in kilobytes.</summary>
    public int MemoryKilobytes { get; init; } = PlentyOfMemory;

    /// <summary>Whether memory lets days go.</summary>
    public bool IsMemoryTight => MemoryKilobytes < PlentyOfMemory;

    /// <summary>The webhooks; null for a world without any.</summary>
    public ReceiversSetting? Receivers { get; init; }

    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(10);

    public static TimeSpan AnswerWithin { get; } = TimeSpan.FromSeconds(2);

    public override string ToString() =>
        $"{Zone} {Start:yyyy-MM-dd HH:mm:ss}Z, freshness {Freshness:c}, {(IsPerNumber ? "by number" : "by account")}, {Numbers} numbers, "
        + $"{Skews.Count} replicas ({string.Join(", ", Skews.Select(skew => skew.TotalSeconds + " s"))}), "
        + $"{(HasStore ? $"store {StoreAhead.TotalSeconds} s ahead" : "memory only")}, "
        + $"WEBSMS {Ahead.TotalSeconds} s ahead, answers in {Latency.TotalMilliseconds} ms, retries {Retries}"
        + (IsMemoryTight ? $", memory of {MemoryKilobytes} kB" : "") + (IsNewestFirst ? ", newest first" : "")
        + (IsListedAsReported ? ", listed as reported" : "") + (Receivers is null ? "" : $", {Receivers}");
}

/// <summary>What a reader asks for.</summary>
/// <param name="IsAscending">The order.</param>
/// <param name="From">The start; null for the default.</param>
/// <param name="IsFromNow">Whether only what arrives from here on is asked for.</param>
/// <param name="Limit">The messages of a page.</param>
/// <param name="Number">The index of the number; -1 for all.</param>
/// <param name="Contains">A text to find.</param>
internal sealed record Ask(bool IsAscending, DateTimeOffset? From, bool IsFromNow, int Limit, int Number, string? Contains)
{
    public override string ToString() =>
        (IsAscending ? "asc" : "desc")
        + (IsFromNow ? " cursor=now" : From is { } from ? $" from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ss'Z'}" : "")
        + $" limit={Limit}" + (Number < 0 ? "" : $" number={Number}") + (Contains is null ? "" : $" contains={Contains}");
}
