using System.Runtime.InteropServices;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// How many messages of a day each number received, and when the last of them. The counts are small beside the messages, and tell which days a
/// page of a number needs.
/// </summary>
internal sealed class NumberCounts
{
    // A number with its text, a count and a time.
    private const int BytesPerNumber = 72;

    [Bounded("the numbers of the messages of a day; they count in the memory tier")]
    private readonly NumberCount[] counts;

    private NumberCounts(NumberCount[] counts) => this.counts = counts;

    /// <summary>Each number that received a message, in ascending order.</summary>
    public ReadOnlySpan<NumberCount> All => counts;

    /// <summary>Bytes that the counts take in memory.</summary>
    public long Cost => 48 + (BytesPerNumber * (long)counts.Length);

    public static NumberCounts Of(ReadOnlySpan<MessageBlock> blocks)
    {
        var found = new Dictionary<RentedNumber, (int Count, long LastSecond)>();
        foreach (var block in blocks)
        {
            foreach (var message in block.Messages)
            {
                // Messages stand in the order of time.
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(found, message.RentedNumber, out _);
                count = (count.Count + 1, message.Position.Second);
            }
        }

        var counts = found.Select(pair => new NumberCount(pair.Key, pair.Value.Count, pair.Value.LastSecond)).ToArray();
        Array.Sort(counts, static (left, right) => Compare(left.Number, right.Number));
        return new NumberCounts(counts);
    }

    /// <summary>How many messages a number received, or without a number those of a set.</summary>
    public int CountOf(RentedNumber? number, NumberSet numbers)
    {
        if (number is not { } wanted)
        {
            return counts.Sum(count => numbers.Includes(count.Number) ? count.Count : 0);
        }

        var (low, high) = (0, counts.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = Compare(counts[middle].Number, wanted) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low < counts.Length && counts[low].Number == wanted ? counts[low].Count : 0;
    }

    private static int Compare(RentedNumber left, RentedNumber right) => string.CompareOrdinal(left.ToString(), right.ToString());
}

/// <summary>What a number received on a day.</summary>
/// <param name="Number">The number.</param>
/// <param name="Count">How many messages.</param>
/// <param name="LastSecond">The Unix time of the last of them.</param>
internal readonly record struct NumberCount(RentedNumber Number, int Count, long LastSecond);
