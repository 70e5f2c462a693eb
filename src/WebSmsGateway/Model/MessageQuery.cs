using System.IO.Hashing;
using System.Text;

namespace WebSmsGateway.Model;

/// <summary>What a valid request for messages asks for.</summary>
internal sealed record MessageQuery
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
    public const int MaxWaitSeconds = 60;

    /// <summary>The number asked for; null for all that the caller may read.</summary>
    public RentedNumber? Number { get; init; }

    /// <summary>The numbers that the caller may read.</summary>
    public required NumberSet Numbers { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>Null: any.</summary>
    public Sender? Sender { get; init; }

    /// <summary>Text to find in any letter case. Null: any text.</summary>
    public string? Contains { get; init; }

    /// <summary>Oldest first, and newest first otherwise.</summary>
    public bool Ascending { get; init; }

    /// <summary>Messages of a page. Null: the default of the answer's format.</summary>
    public int? Limit { get; init; }

    /// <summary>Where an earlier page ended. Null: the query begins.</summary>
    public PageCursor? Cursor { get; init; }

    /// <summary>Whether everything so far counts as given.</summary>
    public bool FromNow { get; init; }

    /// <summary>How long to hold the answer until something new is there.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>What <see cref="FingerprintOf"/> gave: a cursor of another query is refused.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>The same query, going on behind a page that it gave.</summary>
    public MessageQuery After(PageCursor? next) => this with { Cursor = next, FromNow = false };

    /// <summary>Whether a message is one that was asked for, its time apart.</summary>
    public bool Matches(Message message) =>
        message.IsOf(Number, Numbers)
        && (Sender is not { } sender || message.Sender.Equals(sender))
        && (Contains is null || message.Text.Contains(Contains, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Names a query: the upper half is about whose messages, the lower half about which time, both as they were written. A stream
    /// has no range of its own and takes the cursor of any range.
    /// </summary>
    public static ulong FingerprintOf(
        RentedNumber? number, DateTimeOffset? from, DateTimeOffset? to, Sender? sender, string? contains, bool ascending) =>
        ((ulong)Hash(number?.ToString(), sender?.ToString().ToUpperInvariant(), contains?.ToUpperInvariant(), ascending) << 32)
        | Hash(from?.UtcTicks, to?.UtcTicks);

    private static uint Hash(params ReadOnlySpan<object?> parts) =>
        XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
}
