using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.RentedNumbers;

/// <summary>Counts the messages of each number in the day records of the whole account, so one fetch serves all numbers.</summary>
internal sealed class RentedNumberCounts(CountedDays days, NumberDirectory directory, AccountZone zone, TimeProvider clock)
{
    /// <returns>The list and how fresh it is, or why it could not be made.</returns>
    public async Task<(RentedNumberList? List, Freshness Freshness, UpstreamFailure? Failure)> CountAsync(
        NumberSet readable, TimeRange range, string caller, CancellationToken cancellationToken)
    {
        var (from, to) = range;
        var last = to is { } end ? zone.DayOf(end.AddTicks(-1)) : zone.DayOf(clock.GetUtcNow());
        bool IsWhole(DateOnly day) => zone.StartOf(day) >= from && !(zone.EndOf(day) > to);
        var counts = new Dictionary<RentedNumber, (int Count, DateTimeOffset Last)>();
        var freshness = new Freshness(DateTimeOffset.MaxValue, null, DaySource.Memory);
        await foreach (var part in days.ReadAsync(
            Scope.Account, zone.DayOf(from), last, IsWhole, new DayReader([caller]), cancellationToken))
        {
            if (part.Failure is not null)
            {
                return (null, part.Freshness, part.Failure);
            }

            freshness = freshness.With(part.Freshness);
            foreach (var day in part.Whole)
            {
                foreach (var count in day.All)
                {
                    Add(count.Number, count.Count, DateTimeOffset.FromUnixTimeSeconds(count.LastSecond));
                }
            }

            foreach (var record in part.Parts)
            {
                for (var i = record.IndexOf(MessagePosition.AtOrAfter(from)); i < record.Count && !(record[i].ReceivedAt >= to); i++)
                {
                    Add(record[i].RentedNumber, 1, record[i].ReceivedAt);
                }
            }
        }

        var numbers = directory.IsClosed ? directory.Listed.Select(item => item.Number) : counts.Keys;
        var list = new RentedNumberList([.. numbers.Where(readable.Includes).OrderBy(number => number.ToString(), StringComparer.Ordinal).Select(Describe)]);
        return (list, freshness, null);

        void Add(RentedNumber number, int more, DateTimeOffset latest)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, number, out _);
            count = (count.Count + more, latest > count.Last ? latest : count.Last);
        }

        RentedNumberSummary Describe(RentedNumber number) => counts.TryGetValue(number, out var count)
            ? new RentedNumberSummary(number, directory.LabelOf(number), count.Count, zone.InZone(count.Last))
            : new RentedNumberSummary(number, directory.LabelOf(number), 0, null);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RentedNumberList))]
internal sealed partial class RentedNumberJson : JsonSerializerContext
{
    static RentedNumberJson() =>
        Default = new RentedNumberJson(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
