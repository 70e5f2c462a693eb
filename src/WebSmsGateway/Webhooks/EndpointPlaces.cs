using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>
/// The cursors of bodies. A message has the same one whenever it is delivered, so that a replay sends the same bytes: it is made of the
/// message and of what the state keeps about the walk.
/// </summary>
internal sealed class EndpointPlaces(CursorCodec cursors)
{
    // Each is a time in which days could not be read, or something that was reported late waited in a long line.
    private const int MostHeld = 32;

    /// <summary>The cursor of a message that the walk gives, and the state that makes it again.</summary>
    /// <param name="state">The state.</param>
    /// <param name="message">The message.</param>
    /// <param name="given">The place at which the walk gave it.</param>
    /// <param name="behind">The cursor of the walk behind it.</param>
    public (string Cursor, EndpointState State) Of(EndpointState state, Message message, PageCursor given, string behind)
    {
        var (real, next) = (cursors.Decode(behind)!, Begin(state, given));
        var place = PlaceBehind.Of(message, cursors.Decode((given.State == WalkState.Snapshot ? next.BeganSnapshot : next.BeganChanges)!)!);
        if (PlaceBehind.IsSafe(place, real))
        {
            return (cursors.Encode(place), Release(next, place));
        }

        if (next.HeldBack is [.., { Until: null } last] && cursors.Decode(last.From)! is var from && from.State == place.State
            && PlaceBehind.HeldBack(place, from) is var before && PlaceBehind.IsSafe(before, real))
        {
            return (cursors.Encode(before), next);
        }

        var held = PlaceBehind.HeldBack(place, real);
        return PlaceBehind.IsSafe(held, real)
            ? (cursors.Encode(held), Hold(Release(next, held), cursors.Encode(held)))
            : (behind, next);
    }

    /// <summary>
    /// The cursor that a message had when the walk delivered it. A message from before the walk, or that the walk has not reached yet, has the
    /// place of the endpoint: nothing is missed from there.
    /// </summary>
    public string Of(EndpointState state, Message message)
    {
        if (BeginOf(state, message) is not { } begin || cursors.Decode(state.Cursor) is not { } reached || reached.Epoch != begin.Epoch)
        {
            return state.Cursor;
        }

        var place = PlaceBehind.Of(message, begin);
        var isEarlier = begin.State == WalkState.Snapshot ? place.Place.Second < begin.Place.Second : place.Learned < begin.Learned;
        if (isEarlier || PlaceBehind.IsBefore(reached, place))
        {
            return state.Cursor;
        }

        var by = state.HeldBack.FirstOrDefault(held => Covers(held, place));
        return cursors.Encode(by is null ? place : PlaceBehind.HeldBack(place, cursors.Decode(by.From)!));
    }

    /// <summary>The place where that part of the walk began that gave a message; null where nothing was delivered yet.</summary>
    private PageCursor? BeginOf(EndpointState state, Message message)
    {
        var snapshot = state.BeganSnapshot is { } first ? cursors.Decode(first) : null;
        var changes = state.BeganChanges is { } then ? cursors.Decode(then) : null;
        var isOfSnapshot = message.Stamp <= snapshot?.AsOf || (message.IsFirst && message.ReceivedAt <= (changes ?? snapshot)?.Moment);
        return isOfSnapshot ? snapshot ?? changes : changes ?? snapshot;
    }

    /// <summary>Keeps where the walk began. Another epoch, or a state that was lost, is another walk.</summary>
    private EndpointState Begin(EndpointState state, PageCursor given)
    {
        var isSnapshot = given.State == WalkState.Snapshot;
        var began = (isSnapshot ? state.BeganSnapshot : state.BeganChanges) is { } text ? cursors.Decode(text) : null;
        if (IsSame(began, given) && !(isSnapshot && state.BeganChanges is not null))
        {
            return state;
        }

        var isNext = !isSnapshot && state.BeganSnapshot is { } first && IsSame(cursors.Decode(first), given);
        return state with
        {
            BeganSnapshot = isSnapshot ? cursors.Encode(given) : isNext ? state.BeganSnapshot : null,
            BeganChanges = isSnapshot ? null : cursors.Encode(given),
            HeldBack = isNext ? state.HeldBack : [],
        };
    }

    private static bool IsSame(PageCursor? walk, PageCursor given) =>
        walk is not null && walk.Epoch == given.Epoch && walk.AsOf == given.AsOf && walk.Start == given.Start;

    private EndpointState Release(EndpointState state, PageCursor place) => state.HeldBack is [.., { Until: null } last]
        ? state with { HeldBack = [.. state.HeldBack.SkipLast(1), last with { Until = cursors.Encode(place) }] }
        : state;

    private EndpointState Hold(EndpointState state, string from)
    {
        var held = state.HeldBack;
        if (held.Count >= MostHeld)
        {
            // What lay between the two is held back too. That misses nothing, but its bytes are others. A snapshot and changes stay apart.
            var at = cursors.Decode(held[0].From)!.State == cursors.Decode(held[1].From)!.State ? 0 : 1;
            var both = PlaceBehind.HeldBack(cursors.Decode(held[at].From)!, cursors.Decode(held[at + 1].From)!);
            held = [.. held.Take(at), new HeldPlaces(cursors.Encode(both), held[at + 1].Until), .. held.Skip(at + 2)];
        }

        return state with { HeldBack = [.. held, new HeldPlaces(from, null)] };
    }

    private bool Covers(HeldPlaces held, PageCursor place) =>
        cursors.Decode(held.From) is { } from && from.State == place.State && !PlaceBehind.IsBefore(place, from)
        && (held.Until is not { } until || PlaceBehind.IsBefore(place, cursors.Decode(until)!));
}
