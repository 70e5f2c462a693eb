using System.Diagnostics.CodeAnalysis;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Messages;

/// <summary>Reads a page and, while it is empty, waits for a change in the archive. A wait ends at its own time, whatever WEBSMS does.</summary>
internal sealed class PageWait(Followings followings, Follower follower, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Begins to follow, unless the caller watches as many scopes as it may. <see cref="ReadAsync"/> ends it.</summary>
    public bool TryOpen(MessageQuery query, [NotNullWhen(true)] out Following? following) => followings.TryOpen(query, out following);

    /// <summary>
    /// The first page with messages, or an empty one when the time runs out or the process stops. The result is null if the process stops
    /// before the first page.
    /// </summary>
    public async Task<PageReading?> ReadAsync(Following opened, MessageQuery query, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(query.Wait, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping, cancellationToken);
        using var open = GatewayMetrics.WaitOpened();
        var began = clock.GetUtcNow();
        using var following = opened;
        PageReading? empty = null;
        try
        {
            await foreach (var reading in following.ReadAsync(Timeout.InfiniteTimeSpan, ended.Token))
            {
                if (reading is { Page.Items.Count: 0 })
                {
                    empty = reading;
                }
                else if (reading is { Page: not null } || empty is null)
                {
                    foreach (var message in reading!.Page?.Items.Where(item => item.ReceivedAt >= began) ?? [])
                    {
                        GatewayMetrics.Delivered("wait", clock.GetUtcNow() - message.ReceivedAt);
                    }

                    return Uncached(reading);
                }

                // A failure after the first page does not end the wait. Its end is a change, too.
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time ran out, or the process stops.
        }

        return empty is not null ? Uncached(empty) : timeout.IsCancellationRequested ? Uncached(follower.Unanswered(following.Query)) : null;
    }

    // A cache would answer the same wait at once, so a caller that waits in a loop would never pause.
    private static PageReading Uncached(PageReading reading) =>
        reading with { Freshness = reading.Freshness with { FreshUntil = DateTimeOffset.MinValue } };
}
