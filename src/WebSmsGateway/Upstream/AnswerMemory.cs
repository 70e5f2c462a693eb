namespace WebSmsGateway.Upstream;

/// <summary>The memory for answers of WEBSMS while they are read.</summary>
/// <param name="Total">What all answers may take together, in bytes.</param>
/// <param name="Arithmetic">How that follows from the memory of the process, in words.</param>
/// <param name="Report">Takes what they hold, whenever that changes.</param>
internal sealed record AnswerMemory(long Total, string Arithmetic, Action<long> Report)
{
    /// <summary>The memory that a byte of an answer takes while it is read: buffers, texts and records.</summary>
    public const int Cost = 6;

    private const long Mebibyte = 1024 * 1024;

    /// <summary>What the small parts of all answers in flight take together. The rest is for one long answer at a time.</summary>
    public long Small => Total / 4;

    /// <summary>The length of the longest answer that can be read, in MiB.</summary>
    public int LongestMegabytes => (int)Math.Min((Total - Small) / Cost / Mebibyte, int.MaxValue);
}
