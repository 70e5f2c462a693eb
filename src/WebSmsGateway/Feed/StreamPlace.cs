using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Feed;

/// <summary>The place of a stream, and what its reader has got.</summary>
internal sealed class StreamPlace(MessageQuery query, DateTimeOffset started)
{
    private const int MaxWrittenProblems = 1000;

    private HashSet<MessageProblem>? written;
    private string? sentId = query.Cursor?.Text;
    private string? id = query.Cursor?.Text;
    private UpstreamError? failure;
    private bool isAtStart = query.FromNow;

    public DateTimeOffset Started => started;

    /// <summary>The query of the next page.</summary>
    public MessageQuery Query { get; private set; } = query;

    /// <summary>The number of messages given.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the last read failed or gave a last good answer.</summary>
    public bool IsFailing => failure is not null;

    /// <summary>Records a failure or its end.</summary>
    /// <returns>The failure, if it differs from the one before.</returns>
    public UpstreamFailure? Record(UpstreamFailure? current)
    {
        var isNew = current is not null && current.Error != failure;
        failure = current?.Error;
        return isNew ? current : null;
    }

    /// <summary>
    /// Begins a stream at its own start, not at the end of an outage, if the first page cannot be read. Messages from the overlap before
    /// that start count as new, because a message that is dated late cannot be told from an earlier one.
    /// </summary>
    public void BeginWithoutPage()
    {
        if (Query.FromNow)
        {
            var start = MessagePosition.AtOrAfter(started - CacheOptions.Overlap);
            var cursor = new PageCursor(Query.Fingerprint, start, start.Instant, new HashSet<ulong>());
            Query = Query.After(cursor);
            id = cursor.Text;
        }
    }

    /// <summary>Moves on to the end of a page.</summary>
    public void Advance(PageReading reading)
    {
        Query = Query.After(reading.Next);
        id = Query.Cursor?.Text;
        isAtStart = false;
    }

    /// <summary>Writes the message of the last page.</summary>
    public void Write(EventWriter writer, Message message)
    {
        writer.Message(id!, message.Json);
        sentId = id;
        Count++;
    }

    /// <summary>
    /// Writes the place if the reader does not have it. Otherwise a reader that is cut off before its first message could not resume, and
    /// one with a narrow filter would resume far back.
    /// </summary>
    public void WriteId(EventWriter writer)
    {
        if (id is not null && id != sentId)
        {
            writer.Place(id);
            sentId = id;
        }
    }

    /// <summary>Whether the reader has an id.</summary>
    public bool IsIdWritten => sentId is not null;

    /// <summary>The unreadable records that were not written yet. Those before the start of the stream are not written at all.</summary>
    public IEnumerable<MessageProblem> NewProblems(IReadOnlyList<MessageProblem> problems)
    {
        foreach (var problem in problems)
        {
            written ??= [];
            if (written.Count < MaxWrittenProblems && written.Add(problem) && !isAtStart)
            {
                yield return problem;
            }
        }
    }
}
