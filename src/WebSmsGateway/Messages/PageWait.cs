using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Archive;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Messages;

/// <summary>Reads a page, and while it is empty waits for the next message: long polling without a poll of its own.</summary>
internal sealed class PageWait(
    PageCache pages, MessageArchive archive, ArchiveWatch watch, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>Whether the process is stopping, so that no wait may begin.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>
    /// The first page that is not empty, or the last one when the time runs out or the process stops; null where the process
    /// stops before there is any.
    /// </summary>
    public async Task<PageReading?> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(query.Wait, clock);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopped.Token);
        using var open = GatewayMetrics.WaitOpened();
        var began = clock.GetUtcNow();
        using var subscription = watch.Subscribe(archive.ScopeOf(query.Number));
        PageReading? empty = null;
        try
        {
            while (true)
            {
                // The first answer may outlast the wait: without it the caller would have no cursor to go on with.
                var changed = subscription.Changed;
                var reading = await pages.ReadAsync(query, empty is null ? stopped.Token : ended.Token);
                if (reading.Page is { Items.Count: 0 })
                {
                    empty = reading;
                    query = query.After(reading.Next);
                }
                else if (reading.Page is not null || empty is null)
                {
                    foreach (var message in reading.Page?.Items.Where(item => item.ReceivedAt >= began) ?? [])
                    {
                        GatewayMetrics.Delivered("wait", clock.GetUtcNow() - message.ReceivedAt);
                    }

                    return Uncached(reading);
                }

                // A failure in the middle costs neither the cursor nor the wait: its end is a change, too.
                await changed.WaitAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
            when ((stopped.IsCancellationRequested || ended.IsCancellationRequested) && !cancellationToken.IsCancellationRequested)
        {
            return empty is null ? null : Uncached(empty);
        }
    }

    // A cache that answered the same wait again would answer at once, and a caller in a loop would spin.
    private static PageReading Uncached(PageReading reading) =>
        reading with { Freshness = reading.Freshness with { FreshUntil = DateTimeOffset.MinValue } };
}
