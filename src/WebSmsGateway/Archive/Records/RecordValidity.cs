namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Whether a newer answer has replaced a record in memory. A page that was made from the record is out of date then. The validity is
/// an object of its own, so that a cached page does not keep alive the messages of days that the memory tier has dropped.
/// </summary>
internal sealed class RecordValidity
{
    private volatile bool isSuperseded;
    private volatile bool isOutdated;
    private volatile bool isUsed;

    /// <summary>Whether the record is not the one in memory any more.</summary>
    public bool IsSuperseded => isSuperseded;

    /// <summary>Whether something else is known of the day, and not only less.</summary>
    public bool IsOutdated => isOutdated;

    /// <summary>Whether an answer that was made from the record may be given again. That counts as a use of the record.</summary>
    public bool TryUse()
    {
        if (isSuperseded)
        {
            return false;
        }

        // A write that changes nothing would still take the line from the caches of other processors.
        if (!isUsed)
        {
            isUsed = true;
        }

        return true;
    }

    /// <summary>Whether it was used so since the last call.</summary>
    public bool TakeUse()
    {
        var wasUsed = isUsed;
        isUsed = false;
        return wasUsed;
    }

    /// <summary>The record is in memory no more.</summary>
    /// <param name="isOutdated">Whether something else is known of the day.</param>
    public void Supersede(bool isOutdated = true)
    {
        this.isOutdated |= isOutdated;
        isSuperseded = true;
    }
}
