using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Feed;

/// <summary>
/// Runs streams. A stream writes what its following reads, and its state is a cursor. It gives the same messages as paging with the same
/// cursors, and any replica can continue it.
/// </summary>
internal sealed class MessageStream(
    Followings followings, AuditLog audit, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>The time without a change after which a comment line is sent.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Begins to follow, unless the caller watches as many scopes as it may.</summary>
    public bool TryOpen(MessageQuery query, [NotNullWhen(true)] out Following? following) => followings.TryOpen(query, out following);

    public async Task RunAsync(HttpContext context, MessageQuery query, Following following)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            Start(context.Response);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var place = new StreamPlace(query, clock.GetUtcNow());
        using var open = GatewayMetrics.StreamOpened();
        var writer = new EventWriter(context, clock);
        Start(context.Response);
        writer.WriteHeartbeat();
        try
        {
            if (!await writer.FlushAsync(ended.Token))
            {
                return;
            }

            await foreach (var reading in following.ReadAsync(Heartbeat, ended.Token))
            {
                // A reading at hand comes without looking at the token.
                ended.Token.ThrowIfCancellationRequested();
                if (reading is null)
                {
                    writer.WriteHeartbeat();
                    place.WriteId(writer);
                }
                else if (!await WriteAsync(context, writer, place, reading, following.PollFailure, ended.Token))
                {
                    return;
                }

                // A reading at hand joins the part that is sent next. Before a read, everything written is sent, because a read may take long.
                var waits = reading?.Page is not { Items.Count: > 0 } || !following.IsNextAtHand;
                if ((waits || writer.HasPart) && !await writer.FlushAsync(ended.Token))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left or the process stops: the reader can resume with the last id that was sent. Or its credentials ended.
            if (context.HaveCredentialsEnded())
            {
                await writer.EndAsync(ProblemResult.Of(CredentialFault.Ended.Code, CredentialFault.Ended.Detail).ToJson(context));
            }
        }
        finally
        {
            audit.Read(context.GetCaller(), query.Number, place.Started, clock.GetUtcNow(), place.Count);
        }
    }

    private static void Start(HttpResponse response)
    {
        response.ContentType = EventWriter.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Authorization, X-Api-Key";

        // nginx and similar proxies buffer answers without this header.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Writes what a reading brought, and sends all parts that are full.</summary>
    /// <returns>False if the reader was too slow.</returns>
    private async Task<bool> WriteAsync(
        HttpContext context, EventWriter writer, StreamPlace place, PageReading reading, UpstreamFailure? pollFailure, CancellationToken cancellationToken)
    {
        if (place.Record(reading.Failure ?? reading.Freshness.StaleBecause ?? pollFailure) is { } failure)
        {
            writer.Problem(ProblemResult.Of(failure).ToJson(context).Span);
        }

        foreach (var problem in place.NewProblems(reading.Page?.Problems ?? []))
        {
            writer.Problem(JsonSerializer.SerializeToUtf8Bytes(problem, MessageJson.Default.MessageProblem));
        }

        place.Advance(reading);
        foreach (var (i, message) in (reading.Page?.Items ?? []).Index())
        {
            place.Write(writer, message, reading.Cursors[i]);
            if (message.ReceivedAt >= place.Started)
            {
                // Messages from before the start of the stream would distort the lag.
                GatewayMetrics.Delivered("stream", clock.GetUtcNow() - message.ReceivedAt);
            }

            if (writer.HasPart && !await writer.FlushAsync(cancellationToken))
            {
                return false;
            }

            // A flush that is done at once does not look at the token.
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!place.IsIdWritten)
        {
            place.WriteId(writer);
        }

        return true;
    }
}
