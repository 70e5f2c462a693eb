using System.Text.Json;
using FluentValidation;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The list of rented numbers, and the rule that a configured list is closed.</summary>
internal static class RentedNumbersFeature
{
    public static void AddRentedNumbers(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<RentedNumbersOptions, RentedNumbersOptionsValidator>(RentedNumbersOptions.Section);
        builder.Services.AddSingleton<IValidator<RentedNumbersRequest>, RentedNumbersRequestValidator>();
        builder.Services.AddSingleton(services => DirectoryOf(services.GetRequiredService<IOptions<RentedNumbersOptions>>().Value));
        builder.Services.AddSingleton<RentedNumberCounts>();
    }

    private static NumberDirectory DirectoryOf(RentedNumbersOptions options) => new(
        from item in options.Index()
        where RentedNumber.TryParse(item.Item.Number, out _)
        select new ListedNumber(
            RentedNumber.TryParse(item.Item.Number, out var number) ? number : default, $"{RentedNumbersOptions.Section}:{item.Index}",
            item.Item.Label, item.Item.ExpectWithin));

    public static void MapRentedNumbers(this RouteGroupBuilder messages) =>
        messages.MapGet("/rented-numbers", GetRentedNumbers)
            .WithQuery<RentedNumbersRequest>()
            .WithName("GetRentedNumbers")
            .Produces<RentedNumberList>()
            .Produces(StatusCodes.Status304NotModified);

    /// <summary>Answers 404 for a number that a configured list does not hold.</summary>
    public static RouteGroupBuilder RequireListedNumber(this RouteGroupBuilder group) =>
        group.AddEndpointFilter((context, next) =>
            context.HttpContext.Request.RouteValues["number"] is string text && RentedNumber.TryParse(text, out var number)
            && !context.HttpContext.RequestServices.GetRequiredService<NumberDirectory>().Knows(number)
                ? ValueTask.FromResult<object?>(ProblemResult.Of(ProblemCode.NotFound, "This number is not among the rented numbers."))
                : next(context));

    /// <summary>The rented numbers that the caller may read, with what they received in a range.</summary>
    /// <response code="200">The numbers.</response>
    private static async Task<IResult> GetRentedNumbers(
        [AsParameters] RentedNumbersRequest request, HttpContext context, RentedNumberCounts counts, AccountZone zone, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var from = request.From is not null && QueryTime.TryParse(request.From, zone, isEnd: false, out var start)
            ? start
            : clock.GetUtcNow() - RentedNumbersRequestValidator.DefaultRange;
        DateTimeOffset? to = request.To is not null && QueryTime.TryParse(request.To, zone, isEnd: true, out var end) ? end : null;
        var (list, read) = await counts.CountAsync(context.GetNumbers(), from, to, cancellationToken);
        if (read.Failure is { } failure)
        {
            return ProblemResult.Of(failure);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(list, RentedNumberJson.Default.RentedNumberList);
        return new CachedJson(body, CacheHeaders.Of(read), context.GetNumbers().Fingerprint);
    }
}
