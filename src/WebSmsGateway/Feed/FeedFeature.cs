using FluentValidation;
using WebSmsGateway.Authentication;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.RateLimiting;
using WebSmsGateway.RentedNumbers;
using WebSmsGateway.Model;

namespace WebSmsGateway.Feed;

/// <summary>New messages as they arrive, as Server-Sent Events.</summary>
internal static class FeedFeature
{
    public static void AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidator<StreamRequest>, StreamRequestValidator>();
        builder.Services.AddSingleton<MessageStream>();
    }

    public static void MapFeed(this RouteGroupBuilder messages)
    {
        messages.MapGet("/messages/stream", GetStream).WithQuery<StreamRequest>().ProducesStream().WithName("StreamMessages");
        messages.MapGroup("/rented-numbers/{number}").RequireListedNumber()
            .MapGet("/messages/stream", GetStreamOfNumber).WithQuery<StreamRequest>().ProducesStream().WithName("StreamMessagesOfNumber");
    }

    /// <summary>New messages of all numbers that the caller may read, as they arrive.</summary>
    /// <remarks>
    /// Server-Sent Events: <c>event: message</c>, <c>id:</c> is a cursor, <c>data:</c> one message. <c>Last-Event-ID</c> (or
    /// <c>cursor</c>) resumes without loss or repetition; without it the stream begins now. A comment line comes every 15 seconds.
    /// When WEBSMS fails the stream stays open and says so with <c>event: problem</c>. Swagger UI shows a body when it ends, which
    /// this one does not: try it with <c>curl -N</c>.
    /// </remarks>
    /// <response code="200">Events, until the reader leaves.</response>
    private static IResult GetStream([AsParameters] StreamRequest request, HttpContext context, MessageStream stream) =>
        Open(request, number: null, context, stream);

    /// <summary>New messages of one rented number, as they arrive.</summary>
    /// <remarks>
    /// Server-Sent Events: <c>event: message</c>, <c>id:</c> is a cursor, <c>data:</c> one message. <c>Last-Event-ID</c> (or
    /// <c>cursor</c>) resumes without loss or repetition; without it the stream begins now. A comment line comes every 15 seconds.
    /// When WEBSMS fails the stream stays open and says so with <c>event: problem</c>. Swagger UI shows a body when it ends, which
    /// this one does not: try it with <c>curl -N</c>.
    /// </remarks>
    /// <response code="200">Events, until the reader leaves.</response>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    private static IResult GetStreamOfNumber(
        RentedNumber number, [AsParameters] StreamRequest request, HttpContext context, MessageStream stream) =>
        Open(request, number, context, stream);

    private static IResult Open(StreamRequest request, RentedNumber? number, HttpContext context, MessageStream stream)
    {
        if (stream.IsStopping)
        {
            return ProblemResult.Of(ProblemCode.Stopping);
        }

        return context.RequestServices.GetRequiredService<LongRequests>().TryEnter(context.GetCaller(), out var lease)
            ? new StreamResult(stream, request, number, lease)
            : ProblemResult.Of(ProblemCode.RateLimited, "You have as many waits and streams open as you may.");
    }

    private static RouteHandlerBuilder ProducesStream(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<string>(StatusCodes.Status200OK, EventWriter.MediaType);
}
