using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// The texts of the cursors that were written last. Readers who poll get the same place again and again, and encryption takes longer than the
/// rest of a small page. A place takes the slot of another with the same hash, so the size is fixed: 256 cursors, about 100 kB.
/// </summary>
internal sealed class RecentCursors
{
    private const int Slots = 256;

    private readonly Entry?[] entries = new Entry?[Slots];

    /// <summary>The text of a cursor; null if it is not kept.</summary>
    public string? TextOf(PageCursor cursor) => Volatile.Read(ref Slot(cursor)) is { } entry && entry.Cursor == cursor ? entry.Text : null;

    public void Keep(PageCursor cursor, string text) => Volatile.Write(ref Slot(cursor), new Entry(cursor, text));

    private ref Entry? Slot(PageCursor cursor) => ref entries[(uint)cursor.GetHashCode() % Slots];

    private sealed record Entry(PageCursor Cursor, string Text);
}
