using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>The messages of a second that has many.</summary>
internal sealed class CrowdedSecond
{
    public const int From = 32;

    [Bounded("the messages of one second of the record; there is one such second")]
    private readonly Dictionary<ulong, Message> byHash = [];

    public CrowdedSecond(DayRecord record, long second, int begin)
    {
        Second = second;
        for (var i = begin; i < record.Count && record[i].Position.Second == second; i++)
        {
            byHash[record[i].Id.Hash] = record[i];
        }
    }

    public long Second { get; }

    public Message? Find(ulong hash) => byHash.GetValueOrDefault(hash);
}
