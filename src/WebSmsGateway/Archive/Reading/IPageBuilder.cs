using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Reading;

/// <summary>Picks the messages of a page from the stretches of a walk, in one of the two orders.</summary>
internal interface IPageBuilder
{
    /// <summary>Removes and returns the messages that were picked since the last call.</summary>
    IReadOnlyList<Message> Take();

    /// <summary>Adds a stretch, and says whether the page needs no further one.</summary>
    bool IsFullAfter(IReadOnlyList<DayRecord> records);

    /// <summary>Whether the stretches have no message of the number, or of the caller's numbers.</summary>
    bool IsRangeEmpty { get; }

    /// <summary>The cursor of the next page; null if there is none.</summary>
    PageCursor? Cursor();
}
