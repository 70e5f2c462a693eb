using System.IO.Hashing;
using System.Text;

namespace WebSmsGateway.Model;

/// <summary>A valid request for messages.</summary>
internal sealed record MessageQuery
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
    public const int MaxWaitSeconds = 60;

    /// <summary>How many messages a stream reads at once.</summary>
    public const int StreamLimit = 100;

    /// <summary>The fingerprint of a cursor that goes on with any filter: its place does not depend on one.</summary>
    public const ulong OfAnyFilter = 0x5745_4248_4F4F_4B53;

    /// <summary>The requested number; null for all numbers that the caller may read.</summary>
    public RentedNumber? Number { get; init; }

    public required NumberSet Numbers { get; init; }

    /// <summary>Who asks, for fair turns; empty for the gateway itself.</summary>
    public string Owner { get; init; } = "";

    public required TimeRange Range { get; init; }

    /// <summary>The exact sender; null for any.</summary>
    public Sender? Sender { get; init; }

    /// <summary>The text to find, in any letter case; null for any.</summary>
    public string? Contains { get; init; }

    /// <summary>The codes of which messages must have one; null for messages with and without a code.</summary>
    public CodeFilter? Code { get; init; }

    /// <summary>The fields that the caller may read.</summary>
    public MessageFields Fields { get; init; }

    public bool Ascending { get; init; }

    /// <summary>The number of messages in a page; null for the default of the answer's format.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether each message of a page has a cursor of its own, so that its reader can go on behind any of them.</summary>
    public bool HasCursorEach { get; init; }

    /// <summary>The end of an earlier page; null for the first page.</summary>
    public PageCursor? Cursor { get; init; }

    /// <summary>Whether only what arrives from now on is asked for.</summary>
    public bool FromNow { get; init; }

    /// <summary>
    /// Ascending: the earliest date that the walk may give, whenever it becomes known; null for any. It is the start of the range, except for
    /// a query from now on without a range.
    /// </summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The longest time to hold the answer until a message arrives.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The result of <see cref="FingerprintOf"/>. A cursor with another fingerprint is refused.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>
    /// The same query, continued after a page. In ascending order nothing but the place says when its range begins, so that readers at one place
    /// ask for the same.
    /// </summary>
    public MessageQuery After(PageCursor next) => this with
    {
        Cursor = next,
        FromNow = false,
        Range = Ascending ? Range with { From = Start ?? next.Start ?? next.Reach } : Range,
    };

    /// <summary>Whether a message meets the query. The range is not checked.</summary>
    public bool Matches(Message message) => Covers(message) && Passes(message);

    /// <summary>Whether a message was received by the number, or by one of the caller's numbers.</summary>
    public bool Covers(Message message) => Covers(message.RentedNumber);

    /// <summary>Whether a number is the asked one, or one of the caller's.</summary>
    public bool Covers(RentedNumber received) => Number is { } number ? received.Equals(number) : Numbers.Includes(received);

    /// <summary>Whether a message passes the filters.</summary>
    public bool Passes(Message message) =>
        (Sender is not { } sender || message.Sender.Equals(sender))
        && (Contains is null || message.Text.Contains(Contains, StringComparison.OrdinalIgnoreCase))
        && (Code is null || Code.CodeOf(message) is not null);

    /// <summary>
    /// A hash that names a query. The upper half covers the filters and the order, the lower half the range as the caller wrote it. A
    /// stream has no range and compares the upper half only, so it accepts the cursor of any range.
    /// </summary>
    public static ulong FingerprintOf(
        RentedNumber? number, DateTimeOffset? from, DateTimeOffset? to, Sender? sender, string? contains, bool ascending,
        CodeFilter? code = null)
    {
        object?[] filters = [number?.ToString(), sender?.ToString().ToUpperInvariant(), contains?.ToUpperInvariant(), ascending];

        // Without a filter by codes the hash is that of versions that had none, so that their cursors stay good.
        return ((ulong)Hash(code is null ? filters : [.. filters, code.Words]) << 32) | Hash(from?.UtcTicks, to?.UtcTicks);
    }

    private static uint Hash(params ReadOnlySpan<object?> parts) => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
}
