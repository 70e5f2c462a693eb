using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Webhooks;

/// <summary>
/// The messages that were delivered last. Where the shared memory was lost, the archive gives the last minutes again, and a sender that knows what it
/// has delivered does not send it twice. It is bounded, and its newest part is kept with the state.
/// </summary>
internal sealed class RecentDeliveries
{
    /// <summary>How many the state keeps.</summary>
    public const int MostKept = 32;

    private const int Most = 4096;

    [Bounded("4,096")]
    private readonly Queue<ulong> order = new();
    [Bounded("those in order")]
    private readonly HashSet<ulong> known = [];

    public bool Contains(MessageId id) => known.Contains(id.Hash);

    public void Add(IEnumerable<ulong> hashes)
    {
        foreach (var hash in hashes)
        {
            if (known.Add(hash))
            {
                order.Enqueue(hash);
                if (order.Count > Most)
                {
                    known.Remove(order.Dequeue());
                }
            }
        }
    }

    /// <summary>The newest ones with one more, as the state keeps them.</summary>
    public static IReadOnlyList<ulong> With(IReadOnlyList<ulong> kept, MessageId id) =>
        [.. kept.Skip(Math.Max(0, kept.Count + 1 - MostKept)), id.Hash];
}
