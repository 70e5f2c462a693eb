using WebSmsGateway.Archive;
using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Reading;

/// <summary>Picks the messages of a page from the stretches that a walk brings, in one of the two orders.</summary>
internal interface IPageBuilder
{
    /// <summary>The messages picked since the last time they were taken away.</summary>
    IReadOnlyList<Message> Take();

    /// <summary>Takes a stretch, and says whether the page needs no further one.</summary>
    bool IsFullAfter(IReadOnlyList<DayRecord> records);

    /// <summary>Whether no message of the number, or of the caller's numbers, was met.</summary>
    bool IsRangeEmpty { get; }

    /// <summary>The cursor to go on with; null where there is nothing to go on with.</summary>
    PageCursor? Cursor();
}
