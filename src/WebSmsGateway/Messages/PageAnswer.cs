using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.RateLimiting;
using WebSmsGateway.Upstream;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Answers a request that has passed authentication and validation.</summary>
internal sealed class PageAnswer(
    PageReader reader, PageWait wait, CachedPages cachedPages, LongRequests longRequests, AuditLog audit, AccountZone zone,
    TimeProvider clock, IOptionsMonitor<UpstreamOptions> upstream, ILoggerFactory loggers)
{
    public async Task<IResult> GetPageAsync(HttpContext context, PageRequest request, RentedNumber? number, CancellationToken cancellationToken)
    {
        var query = PageQuery.Of(request, number, context.GetNumbers(), zone, clock);
        if (AnswerFormats.Of(context.Request) is var format && format != AnswerFormat.Json)
        {
            if (query.Wait > TimeSpan.Zero)
            {
                var errors = new Dictionary<string, string[]> { ["wait"] = ["goes with pages, not with downloads: accept application/json"] };
                return ProblemResult.InvalidRequest(errors);
            }

            return new DownloadResult(
                reader, query, format, OfNoRecords(query), count => Audit(context, query, count), loggers.CreateLogger<DownloadResult>());
        }

        if (query.Wait == TimeSpan.Zero)
        {
            return Answer(context, query, await reader.ReadAsync(query, cancellationToken));
        }

        if (wait.IsStopping)
        {
            return ProblemResult.Of(ProblemCode.Stopping);
        }

        if (!longRequests.TryEnter(context.GetCaller(), out var lease))
        {
            return ProblemResult.Of(ProblemCode.RateLimited, "You have as many waits and streams open as you may.");
        }

        using (lease)
        {
            return await wait.ReadAsync(query, cancellationToken) is { } reading
                ? Answer(context, query, reading)
                : ProblemResult.Of(ProblemCode.Stopping);
        }
    }

    private IResult Answer(HttpContext context, PageQuery query, PageReading reading)
    {
        if (reading.Failure is { } failure)
        {
            return ProblemResult.Of(failure);
        }

        Audit(context, query, reading.Page!.Items.Count);
        return reading.Page.Items.Count == 0 && OfNoRecords(query) is { } problem ? problem : new PageResult(reading, query, cachedPages);
    }

    public async Task<IResult> GetMessageAsync(HttpContext context, string id, RentedNumber? number, CancellationToken cancellationToken)
    {
        if (!MessageId.TryParse(id, out var parsed))
        {
            return ProblemResult.Of(ProblemCode.NotFound, "No message has this id; an id looks like 20130311-7K3M9Q2X4C8N.");
        }

        var query = PageQuery.Of(new PageRequest(), number, context.GetNumbers(), zone, clock);
        var (message, read) = await reader.FindAsync(query, parsed, cancellationToken);
        if (message is not null)
        {
            audit.Read(context.GetCaller(), message.RentedNumber, message.ReceivedAt, message.ReceivedAt, 1);
        }

        return read.Failure is { } failure
            ? ProblemResult.Of(failure)
            : message is null
                ? ProblemResult.Of(ProblemCode.NotFound, "No message has this id, or none that you may read.")
                : new CachedJson(message.Json, CacheHeaders.Of(read), query.View.Fingerprint);
    }

    /// <summary>What stands for "no messages". A reading that goes on always has its cursor to tell, and so is never a problem.</summary>
    private ProblemResult? OfNoRecords(PageQuery query) =>
        query is { Cursor: null, FromNow: false, Wait.Ticks: 0 } ? ProblemResult.OfNoRecords(upstream.CurrentValue) : null;

    private void Audit(HttpContext context, PageQuery query, int count) =>
        audit.Read(context.GetCaller(), query.Number, query.From, query.To ?? clock.GetUtcNow(), count);
}
