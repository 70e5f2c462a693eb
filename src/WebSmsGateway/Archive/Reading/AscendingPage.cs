using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Reading;

/// <summary>
/// A page in ascending order. It always has a cursor. The cursor remembers which messages were given within the overlap before its
/// position. A message that WEBSMS reports late is therefore given on a later page, and no message is given twice.
/// </summary>
internal sealed class AscendingPage : IPageBuilder
{
    private readonly MessageQuery query;
    private readonly AccountZone zone;
    private readonly int limit;
    private readonly MessagePosition start;
    private readonly MessagePosition end;
    private readonly MessagePosition known;
    private List<Message> items = [];
    private int picked;
    private int recalled;
    private readonly Queue<MessagePosition> given = new();
    private MessagePosition position;
    private MessagePosition? forgotten;
    private bool isLateOneLeft;
    private DateTimeOffset askedAt = DateTimeOffset.MaxValue;

    public AscendingPage(MessageQuery query, int limit, AccountZone zone)
    {
        this.query = query;
        this.zone = zone;
        this.limit = limit;
        start = query.Cursor is { } cursor
            ? MessagePosition.AtOrAfter(cursor.Start) with { Hash = cursor.StartHash }
            : MessagePosition.AtOrAfter(query.Range.From);
        end = query.Range.To is { } to ? MessagePosition.AtOrAfter(to) : new MessagePosition(long.MaxValue, ulong.MaxValue);
        known = query.Cursor?.Position ?? default;
        position = query.Cursor?.Position ?? start;
    }

    public bool IsRangeEmpty { get; private set; } = true;

    public IReadOnlyList<Message> Take()
    {
        var taken = items;
        items = [];
        return taken;
    }

    public bool IsFullAfter(IReadOnlyList<DayRecord> records)
    {
        foreach (var record in records)
        {
            askedAt = record.IsFinal ? DateTimeOffset.MaxValue : record.AskedAt;
            AdvanceTo(record.Day);
            for (var index = record.IndexOf(start); index < record.Count; index++)
            {
                var message = record[index];
                if (message.Position >= end)
                {
                    return true;
                }

                // The position must stay near a late message that has no room left, or the next page would not find it.
                var isBehind = query.Cursor is not null && message.Position <= known;
                if (!isBehind && (isLateOneLeft || (picked == limit && query.Matches(message))))
                {
                    return true;
                }

                Advance(message, isBehind);
            }
        }

        return false;
    }

    public PageCursor Cursor()
    {
        // Messages in the hour that a clock change repeats carry the times of the hour before, so the overlap grows by that hour.
        // The overlap counts from the last question if the position is later. Otherwise a message dated in the future would hide
        // all messages that arrive before its date.
        var reach = position.Instant < askedAt ? position.Instant : askedAt;
        var begin = MessagePosition.AtOrAfter(
            reach - CacheOptions.Overlap - zone.RepeatedTimeAround(position.Instant, CacheOptions.Overlap));
        begin = begin < start ? start : begin;
        if (forgotten is { } lost && lost >= begin)
        {
            begin = lost with { Hash = lost.Hash + 1 };
        }

        var hashes = given.Where(message => message >= begin).Select(PageCursor.ShortHash).ToHashSet();
        if (query.Cursor is { } cursor && begin <= known && forgotten is null)
        {
            Keep(cursor.Given, hashes);
        }

        return new PageCursor(query.Fingerprint, position, begin.Instant, hashes, begin.Hash);
    }

    /// <summary>
    /// Keeps the hashes of given messages that are missing here. A replica that asked WEBSMS earlier does not know the latest messages
    /// yet, and must not give them again when it does.
    /// </summary>
    private void Keep(IReadOnlyCollection<ulong> earlier, HashSet<ulong> hashes)
    {
        if (recalled == earlier.Count)
        {
            return;
        }

        var here = given.Select(PageCursor.ShortHash).ToHashSet();
        foreach (var hash in earlier)
        {
            if (hashes.Count < PageCursor.MaxGiven && !here.Contains(hash))
            {
                hashes.Add(hash);
            }
        }
    }

    // The position advances with the days too. Otherwise a number with few messages would be read from its last message each time.
    // It stays a day behind for late messages, and does not advance while messages have no room on this page.
    private void AdvanceTo(DateOnly day)
    {
        var begin = MessagePosition.AtOrAfter(zone.StartOf(day.AddDays(-1)));
        if (begin > position && picked < limit)
        {
            position = begin;
        }
    }

    private void Advance(Message message, bool isBehind)
    {
        // A position has a hash over number, sender and text. The cursor must not hold the hash of a message that the caller may not
        // read, because a short text can be found by trying all candidates.
        if (!query.Numbers.Includes(message.RentedNumber))
        {
            return;
        }

        if (message.Position > position)
        {
            position = message.Position;
        }

        if (!query.Covers(message))
        {
            return;
        }

        IsRangeEmpty = false;
        if (!query.Passes(message))
        {
            return;
        }

        var isGiven = query.FromNow || (isBehind && query.Cursor!.Given.Contains(PageCursor.ShortHash(message.Position)));
        if (!isGiven)
        {
            if (picked == limit)
            {
                isLateOneLeft = true;
                return;
            }

            items.Add(message);
            picked++;
        }
        else if (isBehind)
        {
            recalled++;
        }

        given.Enqueue(message.Position);
        if (given.Count > PageCursor.MaxGiven)
        {
            forgotten = given.Dequeue();
        }
    }
}
