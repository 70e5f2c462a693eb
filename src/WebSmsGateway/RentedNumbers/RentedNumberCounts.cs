using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSmsGateway.Archive;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.RentedNumbers;

/// <summary>Counts what each number received, from the records of the whole account: one question serves all numbers.</summary>
internal sealed class RentedNumberCounts(MessageArchive archive, RentedNumberDirectory directory, AccountZone zone, TimeProvider clock)
{
    public async Task<(RentedNumberList List, ArchiveRead Read)> CountAsync(
        NumberView view, DateTimeOffset from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var last = to is { } end ? zone.DayOf(end.AddTicks(-1)) : zone.DayOf(clock.GetUtcNow());
        var read = await archive.ReadAsync(DayKey.Account, zone.DayOf(from), last, cancellationToken);
        var counts = new Dictionary<string, (int Count, DateTimeOffset Last)>(StringComparer.Ordinal);
        foreach (var record in read.Records)
        {
            for (var i = record.IndexOf(MessagePosition.AtOrAfter(from)); i < record.Count && !(record[i].ReceivedAt >= to); i++)
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, record[i].RentedNumber, out _);
                count = (count.Count + 1, record[i].ReceivedAt);
            }
        }

        var numbers = directory.IsClosed ? directory.Listed.Keys : counts.Keys;
        return (new RentedNumberList([.. numbers.Where(view.Includes).Order(StringComparer.Ordinal).Select(Describe)]), read);

        RentedNumber Describe(string number) => counts.TryGetValue(number, out var count)
            ? new RentedNumber(number, directory.LabelOf(number), count.Count, count.Last)
            : new RentedNumber(number, directory.LabelOf(number), 0, null);
    }
}

/// <summary>Source-generated JSON of the list of numbers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RentedNumberList))]
internal sealed partial class RentedNumberJson : JsonSerializerContext
{
    static RentedNumberJson() =>
        Default = new RentedNumberJson(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
