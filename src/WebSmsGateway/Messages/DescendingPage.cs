using WebSmsGateway.Archive;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>A page from the newest message back. What arrives meanwhile stands before the position and changes nothing.</summary>
internal sealed class DescendingPage(PageQuery query, int limit) : IPageBuilder
{
    private readonly MessagePosition first = MessagePosition.AtOrAfter(query.From);
    private readonly MessagePosition? end = query.Cursor?.Position ?? (query.To is { } to ? MessagePosition.AtOrAfter(to) : null);
    private List<Message> items = [];
    private int picked;
    private MessagePosition last;
    private bool isCut;

    public IReadOnlyList<Message> Take()
    {
        var taken = items;
        items = [];
        return taken;
    }

    public bool IsFullAfter(IReadOnlyList<DayRecord> records)
    {
        for (var i = records.Count - 1; i >= 0; i--)
        {
            var record = records[i];
            var index = end is { } position ? record.IndexOf(position) : record.Count;
            while (--index >= 0 && record[index].Position >= first)
            {
                if (!query.Matches(record[index]))
                {
                    continue;
                }

                if (picked == limit)
                {
                    return isCut = true;
                }

                items.Add(record[index]);
                picked++;
                last = record[index].Position;
            }
        }

        return false;
    }

    public PageCursor? Cursor() => isCut ? new PageCursor(query.Fingerprint, last, query.From, []) : null;
}
