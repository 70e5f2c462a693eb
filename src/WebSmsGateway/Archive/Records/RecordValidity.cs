namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Whether a newer answer has replaced a record in memory. A page that was made from the record is out of date then. The validity is
/// an object of its own, so that a cached page does not keep alive the messages of days that the memory tier has dropped.
/// </summary>
internal sealed class RecordValidity
{
    private volatile bool isSuperseded;
    private volatile bool isOutdated;

    /// <summary>Whether the record is not the one in memory any more.</summary>
    public bool IsSuperseded => isSuperseded;

    /// <summary>Whether something else is known of the day, and not only less.</summary>
    public bool IsOutdated => isOutdated;

    /// <summary>The record is in memory no more.</summary>
    /// <param name="isOutdated">Whether something else is known of the day.</param>
    public void Supersede(bool isOutdated = true)
    {
        this.isOutdated |= isOutdated;
        isSuperseded = true;
    }
}
