using WebSmsGateway.Archive;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Reading;

/// <summary>
/// A page from the oldest message on. Its cursor never ends: it remembers what was given within the overlap before its position,
/// so that a message that WEBSMS dated late is given on a later page, and no message twice.
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

                // A late message that found no room is found again by the next page only if the position stays near it.
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
        // The overlap grows by the hour that a clock change repeats: its messages carry the times of the hour before. And it
        // reaches back from the last question where a message is dated ahead of it, or that one would hide all that come on time.
        var reach = position.Instant < askedAt ? position.Instant : askedAt;
        var begin = MessagePosition.AtOrAfter(
            reach - CacheOptions.Overlap - zone.RepeatedTimeAround(position.Instant, CacheOptions.Overlap));
        begin = begin < start ? start : begin;
        if (forgotten is { } lost && lost >= begin)
        {
            begin = lost with { Hash = lost.Hash + 1 };
        }

        var hashes = new HashSet<ulong>();
        foreach (var message in given)
        {
            if (message >= begin)
            {
                hashes.Add(PageCursor.ShortHash(message));
            }
        }

        if (query.Cursor is { } cursor && begin <= known && forgotten is null)
        {
            Keep(cursor.Given, hashes);
        }

        return new PageCursor(query.Fingerprint, position, begin.Instant, hashes, begin.Hash);
    }

    /// <summary>
    /// Keeps what was given and is not here: a replica that asked a moment earlier does not know the latest messages yet, and
    /// they must not be news when it does.
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

    PageCursor? IPageBuilder.Cursor() => Cursor();

    // Days pass for everyone: who receives little would read from its last message on for ever. The day before stays in reach
    // of late messages, and so does all that found no room on this page.
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
        // A position is a time and a hash over number, sender and text: of a message that the caller may not read it must not
        // get into the cursor, where a short text could be found by trying.
        if (!query.Numbers.Includes(message.RentedNumber))
        {
            return;
        }

        if (message.Position > position)
        {
            position = message.Position;
        }

        IsRangeEmpty &= !message.IsOf(query.Number, query.Numbers);
        if (!query.Matches(message))
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
