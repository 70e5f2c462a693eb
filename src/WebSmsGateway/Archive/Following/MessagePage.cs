using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Following;

/// <summary>A page of messages.</summary>
internal sealed record MessagePage
{
    /// <summary>The messages, in the order that was asked for.</summary>
    public required IReadOnlyList<Message> Items { get; init; }

    /// <summary>
    /// The cursor to go on with. With <c>order=desc</c> null at the end. With <c>order=asc</c> never null: at the end it stands for
    /// "everything so far", and the next call with it returns only what is new since, each message once.
    /// </summary>
    public required string? NextCursor { get; init; }

    /// <summary>Up to this moment the answer holds everything that WEBSMS reported.</summary>
    public required DateTimeOffset CompleteUntil { get; init; }

    /// <summary>Whether WEBSMS failed and this is its last good answer.</summary>
    public required bool Stale { get; init; }

    /// <summary>Records that could not be read, or not with certainty.</summary>
    public required IReadOnlyList<MessageProblem> Problems { get; init; }
}
