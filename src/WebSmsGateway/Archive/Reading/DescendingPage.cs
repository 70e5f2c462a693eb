using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Reading;

/// <summary>A page in descending order. Messages that arrive later are before its position and do not change the next page.</summary>
internal sealed class DescendingPage(MessageQuery query, int limit) : IPageBuilder
{
    private readonly MessagePosition first = MessagePosition.AtOrAfter(query.Range.From);
    private readonly MessagePosition? end = query.Cursor?.Position ?? (query.Range.To is { } to ? MessagePosition.AtOrAfter(to) : null);
    private List<Message> items = [];
    private int picked;
    private MessagePosition last;
    private bool isCut;

    public bool IsRangeEmpty { get; private set; } = true;

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
            while (--index >= 0)
            {
                var message = record[index];
                if (message.Position < first)
                {
                    break;
                }

                if (!query.Covers(message))
                {
                    continue;
                }

                IsRangeEmpty = false;
                if (!query.Passes(message))
                {
                    continue;
                }

                if (picked == limit)
                {
                    return isCut = true;
                }

                items.Add(message);
                picked++;
                last = message.Position;
            }
        }

        return false;
    }

    public PageCursor? Cursor() => isCut ? new PageCursor(query.Fingerprint, last, query.Range.From, []) : null;
}
