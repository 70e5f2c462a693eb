namespace WebSmsGateway.Budgets;

/// <summary>
/// How the memory of <c>Limits:MemoryMegabytes</c> is divided. Each part has a fixed fraction, so that a part can be checked at start without
/// knowledge of the others. What the process takes on top (code, garbage, buffers of the system) has the last quarter.
/// </summary>
/// <param name="Available">What the process may have, in bytes.</param>
/// <param name="Total">What all parts may take together, in bytes.</param>
internal sealed record MemoryPlan(long Available, long Total)
{
    public const long Mebibyte = 1024 * 1024;

    /// <summary>What cached pages take of <see cref="BudgetPart.Caches"/>.</summary>
    public const long CachedPages = 16 * Mebibyte;

    /// <summary>What the shared readings of waits and streams take of <see cref="BudgetPart.Caches"/>.</summary>
    public const long SharedReadings = 8 * Mebibyte;

    private const int Sixteenths = 16;

    public static MemoryPlan Of(LimitsOptions limits, long available) =>
        new(available, limits.MemoryMegabytes is { } configured ? configured * Mebibyte : DefaultTotal(available));

    /// <summary>The memory that the runtime lets this process have: that of its container, of a configured heap limit or of the machine.</summary>
    public static long AvailableToProcess() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The default of <c>Limits:MemoryMegabytes</c>, in bytes and whole mebibytes.</summary>
    public static long DefaultTotal(long available) => available / 4 * 3 / Mebibyte * Mebibyte;

    /// <summary>What a part may take, in bytes.</summary>
    public long Of(BudgetPart part) => Total / Sixteenths * SixteenthsOf(part);

    /// <summary>What one owner may take of a part, in bytes.</summary>
    public long ShareOf(BudgetPart part) => part switch
    {
        BudgetPart.Unsent => Of(part) / 4,
        BudgetPart.Connections => Of(part) / 2,
        _ => Of(part),
    };

    /// <summary>What is left for day records in memory, in MiB.</summary>
    public int TierMegabytes => (int)Math.Clamp((Of(BudgetPart.Caches) - CachedPages - SharedReadings) / Mebibyte, 1, int.MaxValue);

    /// <summary>How <see cref="TierMegabytes"/> follows from the total, for a message about a setting.</summary>
    public string TierArithmetic =>
        $"{Arithmetic(BudgetPart.Caches)}, less {(CachedPages + SharedReadings) / Mebibyte} for cached pages and shared readings";

    /// <summary>How the size of a part follows from the total, for a message about a setting.</summary>
    public string Arithmetic(BudgetPart part) =>
        $"Limits:MemoryMegabytes {Total / Mebibyte} x {SixteenthsOf(part)}/{Sixteenths} for {part.Name()} = {Of(part) / Mebibyte} MiB";

    private static int SixteenthsOf(BudgetPart part) => part switch
    {
        BudgetPart.Caches => 7,
        BudgetPart.Answers => 4,
        BudgetPart.Connections => 3,
        BudgetPart.Unsent => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "This part takes no memory of its own."),
    };
}
