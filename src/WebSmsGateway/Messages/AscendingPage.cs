using WebSmsGateway.Caching;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>
/// A page from the oldest message on. Its cursor never ends: it remembers what was given within the overlap before its position,
/// so that a message that WEBSMS dated late is given on a later page, and no message twice.
/// </summary>
internal sealed class AscendingPage : IPageBuilder
{
    private readonly PageQuery query;
    private readonly AccountZone zone;
    private readonly int limit;
    private readonly MessagePosition start;
    private readonly MessagePosition end;
    private readonly MessagePosition known;
    private List<Message> items = [];
    private int picked;
    private readonly Queue<MessagePosition> given = new();
    private MessagePosition position;
    private MessagePosition? forgotten;
    private bool isLateOneLeft;

    public AscendingPage(PageQuery query, int limit, AccountZone zone)
    {
        this.query = query;
        this.zone = zone;
        this.limit = limit;
        start = query.Cursor is { } cursor
            ? MessagePosition.AtOrAfter(cursor.Start) with { Hash = cursor.StartHash }
            : MessagePosition.AtOrAfter(query.From);
        end = query.To is { } to ? MessagePosition.AtOrAfter(to) : new MessagePosition(long.MaxValue, ulong.MaxValue);
        known = query.Cursor?.Position ?? default;
        position = query.Cursor?.Position ?? start;
    }

    public IReadOnlyList<Message> Take()
    {
        var taken = items;
        items = [];
        return taken;
    }

    public bool IsFullAfter(IReadOnlyList<DaySegment> segments)
    {
        foreach (var segment in segments)
        {
            PassDay(segment.Day);
            for (var index = segment.IndexOf(start); index < segment.Count; index++)
            {
                var message = segment[index];
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

                Pass(message, isBehind);
            }
        }

        return false;
    }

    public PageCursor Cursor()
    {
        // The overlap grows by the hour that a clock change repeats: its messages carry the times of the hour before.
        var begin = MessagePosition.AtOrAfter(
            position.Instant - CacheOptions.Overlap - zone.RepeatedTimeAround(position.Instant, CacheOptions.Overlap));
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

        return new PageCursor(query.Fingerprint, position, begin.Instant, hashes, begin.Hash);
    }

    PageCursor? IPageBuilder.Cursor() => Cursor();

    // Days pass for everyone: who receives little would read from its last message on for ever. The day before stays in reach
    // of late messages, and so does all that found no room on this page.
    private void PassDay(DateOnly day)
    {
        var begin = MessagePosition.AtOrAfter(zone.StartOf(day.AddDays(-1)));
        if (begin > position && picked < limit)
        {
            position = begin;
        }
    }

    private void Pass(Message message, bool isBehind)
    {
        // A position is a time and a hash over number, sender and text: of a message that the caller may not read it must not
        // get into the cursor, where a short text could be found by trying.
        if (!query.View.Includes(message.RentedNumber))
        {
            return;
        }

        if (message.Position > position)
        {
            position = message.Position;
        }

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

        given.Enqueue(message.Position);
        if (given.Count > PageCursor.MaxGiven)
        {
            forgotten = given.Dequeue();
        }
    }
}
