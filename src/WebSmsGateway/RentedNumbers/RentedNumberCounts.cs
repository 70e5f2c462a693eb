using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Health;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>Counts the messages of each number in the day records of the whole account, so one fetch serves all numbers.</summary>
internal sealed class RentedNumberCounts(
    MessageArchive archive, NumberDirectory directory, AccountZone zone, SilenceAlarm alarm, TimeProvider clock)
{
    public async Task<(RentedNumberList List, ArchiveRead Read)> CountAsync(
        NumberSet readable, TimeRange range, string caller, CancellationToken cancellationToken)
    {
        var (from, to) = range;
        var last = to is { } end ? zone.DayOf(end.AddTicks(-1)) : zone.DayOf(clock.GetUtcNow());
        var read = await archive.ReadAsync(Scope.Account, zone.DayOf(from), last, new DayReader([caller]), cancellationToken);
        var counts = new Dictionary<RentedNumber, (int Count, DateTimeOffset Last)>();
        foreach (var record in read.Records)
        {
            for (var i = record.IndexOf(MessagePosition.AtOrAfter(from)); i < record.Count && !(record[i].ReceivedAt >= to); i++)
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, record[i].RentedNumber, out _);
                count = (count.Count + 1, record[i].ReceivedAt);
            }
        }

        var numbers = directory.IsClosed ? directory.Listed.Select(item => item.Number) : counts.Keys;
        return (new RentedNumberList([.. numbers.Where(readable.Includes).OrderBy(number => number.ToString(), StringComparer.Ordinal).Select(Describe)]), read);

        RentedNumberSummary Describe(RentedNumber number) => counts.TryGetValue(number, out var count)
            ? new RentedNumberSummary(number, directory.LabelOf(number), count.Count, count.Last, IsSilent(number))
            : new RentedNumberSummary(number, directory.LabelOf(number), 0, null, IsSilent(number));
    }

    private bool? IsSilent(RentedNumber number) => alarm.Watched.FirstOrDefault(watched => watched.Number == number)?.State switch
    {
        SilenceState.Silent => true,
        SilenceState.Ok => false,
        _ => null,
    };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RentedNumberList))]
internal sealed partial class RentedNumberJson : JsonSerializerContext
{
    static RentedNumberJson() =>
        Default = new RentedNumberJson(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
