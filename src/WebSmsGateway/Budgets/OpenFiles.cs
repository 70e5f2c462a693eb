namespace WebSmsGateway.Budgets;

/// <summary>
/// How many connections the process accepts. Each is a file descriptor, and a process without free descriptors crashes. So connections
/// stay well under the limit, and the rest is for files, Redis and WEBSMS.
/// </summary>
internal static class OpenFiles
{
    /// <summary>Descriptors that are kept for files, Redis and WEBSMS.</summary>
    public const long Kept = 256;

    private const string LimitsFile = "/proc/self/limits";
    private const string Row = "Max open files";
    private const long Unknown = 16_384;
    private const long MaxConnections = 100_000;

    /// <summary>The limit of this process, or a cautious guess where the system does not report it.</summary>
    public static long Limit() => File.Exists(LimitsFile) ? LimitIn(File.ReadLines(LimitsFile)) : Unknown;

    /// <summary>The soft limit in <c>/proc/self/limits</c>, which the runtime has already raised to the hard one.</summary>
    public static long LimitIn(IEnumerable<string> lines)
    {
        var row = lines.FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal));
        var columns = row?[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return columns switch
        {
            ["unlimited", ..] => long.MaxValue,
            [var soft, ..] when long.TryParse(soft, out var limit) => limit,
            _ => Unknown,
        };
    }

    /// <summary>Connections under a limit of open files: three quarters, less a reserve.</summary>
    public static long ConnectionsUnder(long limit) => Math.Clamp((limit / 4 * 3) - Kept, 16, MaxConnections);
}
