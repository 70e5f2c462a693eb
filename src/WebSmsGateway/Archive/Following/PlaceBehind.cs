using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// The place behind one message, made of the message and of the beginning of the walk that gave it. It is the same whenever it is made, while
/// the place that the walk itself has also says what was known of other days at that moment. Where that is less, the place is held back to it.
/// </summary>
internal static class PlaceBehind
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The place behind a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="begin">The first place of the walk in the same state.</param>
    public static PageCursor Of(Message message, PageCursor begin)
    {
        var date = message.Position.Instant;
        var covered = Later(message.Id.Day.AddDays(-1), begin.Covered);

        // Nothing that comes later is news if it is dated earlier: the question that brought this message came after its date.
        return begin.State == WalkState.Snapshot
            ? begin with
            {
                Place = message.Position,
                Moment = begin.IsResumed ? begin.Moment : Earlier(begin.Moment, date),
                Floor = date,
                Covered = covered,
            }
            : begin with
            {
                Learned = message.Stamp,
                Moment = Later(begin.Moment, date - Second - Second),
                Floor = Later(begin.Floor, date - Second),
                Covered = covered,
            };
    }

    /// <summary>Whether a walk that goes on with a place misses nothing that it gives from the place that it really has there.</summary>
    public static bool IsSafe(PageCursor place, PageCursor real) =>
        (place.Epoch, place.AsOf, place.Start) == (real.Epoch, real.AsOf, real.Start)
        && place.Floor <= real.Floor
        && place.Covered <= real.Covered
        && (place.Moment <= real.Moment || IsOfLastSecond(place, real));

    /// <summary>The place with what another one says of other days, if that is less.</summary>
    public static PageCursor HeldBack(PageCursor place, PageCursor by) => place with
    {
        Floor = Earlier(place.Floor, by.Floor),
        Covered = place.Covered < by.Covered ? place.Covered : by.Covered,
        Moment = place.State == WalkState.Snapshot ? place.Moment : Earlier(place.Moment, by.Moment),
    };

    /// <summary>Whether a place comes before another one of the same walk.</summary>
    public static bool IsBefore(PageCursor place, PageCursor other) => (place.State, other.State) switch
    {
        (WalkState.Snapshot, WalkState.Snapshot) => place.Place < other.Place,
        (WalkState.Changes, WalkState.Changes) => place.Learned < other.Learned,
        _ => place.State == WalkState.Snapshot,
    };

    // What is reported later of the second of a message has a place behind it.
    private static bool IsOfLastSecond(PageCursor place, PageCursor real) =>
        place.State == WalkState.Snapshot && place.Moment == place.Place.Instant && place.Moment <= real.Moment + Second;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}
