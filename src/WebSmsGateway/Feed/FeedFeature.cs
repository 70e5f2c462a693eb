using Microsoft.AspNetCore.Http.HttpResults;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;
using WebSmsGateway.RateLimiting;

namespace WebSmsGateway.Feed;

/// <summary>New messages as they arrive, as Server-Sent Events.</summary>
internal static class FeedFeature
{
    public static void AddFeed(this WebApplicationBuilder builder) => builder.Services.AddSingleton<MessageStream>();

    public static void MapFeed(this RouteGroupBuilder account, RouteGroupBuilder number)
    {
        account.MapGet("/messages/stream", GetStream).WithQuery<StreamRequest>().WithName("StreamMessages");
        number.MapGet("/messages/stream", GetStreamOfNumber).WithQuery<StreamRequest>().WithName("StreamMessagesOfNumber");
    }

    /// <summary>New messages of all numbers that the caller may read, as they arrive.</summary>
    /// <remarks>
    /// Server-Sent Events: <c>event: message</c>, <c>id:</c> is a cursor, <c>data:</c> one message. <c>Last-Event-ID</c> (or
    /// <c>cursor</c>, or <c>lastEventId</c> as polyfills send it) resumes without loss or repetition; without it the stream begins now. A comment line comes every 15 seconds.
    /// When WEBSMS fails the stream stays open and says so with <c>event: problem</c>. Swagger UI shows a body when it ends, which
    /// this one does not: try it with <c>curl -N</c>.
    /// </remarks>
    /// <response code="200">Events, until the reader leaves.</response>
    private static Results<StreamResult, ProblemResult> GetStream(
        [AsParameters] StreamRequest request, HttpContext context, MessageStream stream, LongRequests longRequests) =>
        Open(request.Query!, context, stream, longRequests);

    /// <summary>New messages of one rented number, as they arrive.</summary>
    /// <remarks>
    /// Server-Sent Events: <c>event: message</c>, <c>id:</c> is a cursor, <c>data:</c> one message. <c>Last-Event-ID</c> (or
    /// <c>cursor</c>, or <c>lastEventId</c> as polyfills send it) resumes without loss or repetition; without it the stream begins now. A comment line comes every 15 seconds.
    /// When WEBSMS fails the stream stays open and says so with <c>event: problem</c>. Swagger UI shows a body when it ends, which
    /// this one does not: try it with <c>curl -N</c>.
    /// </remarks>
    /// <response code="200">Events, until the reader leaves.</response>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    private static Results<StreamResult, ProblemResult> GetStreamOfNumber(
        RentedNumber number, [AsParameters] StreamRequest request, HttpContext context, MessageStream stream, LongRequests longRequests) =>
        Open(request.Query!, context, stream, longRequests);

    private static Results<StreamResult, ProblemResult> Open(
        MessageQuery query, HttpContext context, MessageStream stream, LongRequests longRequests)
    {
        if (stream.IsStopping)
        {
            return ProblemResult.Of(ProblemCode.Stopping);
        }

        if (!longRequests.TryEnter(context.GetCaller(), out var lease))
        {
            return ProblemResult.Of(ProblemCode.RateLimited, "You have as many waits and streams open as you may.");
        }

        if (!stream.TryOpen(query, out var following))
        {
            lease.Dispose();
            return ProblemResult.Of(ProblemCode.RateLimited, "You watch as many numbers as you may.");
        }

        return new StreamResult(stream, query, following, lease);
    }
}
