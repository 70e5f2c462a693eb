using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// The places behind each message of an ascending page, for a reader that may leave behind any of them. Each is the place that a page which ends
/// with that message has.
/// </summary>
internal sealed class PlacesBehind(MessageQuery query, WalkPlace place, PageParts parts)
{
    private readonly List<PageCursor> places = [];
    private DateTimeOffset snapshotFloor = DateTimeOffset.MaxValue;

    /// <summary>The places as they were when the messages were found, before the floor of their page was known.</summary>
    public IReadOnlyList<PageCursor> Given => places;

    /// <summary>Records the places behind the messages of a day of the snapshot. One behind the last message of a second stands behind it.</summary>
    /// <param name="left">The next message, which has no room on the page; null if the day has none.</param>
    public void AddDay(Message? left)
    {
        for (var i = places.Count; query.HasCursorEach && i < parts.Items.Count; i++)
        {
            var (position, next) = (parts.Items[i].Position, i + 1 < parts.Items.Count ? parts.Items[i + 1] : left);
            places.Add(place.Cursor with { Place = next?.Position.Second > position.Second ? position with { Rank = int.MaxValue } : position });
        }
    }

    /// <summary>Records the place behind a change.</summary>
    public void AddChange()
    {
        if (query.HasCursorEach)
        {
            places.Add(place.Cursor);
        }
    }

    /// <summary>Records the floor at the end of the snapshot. Changes may follow on the same page.</summary>
    public void EndSnapshot(DateTimeOffset floor) => snapshotFloor = floor;

    /// <summary>
    /// The cursors as text. A change that the page gives later waits for a reader that goes on before it, so it holds the floor of that reader.
    /// </summary>
    public IReadOnlyList<string> Encoded(CursorCodec cursors)
    {
        if (places.Count == 0)
        {
            return [];
        }

        var (texts, floor) = (new string[places.Count], place.Floor);
        for (var i = texts.Length - 1; i >= 0; i--)
        {
            var isChange = places[i].State == WalkState.Changes;
            floor = !isChange && snapshotFloor < floor ? snapshotFloor : floor;
            texts[i] = cursors.Encode(i == texts.Length - 1 ? place.Cursor : WalkPlace.WithFloor(places[i], floor));
            floor = isChange && parts.Items[i].ReceivedAt.AddSeconds(-1) is var date && date < floor ? date : floor;
        }

        return texts;
    }
}
