using System.Text.Json;
using WebSmsGateway.Authentication;
using WebSmsGateway.Caching;
using WebSmsGateway.Errors;
using WebSmsGateway.Messages;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Feed;

/// <summary>
/// Runs streams. A stream is a reader of pages that never stops: its state is a cursor, so what it hands out is exactly what a
/// caller would get that paged with the same cursors, and any replica can go on with it.
/// </summary>
internal sealed class MessageStream(
    PageReader reader, MessageArchive archive, ArchiveWatch watch, AuditLog audit, AccountZone zone, TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    /// <summary>How often a comment line is sent when there is nothing else to send.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Whether the process is stopping, so that no stream may begin.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task RunAsync(HttpContext context, StreamRequest request, string? number)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            Start(context.Response);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var query = PageQuery.Of(request.AsPage(), number, context.GetNumberView(), zone, clock) with { Limit = 1 };
        var started = clock.GetUtcNow();
        using var subscription = watch.Subscribe(archive.ScopeOf(number));
        var writer = new EventWriter(context, clock);
        Start(context.Response);
        writer.Comment("open");
        var state = new StreamState(query, started);
        try
        {
            var isOpen = await writer.FlushAsync(ended.Token);
            while (isOpen && !ended.IsCancellationRequested)
            {
                var changed = subscription.Changed;
                isOpen = await WriteNewAsync(context, writer, state, ended.Token) && await writer.FlushAsync(ended.Token);
                while (isOpen && !await IsChangedAsync(changed, ended.Token))
                {
                    writer.Comment("waiting");
                    isOpen = await writer.FlushAsync(ended.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left, or the process stops: the last id that was sent is where to go on.
        }
        finally
        {
            audit.Read(context.GetCaller(), number, started, clock.GetUtcNow(), state.Count);
        }
    }

    private static void Start(HttpResponse response)
    {
        response.ContentType = EventWriter.MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Authorization, X-Api-Key";

        // nginx and its kin hold answers back unless told.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Writes all that is new; false for a reader that is too slow.</summary>
    private async Task<bool> WriteNewAsync(HttpContext context, EventWriter writer, StreamState state, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reading = await reader.ReadAsync(state.Query, cancellationToken);
            if (state.IsNewProblem(reading.Failure ?? reading.Facts.StaleBecause) is { } failure)
            {
                writer.Problem(ProblemResult.Of(failure).ToJson(context).Span);
            }

            if (reading.Page is not { } page)
            {
                return true;
            }

            foreach (var problem in state.NewProblems(page.Problems))
            {
                writer.Problem(JsonSerializer.SerializeToUtf8Bytes(problem, MessageJson.Default.MessageProblem));
            }

            state.Query = state.Query.After(page);
            if (page.Items.Count == 0)
            {
                return true;
            }

            writer.Message(page.NextCursor!, page.Items[0].Json);
            state.Count++;
            if (!await writer.FlushAsync(cancellationToken))
            {
                return false;
            }
        }
    }

    private async Task<bool> IsChangedAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(Heartbeat, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Where a stream stands.</summary>
    private sealed class StreamState(PageQuery query, DateTimeOffset started)
    {
        private const int MaxToldProblems = 1000;

        private readonly HashSet<MessageProblem> told = [];
        private UpstreamError? failure;
        private bool isFirst = query.FromNow;

        public PageQuery Query { get; set; } = query;

        /// <summary>Messages handed out.</summary>
        public int Count { get; set; }

        /// <summary>The failure, if it is not the one that was told last.</summary>
        public UpstreamFailure? IsNewProblem(UpstreamFailure? current)
        {
            var isNew = current is not null && current.Error != failure;
            failure = current?.Error;

            // A stream that begins in an outage begins at its own start, not at the end of the outage.
            if (current is not null && Query.FromNow)
            {
                Query = Query with
                {
                    FromNow = false,
                    Cursor = new PageCursor(Query.Fingerprint, MessagePosition.AtOrAfter(started), started, new HashSet<ulong>()),
                };
            }

            return isNew ? current : null;
        }

        /// <summary>The unreadable records that were not told yet. What a stream that begins now finds is old.</summary>
        public List<MessageProblem> NewProblems(IReadOnlyList<MessageProblem> problems)
        {
            var news = new List<MessageProblem>();
            foreach (var problem in problems)
            {
                if (told.Count < MaxToldProblems && told.Add(problem) && !isFirst)
                {
                    news.Add(problem);
                }
            }

            isFirst = false;
            return news;
        }
    }
}
