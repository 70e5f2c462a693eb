using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// The places of messages in a day. Within a second new ones follow what is known of it, in the order of the list, and one that returns takes
/// its old place.
/// </summary>
internal static class Placement
{
    /// <summary>Gives new messages their places and stamps.</summary>
    /// <param name="fresh">The messages, in the order of the list.</param>
    /// <param name="previous">What was known of the day; null where nothing was.</param>
    /// <param name="returned">What was taken off before and is among them.</param>
    /// <param name="moment">The moment of the stamp.</param>
    /// <param name="ordinal">The next ordinal of the stamp.</param>
    public static List<Message> Of(
        List<Message> fresh, DayRecord? previous, List<RemovedMessage> returned, long moment, ref int ordinal)
    {
        var ranks = new Dictionary<long, int>();
        var ranked = new List<(MessagePosition Position, Message Message, RemovedMessage? Was)>(fresh.Count);
        foreach (var message in fresh)
        {
            var second = message.ReceivedAt.ToUnixTimeSeconds();
            if (returned.Find(gone => gone.Message.Id == message.Id) is { } was)
            {
                // Walks that gave it before it was taken off stand behind its old place.
                ranked.Add((was.Message.Position, message, was));
                continue;
            }

            if (!ranks.TryGetValue(second, out var rank))
            {
                rank = FirstFreeRank(previous, second);
            }

            ranks[second] = rank + 1;
            ranked.Add((new MessagePosition(second, rank), message, null));
        }

        ranked.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        var placed = new List<Message>(ranked.Count);
        foreach (var (position, message, was) in ranked)
        {
            var stamp = new Stamp(moment, ordinal++);

            // Walks may have come to the latest time that the clock of WEBSMS ever showed. What is dated earlier and comes now is news to them.
            var isFirst = previous is null || message.ReceivedAt >= previous.Metadata.SeenUntil;
            var fromNow = message.Placed(position.Rank, stamp, isFirst);
            placed.Add(was is not null
                ? new ReturnedMessage(fromNow, stamp, was.Message is ReturnedMessage { FirstLearned: var first } ? first : was.Message.Stamp, was.RemovedAt)
                : fromNow);
        }

        return placed;
    }

    private static int FirstFreeRank(DayRecord? previous, long second)
    {
        var index = (previous?.IndexOf(new MessagePosition(second + 1, 0)) ?? 0) - 1;
        var free = index >= 0 && previous![index].Position.Second == second ? previous[index].Position.Rank + 1 : 0;
        return previous?.Metadata.Removed.Select(gone => gone.Message.Position).Where(place => place.Second == second)
            .Aggregate(free, (rank, place) => Math.Max(rank, place.Rank + 1)) ?? free;
    }
}
