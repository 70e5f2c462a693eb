using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Reading;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Messages;

/// <summary>Reads a page and, while it is empty, waits for a change in the archive.</summary>
internal sealed class PageWait(
    PageCache pages, MessageArchive archive, ArchiveWatch watch, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>
    /// The first page with messages, or the last empty page when the time runs out or the process stops. The result is null if the
    /// process stops before the first page.
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
                // The first read may take longer than the wait, because without a page the caller would get no cursor.
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

                // A failure after the first page does not end the wait. Its end is a change, too.
                await changed.WaitAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
            when ((stopped.IsCancellationRequested || ended.IsCancellationRequested) && !cancellationToken.IsCancellationRequested)
        {
            return empty is null ? null : Uncached(empty);
        }
    }

    // A cache would answer the same wait at once, so a caller that waits in a loop would never pause.
    private static PageReading Uncached(PageReading reading) =>
        reading with { Freshness = reading.Freshness with { FreshUntil = DateTimeOffset.MinValue } };
}
