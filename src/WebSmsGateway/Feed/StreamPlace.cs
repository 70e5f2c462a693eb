using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Feed;

/// <summary>What the reader of a stream has got.</summary>
internal sealed class StreamPlace(MessageQuery query, DateTimeOffset started)
{
    private const int MaxWrittenProblems = 1000;

    private HashSet<MessageProblem>? written;
    private string? sentId;
    private string? id;
    private UpstreamError? failure;
    private bool isAtStart = query.FromNow;

    public DateTimeOffset Started => started;

    /// <summary>The number of messages given.</summary>
    public int Count { get; private set; }

    /// <summary>Records a failure or its end.</summary>
    /// <returns>The failure, if it differs from the one before.</returns>
    public UpstreamFailure? Record(UpstreamFailure? current)
    {
        var isNew = current is not null && current.Error != failure;
        failure = current?.Error;
        return isNew ? current : null;
    }

    /// <summary>Moves on to the end of a reading.</summary>
    public void Advance(PageReading reading)
    {
        id = reading.NextText ?? id;
        isAtStart &= reading.Page is null;
    }

    /// <summary>Writes a message of the last reading.</summary>
    public void Write(EventWriter writer, Message message, string idOfMessage)
    {
        writer.Message(idOfMessage, message.JsonWith(query.Fields).Span);
        sentId = idOfMessage;
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

    /// <summary>The problems that were not written yet. Those from before the start of the stream are not written at all.</summary>
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
