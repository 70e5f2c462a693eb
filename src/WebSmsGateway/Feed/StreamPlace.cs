using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Archive;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Feed;

/// <summary>Where a stream stands, and what its reader was written.</summary>
internal sealed class StreamPlace(MessageQuery query, DateTimeOffset started)
{
    private const int MaxWrittenProblems = 1000;

    private HashSet<MessageProblem>? written;
    private string? sentId = query.Cursor?.Text;
    private string? id = query.Cursor?.Text;
    private UpstreamError? failure;
    private bool isAtStart = query.FromNow;

    /// <summary>When the stream began.</summary>
    public DateTimeOffset Started => started;

    /// <summary>The query of the next page.</summary>
    public MessageQuery Query { get; private set; } = query;

    /// <summary>Messages handed out.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the last question failed.</summary>
    public bool IsFailing => failure is not null;

    /// <summary>Takes note of a failure, or its end.</summary>
    /// <returns>The failure, if it is not the one that was told last.</returns>
    public UpstreamFailure? Record(UpstreamFailure? current)
    {
        var isNew = current is not null && current.Error != failure;
        failure = current?.Error;
        return isNew ? current : null;
    }

    /// <summary>
    /// A stream that begins when nothing can be read begins at its own start, not at the end of the outage. What is dated late
    /// counts as new here too, and so may what arrived just before: nobody can tell them apart.
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

    /// <summary>Moves behind a page.</summary>
    public void Advance(PageReading reading)
    {
        Query = Query.After(reading.Next);
        id = Query.Cursor?.Text;
        isAtStart = false;
    }

    /// <summary>Writes a message of the page that was passed last.</summary>
    public void Write(EventWriter writer, Message message)
    {
        writer.Message(id!, message.Json);
        sentId = id;
        Count++;
    }

    /// <summary>
    /// Tells the place, if the reader does not know it: else one that is cut off before its first message could only begin anew,
    /// and one whose filter seldom lets anything pass would resume far back.
    /// </summary>
    public void WriteId(EventWriter writer)
    {
        if (id is not null && id != sentId)
        {
            writer.Place(id);
            sentId = id;
        }
    }

    /// <summary>Whether this reader knows its place.</summary>
    public bool IsIdWritten => sentId is not null;

    /// <summary>The unreadable records that were not told yet. What a stream that begins now finds is old.</summary>
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
