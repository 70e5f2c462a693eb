namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Whether a newer answer has replaced a record in memory. A page that was made from the record is out of date then. The validity is
/// an object of its own, so that a cached page does not keep alive the messages of days that the memory tier has dropped.
/// </summary>
internal sealed class RecordValidity
{
    private volatile bool isSuperseded;

    public bool IsSuperseded => isSuperseded;

    public void Supersede() => isSuperseded = true;
}
