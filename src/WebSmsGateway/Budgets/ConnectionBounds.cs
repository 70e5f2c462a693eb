namespace WebSmsGateway.Budgets;

/// <summary>How many connections the process takes: what its open files and its memory allow, for all listeners together.</summary>
/// <param name="OpenFileLimit">The limit of open files.</param>
/// <param name="Plan">The memory of the process.</param>
internal sealed record ConnectionBounds(long OpenFileLimit, MemoryPlan Plan)
{
    /// <summary>
    /// What a connection costs at most: about 13 kB while it is idle, and the buffers of an answer that is not read and of a request that is
    /// not answered.
    /// </summary>
    public const int ConnectionBytes = 56 * 1024;

    /// <summary>Connections beyond the bound, on which nothing but health checks is answered.</summary>
    public const int Reserve = 32;

    private const int Fewest = 16;

    /// <summary>Connections of all listeners together.</summary>
    public int All => (int)Math.Max(Fewest, Math.Min(ByOpenFiles, ByMemory));

    /// <summary>Connections that the open files allow.</summary>
    public long ByOpenFiles => OpenFiles.ConnectionsUnder(OpenFileLimit);

    /// <summary>Connections that the memory allows.</summary>
    public long ByMemory => Plan.Of(BudgetPart.Connections) / ConnectionBytes;

    /// <summary>Connections of one address that is no known proxy. One caller may have as many waits and streams by default.</summary>
    public int Half => All / 2;

    /// <summary>How the bound follows from the settings and from what the process has.</summary>
    public string Arithmetic =>
        $"open files {OpenFileLimit} x 3/4 - {OpenFiles.Kept} = {ByOpenFiles}; "
        + $"{Plan.Arithmetic(BudgetPart.Connections)} / {ConnectionBytes / 1024} kB = {ByMemory}";
}
