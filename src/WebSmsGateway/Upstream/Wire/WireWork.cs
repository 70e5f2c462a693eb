namespace WebSmsGateway.Upstream.Wire;

/// <summary>The bytes that one reading has looked at. The deadline is checked while they are counted.</summary>
internal sealed class WireWork(CancellationToken deadline = default)
{
    private const int BytesBetweenChecks = 64 * 1024;

    private long checkAt = BytesBetweenChecks;

    public long Bytes { get; private set; }

    public void Add(int bytes)
    {
        Bytes += bytes;
        if (Bytes >= checkAt)
        {
            checkAt = Bytes + BytesBetweenChecks;
            deadline.ThrowIfCancellationRequested();
        }
    }
}
