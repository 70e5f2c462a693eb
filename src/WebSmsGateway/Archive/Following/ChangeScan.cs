using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Turns;

namespace WebSmsGateway.Archive.Following;

/// <summary>Finds the next changes of a walk in records: the earliest in the order of discovery, up to a limit.</summary>
internal sealed class ChangeScan(WalkPlace place, MessageQuery query, RentedNumber? number, int limit, Search search)
{
    // Fewer messages than these are looked through faster than they are looked up by their number.
    private const int FewMessages = 256;

    // The latest of the found messages is on top, so that it makes room for an earlier one.
    private readonly PriorityQueue<Message, Stamp> found = new(Comparer<Stamp>.Create(static (left, right) => right.CompareTo(left)));

    /// <summary>Whether there are changes beyond the limit.</summary>
    public bool HasLeft => EarliestLeft is not null;

    /// <summary>Whether a message of the number, or of the caller's numbers, is among the changes.</summary>
    public bool HasAny { get; private set; }

    /// <summary>The message with the earliest date among the changes beyond the limit.</summary>
    public Message? EarliestLeft { get; private set; }

    /// <summary>The date behind which that message is, if there is one.</summary>
    public IEnumerable<DateTimeOffset> DatesLeft => EarliestLeft is { } left ? [left.ReceivedAt.AddSeconds(-1)] : [];

    /// <summary>The latest stamp of a message that the caller may read.</summary>
    public Stamp LatestVisible { get; private set; }

    /// <summary>Looks at all that became known.</summary>
    /// <returns>Whether all of it was looked at; else the search has to let go.</returns>
    public async ValueTask<bool> AddAsync(List<DayRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            if (record.NewestStamp <= place.Since || record.Day < place.FirstDay)
            {
                continue;
            }

            var blocks = record.BlocksSince(place.Since);
            if (number is not null && blocks.Sum(block => block.Messages.Length) is > FewMessages and var most
                && record.Of(number) is var view && view.Count < most)
            {
                for (var i = 0; i < view.Count; i++)
                {
                    if (!await search.ChargeAsync(view[i].Text.Length, cancellationToken))
                    {
                        return false;
                    }

                    Add(view[i]);
                }

                continue;
            }

            foreach (var block in blocks)
            {
                foreach (var message in block.Messages)
                {
                    if (!await search.ChargeAsync(message.Text.Length, cancellationToken))
                    {
                        return false;
                    }

                    Add(message);
                }
            }
        }

        return true;
    }

    /// <summary>The changes, in order.</summary>
    public IEnumerable<Message> Take()
    {
        var messages = found.UnorderedItems.Select(item => item.Element).ToArray();
        Array.Sort(messages, static (left, right) => left.Stamp.CompareTo(right.Stamp));
        return messages;
    }

    private void Add(Message message)
    {
        if (message.Stamp <= place.Since || !query.Covers(message))
        {
            return;
        }

        LatestVisible = message.Stamp > LatestVisible ? message.Stamp : LatestVisible;
        if (!place.IsChange(message))
        {
            return;
        }

        HasAny = true;
        if (!query.Passes(message))
        {
            return;
        }

        if (found.Count < limit)
        {
            found.Enqueue(message, message.Stamp);
            return;
        }

        var left = limit == 0 ? message : found.EnqueueDequeue(message, message.Stamp);
        EarliestLeft = EarliestLeft is null || left.ReceivedAt < EarliestLeft.ReceivedAt ? left : EarliestLeft;
    }
}
