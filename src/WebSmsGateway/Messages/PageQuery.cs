using System.Globalization;
using System.IO.Hashing;
using System.Text;
using WebSmsGateway.Archive;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>What a valid request asks for.</summary>
internal sealed record PageQuery
{
    public const string NowCursor = "now";
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
    public const int MaxWaitSeconds = 60;

    /// <summary>The number asked for; null for all that the caller may read.</summary>
    public required RentedNumber? Number { get; init; }

    /// <summary>The numbers that the caller may read.</summary>
    public required NumberSet View { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Null: open, everything so far.</summary>
    public DateTimeOffset? To { get; init; }

    public Sender? Sender { get; init; }

    public string? Contains { get; init; }

    public bool Ascending { get; init; }

    /// <summary>Null: the default of the answer's format.</summary>
    public int? Limit { get; init; }

    public PageCursor? Cursor { get; init; }

    /// <summary>The cursor as text, or the word <c>now</c>: readers with the same text stand at the same place.</summary>
    public string? CursorText { get; init; }

    /// <summary>Whether everything so far counts as given.</summary>
    public bool FromNow { get; init; }

    /// <summary>How long to hold the answer until something new is there.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The same query, going on behind a page that it gave.</summary>
    public PageQuery After(PageReading reading) =>
        this with { Cursor = reading.Next, CursorText = reading.Page!.NextCursor, FromNow = false };

    /// <summary>
    /// Names the query, so that a cursor of another one is refused: the upper half is about whose messages, the lower about
    /// which time. A stream has no range of its own and takes the cursor of any range.
    /// </summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>Whether a message is one that was asked for, its time apart.</summary>
    public bool Matches(Message message) =>
        (Number is { } number ? message.RentedNumber == number : View.Includes(message.RentedNumber))
        && (Sender is not { } sender || message.Sender.Equals(sender))
        && (Contains is null || message.Text.Contains(Contains, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a request that its validator has let through.</summary>
    public static PageQuery Of(PageRequest request, RentedNumber? number, NumberSet view, AccountZone zone, TimeProvider clock)
    {
        var cursor = request.Cursor is null or NowCursor ? null : PageCursor.Decode(request.Cursor);
        var isFromNow = request.Cursor == NowCursor;
        DateTimeOffset? from = request.From is null ? null : Moment(request.From, zone, isEnd: false);
        DateTimeOffset? to = request.To is null ? null : Moment(request.To, zone, isEnd: true);
        Sender? sender = request.Sender is not null && Model.Sender.TryParse(request.Sender, out var read) ? read : null;
        var ascending = IsAscending(request);
        return new PageQuery
        {
            Number = number,
            View = view,
            From = isFromNow ? EarliestFromNow(from, zone, clock) : from ?? cursor?.Start ?? zone.StartOf(zone.DayOf(clock.GetUtcNow())),
            To = to,
            Sender = sender,
            Contains = request.Contains,
            Ascending = ascending,
            Limit = request.Limit is null ? null : int.Parse(request.Limit),
            Cursor = cursor,
            CursorText = request.Cursor,
            FromNow = isFromNow,
            Wait = request.Wait is null ? TimeSpan.Zero : TimeSpan.FromSeconds(double.Parse(request.Wait, CultureInfo.InvariantCulture)),
            Fingerprint = FingerprintOf(number, from, to, sender, request.Contains, ascending),
        };
    }

    public static bool IsAscending(PageRequest request) => "asc".Equals(request.Order, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Where "from here on" begins to look: at the start of the day, because what is there now has to be known to count as given,
    /// and what WEBSMS dates late can only lie within the overlap.
    /// </summary>
    private static DateTimeOffset EarliestFromNow(DateTimeOffset? from, AccountZone zone, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var start = zone.StartOf(zone.DayOf(now - CacheOptions.Overlap - zone.RepeatedTimeAround(now, CacheOptions.Overlap)));
        return from > start ? from.Value : start;
    }

    private static DateTimeOffset Moment(string text, AccountZone zone, bool isEnd) =>
        QueryTime.TryParse(text, zone, isEnd, out var moment) ? moment : throw new FormatException("The request was not validated.");

    /// <summary>Whether a cursor belongs to this query, its range of time apart.</summary>
    public bool IsOfSameMessages(PageCursor cursor) => cursor.Query >> 32 == Fingerprint >> 32;

    private static ulong FingerprintOf(
        RentedNumber? number, DateTimeOffset? from, DateTimeOffset? to, Sender? sender, string? contains, bool ascending) =>
        ((ulong)Hash(number?.ToString(), sender?.ToString().ToUpperInvariant(), contains?.ToUpperInvariant(), ascending) << 32)
        | Hash(from?.UtcTicks, to?.UtcTicks);

    private static uint Hash(params ReadOnlySpan<object?> parts) =>
        XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
}
