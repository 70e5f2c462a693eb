using FluentValidation;
using WebSmsGateway.Http;
using WebSmsGateway.RentedNumbers;
using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>Pages, downloads and single messages, of one number or of all that the caller may read.</summary>
internal static class MessagesFeature
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidator<PageRequest>, PageRequestValidator>();
        builder.Services.AddSingleton<ArchiveWalk>();
        builder.Services.AddSingleton<PageReader>();
        builder.Services.AddSingleton<CommonPages>();
        builder.Services.AddSingleton<PageWait>();
        builder.Services.AddSingleton<CachedPages>();
        builder.Services.AddSingleton<PageAnswer>();
    }

    /// <summary>Behind the guard, before the endpoints: pages that need no reading.</summary>
    public static void UseCachedPages(this WebApplication app) => app.UseMiddleware<CachedPageMiddleware>();

    public static void MapMessages(this RouteGroupBuilder messages)
    {
        messages.MapGet("/messages", GetPage).WithQuery<PageRequest>().ProducesPage().WithName("GetMessages");
        messages.MapGet("/messages/{id}", GetMessage).WithoutQuery().ProducesMessage().WithName("GetMessage");

        var number = messages.MapGroup("/rented-numbers/{number}").RequireListedNumber();
        number.MapGet("/messages", GetPageOfNumber).WithQuery<PageRequest>().ProducesPage().WithName("GetMessagesOfNumber");
        number.MapGet("/messages/{id}", GetMessageOfNumber).WithoutQuery().ProducesMessage().WithName("GetMessageOfNumber");
    }

    /// <summary>Messages of all numbers that the caller may read.</summary>
    /// <remarks>
    /// With <c>Accept: text/csv</c> or <c>application/x-ndjson</c> the whole range comes as a download; <c>limit</c> is optional then.
    /// </remarks>
    /// <response code="200">A page; or the whole range, where a download was asked for.</response>
    private static Task<IResult> GetPage(
        [AsParameters] PageRequest request, HttpContext context, PageAnswer answer, CancellationToken cancellationToken) =>
        answer.GetPageAsync(context, request, number: null, cancellationToken);

    /// <summary>One message of any number that the caller may read.</summary>
    /// <param name="id" example="20130311-JTEPC20B8Q1W">The <c>id</c> of the message, in any letter case.</param>
    /// <response code="200">The message.</response>
    private static Task<IResult> GetMessage(string id, HttpContext context, PageAnswer answer, CancellationToken cancellationToken) =>
        answer.GetMessageAsync(context, id, number: null, cancellationToken);

    /// <summary>Messages of one rented number.</summary>
    /// <remarks>
    /// With <c>Accept: text/csv</c> or <c>application/x-ndjson</c> the whole range comes as a download; <c>limit</c> is optional then.
    /// </remarks>
    /// <response code="200">A page; or the whole range, where a download was asked for.</response>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    private static Task<IResult> GetPageOfNumber(
        RentedNumber number, [AsParameters] PageRequest request, HttpContext context, PageAnswer answer, CancellationToken cancellationToken) =>
        answer.GetPageAsync(context, request, number, cancellationToken);

    /// <summary>One message of a rented number.</summary>
    /// <param name="number" example="79021234567">The rented number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted.</param>
    /// <param name="id" example="20130311-JTEPC20B8Q1W">The <c>id</c> of the message, in any letter case.</param>
    /// <response code="200">The message.</response>
    private static Task<IResult> GetMessageOfNumber(
        RentedNumber number, string id, HttpContext context, PageAnswer answer, CancellationToken cancellationToken) =>
        answer.GetMessageAsync(context, id, number, cancellationToken);

    private static RouteHandlerBuilder ProducesPage(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<MessagePage>(StatusCodes.Status200OK, CachedJson.MediaType, AnswerFormats.Csv, AnswerFormats.Ndjson)
            .Produces(StatusCodes.Status304NotModified);

    private static RouteHandlerBuilder ProducesMessage(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<Message>().Produces(StatusCodes.Status304NotModified);
}
