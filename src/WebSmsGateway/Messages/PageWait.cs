using WebSmsGateway.Caching;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Messages;

/// <summary>Reads a page, and while it is empty waits for the next message: long polling without a poll of its own.</summary>
internal sealed class PageWait(
    PageReader reader, MessageArchive archive, ArchiveWatch watch, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>Whether the process is stopping, so that no wait may begin.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The first page that is not empty, or the last one when the time runs out or the process stops.</summary>
    public async Task<PageReading> ReadAsync(PageQuery query, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(query.Wait, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lifetime.ApplicationStopping, cancellationToken);
        using var open = GatewayMetrics.WaitOpened();
        var began = clock.GetUtcNow();
        using var subscription = watch.Subscribe(archive.ScopeOf(query.Number));
        while (true)
        {
            var changed = subscription.Changed;
            var reading = await reader.ReadAsync(query, cancellationToken);
            if (reading.Page is not { Items.Count: 0 } page || ended.IsCancellationRequested)
            {
                foreach (var message in reading.Page?.Items.Where(item => item.ReceivedAt >= began) ?? [])
                {
                    GatewayMetrics.Delivered("wait", clock.GetUtcNow() - message.ReceivedAt);
                }

                return reading;
            }

            query = query.After(page);
            await changed.WaitAsync(ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
