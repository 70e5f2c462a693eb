using System.Diagnostics.CodeAnalysis;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Codes;

/// <summary>What a wait for a code ended with.</summary>
/// <param name="Found">The message with the code; null where none came in time.</param>
/// <param name="Failure">Why nothing can be said of the time of the wait; null if WEBSMS was read meanwhile.</param>
/// <param name="NextCursor">The place right behind the message, or behind everything that was read.</param>
internal sealed record CodeReading(Message? Found, UpstreamFailure? Failure, string? NextCursor)
{
    /// <summary>Whether the process stops before the wait has ended.</summary>
    public bool IsStopped { get; init; }

    /// <param name="reading">The last reading.</param>
    /// <param name="wasRead">Whether this reading or one before it was no last good answer of a failing WEBSMS.</param>
    public static CodeReading Of(PageReading reading, bool wasRead)
    {
        var failure = reading.Failure ?? reading.EndedBefore ?? reading.Freshness.StaleBecause;
        var found = reading.Page is { Items: [var message, ..] } ? message : null;
        return new CodeReading(found, wasRead ? null : failure, reading.NextText);
    }
}

/// <summary>
/// Waits for the first message with a code that a query asks for. The wait ends at its own time, whatever WEBSMS does. A failure of WEBSMS
/// does not end it, because WEBSMS may answer again before the time is over.
/// </summary>
internal sealed class CodeWait(Followings followings, Follower follower, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Begins to follow, unless the caller watches as many scopes as it may. <see cref="ReadAsync"/> ends it.</summary>
    public bool TryOpen(MessageQuery query, [NotNullWhen(true)] out Following? following) => followings.TryOpen(query, out following);

    /// <summary>Looks once, without waiting.</summary>
    public async Task<CodeReading> ReadOnceAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        var only = await follower.ReadAsync(query, cancellationToken);
        return CodeReading.Of(only, WasRead(only));
    }

    public async Task<CodeReading> ReadAsync(Following opened, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(wait, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping, cancellationToken);
        using var open = GatewayMetrics.WaitOpened();
        using var following = opened;
        var (last, wasRead) = (default(PageReading), false);
        try
        {
            await foreach (var reading in following.ReadAsync(Timeout.InfiniteTimeSpan, ended.Token))
            {
                last = reading ?? last;
                wasRead |= WasRead(last!);
                if (last!.Page?.Items.Count > 0)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time ran out, or the process stops.
        }

        var result = CodeReading.Of(last ?? follower.Unanswered(following.Query), wasRead);
        return result with { IsStopped = result.Found is null && !timeout.IsCancellationRequested };
    }

    private static bool WasRead(PageReading reading) =>
        reading is { Page: not null, EndedBefore: null, Freshness.StaleBecause: null };
}
