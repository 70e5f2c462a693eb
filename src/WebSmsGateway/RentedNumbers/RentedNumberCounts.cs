using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Health;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.RentedNumbers;

/// <summary>
/// Counts the messages of each number in the days of the whole account, so one fetch serves all numbers. The days are read a month at a time, and
/// those that memory has counted need no messages.
/// </summary>
internal sealed class RentedNumberCounts(
    MessageArchive archive, NumberDirectory directory, AccountZone zone, SilenceAlarm alarm, TimeProvider clock)
{
    /// <returns>The list and how fresh it is, or why it could not be made.</returns>
    public async Task<(RentedNumberList? List, Freshness Freshness, UpstreamFailure? Failure)> CountAsync(
        NumberSet readable, TimeRange range, string caller, CancellationToken cancellationToken)
    {
        var (from, to) = range;
        var last = to is { } end ? zone.DayOf(end.AddTicks(-1)) : zone.DayOf(clock.GetUtcNow());
        var reader = DayReader.OfCounts(caller, IsPart);
        var sums = new Dictionary<RentedNumber, (int Count, DateTimeOffset Last)>();
        var freshness = new Freshness(DateTimeOffset.MaxValue, null, DaySource.Memory);
        foreach (var month in DayRange.Of(zone.DayOf(from), last).Chunk(DayRun.MaxDays))
        {
            var read = await archive.ReadAsync(Scope.Account, month[0], month[^1], reader, cancellationToken);
            freshness = freshness.With(read.Freshness);
            if (read.Failure is { } failure)
            {
                return (null, freshness, failure);
            }

            foreach (var record in read.Records)
            {
                Count(record);
            }
        }

        var numbers = directory.IsClosed ? directory.Listed.Select(item => item.Number) : sums.Keys;
        var list = new RentedNumberList([.. numbers.Where(readable.Includes).OrderBy(number => number.ToString(), StringComparer.Ordinal).Select(Describe)]);
        return (list, freshness, null);

        // A part of the messages of these days lies in the range.
        bool IsPart(DateOnly day) => zone.StartOf(day) < from || zone.EndOf(day) > to;

        void Count(DayRecord record)
        {
            if (!IsPart(record.Day))
            {
                foreach (var count in (record.Counts ?? NumberCounts.Of(record.Blocks)).All)
                {
                    Add(count.Number, count.Count, zone.InZone(DateTimeOffset.FromUnixTimeSeconds(count.LastSecond)));
                }

                return;
            }

            for (var i = record.IndexOf(MessagePosition.AtOrAfter(from)); i < record.Count && !(record[i].ReceivedAt >= to); i++)
            {
                Add(record[i].RentedNumber, 1, record[i].ReceivedAt);
            }
        }

        void Add(RentedNumber number, int more, DateTimeOffset at)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, number, out _);
            sum = (sum.Count + more, at);
        }

        RentedNumberSummary Describe(RentedNumber number) => sums.TryGetValue(number, out var sum)
            ? new RentedNumberSummary(number, directory.LabelOf(number), sum.Count, sum.Last, IsSilent(number))
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
