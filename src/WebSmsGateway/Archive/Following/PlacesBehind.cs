using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>The places behind each message of an ascending page, for a reader that may leave behind any of them.</summary>
internal sealed class PlacesBehind(MessageQuery query, WalkPlace place, PageParts parts)
{
    private readonly List<PageCursor> places = [];
    private DateTimeOffset snapshotFloor = DateTimeOffset.MaxValue;

    /// <summary>Whether the page has messages of a snapshot whose places are wanted.</summary>
    public bool HasAny => places.Count > 0;

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

    /// <summary>Records the floor at the end of the snapshot. Changes follow on the same page.</summary>
    public void EndSnapshot() => snapshotFloor = place.Floor;

    /// <summary>The cursors. A change that the page gives waits for a reader who goes on before it, so it holds the floor of that reader.</summary>
    public IReadOnlyList<PageCursor> Cursors()
    {
        var floor = place.Floor;
        for (var i = places.Count - 1; i >= 0; i--)
        {
            var isChange = places[i].State == WalkState.Changes;
            floor = !isChange && snapshotFloor < floor ? snapshotFloor : floor;
            places[i] = i == places.Count - 1 ? place.Cursor : WalkPlace.WithFloor(places[i], floor);
            floor = isChange && parts.Items[i].ReceivedAt.AddSeconds(-1) is var date && date < floor ? date : floor;
        }

        return places;
    }
}
