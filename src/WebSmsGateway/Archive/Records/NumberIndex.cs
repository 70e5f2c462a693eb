using System.Runtime.InteropServices;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Where the messages of each number stand in the first blocks of a record. Records share blocks, so a refresh keeps the index, and only the
/// blocks behind it are searched. It is made when a number is first read, and again when many blocks have followed.
/// </summary>
internal sealed class NumberIndex
{
    /// <summary>How many blocks may follow the index before it is made anew.</summary>
    public const int MaxBlocksBehind = 8;

    private static readonly int[] None = [];

    [Bounded("the messages of its blocks, in whose cost it is counted")]
    private readonly Dictionary<RentedNumber, int[]> places;
    private readonly MessageBlock last;

    private NumberIndex(Dictionary<RentedNumber, int[]> places, int blocks, MessageBlock last)
    {
        this.places = places;
        this.last = last;
        Blocks = blocks;
    }

    /// <summary>How many blocks are covered.</summary>
    public int Blocks { get; }

    /// <summary>The places of a number in the covered blocks, in order.</summary>
    public int[] Of(RentedNumber number) => places.GetValueOrDefault(number, None);

    // A record shares all blocks before the first one that differs, so the last covered block vouches for those before it.
    public bool Covers(ReadOnlySpan<MessageBlock> blocks) => Blocks <= blocks.Length && ReferenceEquals(blocks[Blocks - 1], last);

    public static NumberIndex Over(ReadOnlySpan<MessageBlock> blocks)
    {
        var lists = new Dictionary<RentedNumber, List<int>>();
        for (var i = 0; i < blocks.Length; i++)
        {
            var messages = blocks[i].Messages;
            for (var j = 0; j < messages.Length; j++)
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, messages[j].RentedNumber, out _);
                (list ??= []).Add((i * DayRecord.BlockLength) + j);
            }
        }

        var places = new Dictionary<RentedNumber, int[]>(lists.Count);
        foreach (var (number, list) in lists)
        {
            places.Add(number, [.. list]);
        }

        return new NumberIndex(places, blocks.Length, blocks[^1]);
    }
}
