using System.Text.Json;
using WebSmsGateway.Archive;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Feed;

/// <summary>
/// Runs streams. A stream reads page after page, and its state is a cursor. It gives the same messages as paging with the same cursors,
/// and any replica can continue it.
/// </summary>
internal sealed class MessageStream(
    PageCache pages, MessageArchive archive, ArchiveWatch watch, AuditLog audit, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>The time without a change after which a comment line is sent.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task RunAsync(HttpContext context, MessageQuery query)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            Start(context.Response);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var place = new StreamPlace(query, clock.GetUtcNow());
        using var open = GatewayMetrics.StreamOpened();
        using var subscription = watch.Subscribe(archive.ScopeOf(query.Number));
        var writer = new EventWriter(context, clock);
        Start(context.Response);
        writer.WriteHeartbeat();
        try
        {
            var isOpen = await writer.FlushAsync(ended.Token);
            while (isOpen)
            {
                var changed = subscription.Changed;
                isOpen = await WriteNewAsync(context, writer, place, subscription, ended.Token)
                    && await WaitAsync(changed, writer, place, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left or the process stops. The reader can resume with the last id that was sent.
        }
        finally
        {
            audit.Read(context.GetCaller(), query.Number, place.Started, clock.GetUtcNow(), place.Count);
        }
    }

    private static void Start(HttpResponse response)
    {
        response.ContentType = EventWriter.MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Authorization, X-Api-Key";

        // nginx and similar proxies buffer answers without this header.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Writes everything new. The result is false for a reader that is too slow.</summary>
    private async Task<bool> WriteNewAsync(
        HttpContext context, EventWriter writer, StreamPlace place, ArchiveSubscription subscription, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A cached page is there at once. Before a read, everything written is sent, because a read may take long.
            var reading = pages.Find(place.Query);
            if (reading is null || writer.HasPart)
            {
                if (!await writer.FlushAsync(cancellationToken))
                {
                    return false;
                }

                reading ??= await pages.ReadAsync(place.Query, cancellationToken);
            }

            if (place.Record(reading.Failure ?? reading.Freshness.StaleBecause ?? subscription.Failure) is { } failure)
            {
                writer.Problem(ProblemResult.Of(failure).ToJson(context).Span);
            }

            if (reading.Page is not { } page)
            {
                place.BeginWithoutPage();
            }
            else
            {
                foreach (var problem in place.NewProblems(page.Problems))
                {
                    writer.Problem(JsonSerializer.SerializeToUtf8Bytes(problem, MessageJson.Default.MessageProblem));
                }

                place.Advance(reading);
                if (page.Items.Count > 0)
                {
                    place.Write(writer, page.Items[0]);
                    if (page.Items[0].ReceivedAt >= place.Started)
                    {
                        // Messages from before the start of the stream would distort the lag.
                        GatewayMetrics.Delivered("stream", clock.GetUtcNow() - page.Items[0].ReceivedAt);
                    }

                    continue;
                }
            }

            if (!place.IsIdWritten)
            {
                place.WriteId(writer);
            }

            return await writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Keeps the connection alive until a change. The result is false for a reader that is too slow.</summary>
    private async Task<bool> WaitAsync(Task changed, EventWriter writer, StreamPlace place, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await changed.WaitAsync(Heartbeat, clock, cancellationToken);
                return true;
            }
            catch (TimeoutException)
            {
                writer.WriteHeartbeat();
                place.WriteId(writer);
                if (!await writer.FlushAsync(cancellationToken))
                {
                    return false;
                }

                // The failure may concern days that the poll does not read. Then its end shows only in a new read.
                if (place.IsFailing)
                {
                    return true;
                }
            }
        }
    }
}
