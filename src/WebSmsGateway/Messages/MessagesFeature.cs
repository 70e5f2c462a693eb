using Microsoft.AspNetCore.Http.HttpResults;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.RateLimiting;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>Pages, downloads and single messages, of one number or of all that the caller may read.</summary>
internal static class MessagesFeature
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PageWait>();
        builder.Services.AddSingleton<PageWords>();
        builder.Services.AddSingleton<PageServices>();
    }

    /// <summary>Answers requests for cached pages. It belongs after the guard and before the endpoints.</summary>
    public static void UseCachedPages(this WebApplication app) => app.UseMiddleware<CachedPageMiddleware>();

    public static void MapMessages(this RouteGroupBuilder account, RouteGroupBuilder number)
    {
        account.MapGet("/messages", GetPage).WithQuery<PageRequest>().WithMetadata(PageEndpoint.Mark).WithName("GetMessages");
        account.MapGet("/messages/{id}", GetMessage).WithoutQuery().WithMetadata(MessageExamples.One).WithName("GetMessage");

        number.MapGet("/messages", GetPageOfNumber).WithQuery<PageRequest>().WithMetadata(PageEndpoint.Mark).WithName("GetMessagesOfNumber");
        number.MapGet("/messages/{id}", GetMessageOfNumber).WithoutQuery().WithMetadata(MessageExamples.One).WithName("GetMessageOfNumber");
    }

    /// <summary>Messages of all numbers that the caller may read.</summary>
    /// <remarks>
    /// With <c>Accept: text/csv</c> or <c>application/x-ndjson</c> the whole range comes as a download; <c>limit</c> is optional then.
    /// </remarks>
    /// <response code="200">A page; or the whole range, where a download was asked for.</response>
    private static Task<Results<PageResult, DownloadResult, ProblemResult>> GetPage(
        [AsParameters] PageRequest request, PageServices services, HttpContext context,
        CancellationToken cancellationToken) => AnswerAsync(request.Query!, services, context, cancellationToken);

    /// <summary>One message of any number that the caller may read.</summary>
    /// <remarks>The same message has the same id on every call, so its address can be stored. Its day is read if it is not held.</remarks>
    /// <param name="id" example="20130311-ZRCRNY78N9TE">The <c>id</c> of the message, in any letter case.</param>
    /// <response code="200">The message.</response>
    private static Task<Results<CachedJson<Message>, ProblemResult>> GetMessage(
        string id, Follower reader, AuditLog audit, HttpContext context, CancellationToken cancellationToken) =>
        FindAsync(id, number: null, reader, audit, context, cancellationToken);

    /// <summary>Messages of one rented number.</summary>
    /// <remarks>
    /// With <c>Accept: text/csv</c> or <c>application/x-ndjson</c> the whole range comes as a download; <c>limit</c> is optional then.
    /// </remarks>
    /// <response code="200">A page; or the whole range, where a download was asked for.</response>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    private static Task<Results<PageResult, DownloadResult, ProblemResult>> GetPageOfNumber(
        RentedNumber number, [AsParameters] PageRequest request, PageServices services, HttpContext context,
        CancellationToken cancellationToken) => AnswerAsync(request.Query!, services, context, cancellationToken);

    /// <summary>One message of a rented number.</summary>
    /// <remarks>The same message has the same id on every call, so its address can be stored. Its day is read if it is not held.</remarks>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    /// <param name="id" example="20130311-ZRCRNY78N9TE">The <c>id</c> of the message, in any letter case.</param>
    /// <response code="200">The message.</response>
    private static Task<Results<CachedJson<Message>, ProblemResult>> GetMessageOfNumber(
        RentedNumber number, string id, Follower reader, AuditLog audit, HttpContext context, CancellationToken cancellationToken) =>
        FindAsync(id, number, reader, audit, context, cancellationToken);

    private static async Task<Results<PageResult, DownloadResult, ProblemResult>> AnswerAsync(
        MessageQuery query, PageServices services, HttpContext context, CancellationToken cancellationToken)
    {
        if (AnswerFormats.Of(context.Request) is var format and not AnswerFormat.Json)
        {
            return query.Wait == TimeSpan.Zero
                ? new DownloadResult(query, format, services, OfNoRecords(query, services))
                : ProblemResult.InvalidRequest(new Dictionary<string, string[]>
                {
                    ["wait"] = ["goes with pages, not with downloads: accept application/json"],
                });
        }

        if (query.Wait == TimeSpan.Zero)
        {
            return Answer(query, await services.Reader.ReadAsync(query, cancellationToken), services, context);
        }

        if (services.Waits.IsStopping)
        {
            return ProblemResult.Of(ProblemCode.Stopping);
        }

        if (!services.LongRequests.TryEnter(context.GetCaller(), out var lease))
        {
            return ProblemResult.Of(ProblemCode.RateLimited, "You have as many waits and streams open as you may.");
        }

        using (lease)
        {
            if (!services.Waits.TryOpen(query, out var following))
            {
                return ProblemResult.Of(ProblemCode.RateLimited, "You watch as many numbers as you may.");
            }

            return await services.Waits.ReadAsync(following, query, cancellationToken) is { } reading
                ? Answer(query, reading, services, context)
                : ProblemResult.Of(ProblemCode.Stopping);
        }
    }

    private static Results<PageResult, DownloadResult, ProblemResult> Answer(
        MessageQuery query, PageReading reading, PageServices services, HttpContext context)
    {
        if (reading.Failure is { } failure)
        {
            return ProblemResult.Of(failure);
        }

        services.Audit.Read(context.GetCaller(), query, reading.Page!.Items.Count);
        return reading.IsRangeEmpty && OfNoRecords(query, services) is { } problem
            ? problem
            : new PageResult(reading, query, services.Cache, services.Words, services.Sender, services.Clock);
    }

    /// <summary>The configured problem for a range without messages. Waits and pages with a cursor never get it.</summary>
    private static ProblemResult? OfNoRecords(MessageQuery query, PageServices services) =>
        query is { Cursor: null, FromNow: false, Wait.Ticks: 0 } ? ProblemResult.OfNoRecords(services.Upstream.Value) : null;

    private static async Task<Results<CachedJson<Message>, ProblemResult>> FindAsync(
        string text, RentedNumber? number, Follower reader, AuditLog audit, HttpContext context, CancellationToken cancellationToken)
    {
        if (!MessageId.TryParse(text, out var id))
        {
            return ProblemResult.Of(ProblemCode.NotFound, "No message has this id; an id looks like 20130311-7K3M9Q2X4C8N.");
        }

        var (message, read) = await reader.FindAsync(number, context.GetNumbers(), id, context.GetCaller().Owner, cancellationToken);
        if (read.Failure is { } failure)
        {
            return ProblemResult.Of(failure);
        }

        if (message is null)
        {
            return ProblemResult.Of(ProblemCode.NotFound, "No message has this id, or none that you may read.");
        }

        audit.Read(context.GetCaller(), message.RentedNumber, message.ReceivedAt, message.ReceivedAt, 1);
        return new CachedJson<Message>(message.JsonWith(context.GetFields()), read.Freshness, context.GetNumbers().Fingerprint);
    }
}

/// <summary>The services that make pages and downloads.</summary>
internal sealed record PageServices(
    Follower Reader, Download Download, PageWait Waits, PageCache Cache, AnswerSender Sender, LongRequests LongRequests, AuditLog Audit,
    InForce<UpstreamOptions> Upstream, PageWords Words, TimeProvider Clock);
