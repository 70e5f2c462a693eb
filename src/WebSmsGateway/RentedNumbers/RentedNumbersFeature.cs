using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The list of rented numbers.</summary>
internal static class RentedNumbersFeature
{
    private static readonly AnswerExample Example = new(
        CachedJson.MediaType,
        """{"items":[{"number":"79021234567","label":null,"messageCount":2,"lastMessageAt":"2013-03-11T12:13:01+04:00"}]}""");

    public static void AddRentedNumbers(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<RentedNumbersOptions>(RentedNumbersOptions.Section);
        builder.Services.AddSingleton(services => DirectoryOf(services.GetRequiredService<IOptions<RentedNumbersOptions>>().Value));
        builder.Services.AddSingleton<RentedNumberCounts>();
    }

    private static NumberDirectory DirectoryOf(RentedNumbersOptions options) => new(
        from item in options.Index()
        where RentedNumber.TryParse(item.Item.Number, out _)
        select new ListedNumber(
            RentedNumber.TryParse(item.Item.Number, out var number) ? number : default, $"{RentedNumbersOptions.Section}:{item.Index}",
            item.Item.Label, item.Item.ExpectWithin));

    public static void MapRentedNumbers(this RouteGroupBuilder account) =>
        account.MapGet("/rented-numbers", GetRentedNumbers).WithQuery<RentedNumbersRequest>().WithMetadata(Example)
            .WithName("GetRentedNumbers");

    /// <summary>The rented numbers that the caller may read, with what they received in a range.</summary>
    /// <remarks>
    /// The numbers of the configuration, with their labels; where none is configured, those that received something in the range. Without
    /// messages <c>lastMessageAt</c> is null.
    /// </remarks>
    /// <response code="200">The numbers.</response>
    private static async Task<Results<CachedJson<RentedNumberList>, ProblemResult>> GetRentedNumbers(
        [AsParameters] RentedNumbersRequest request, HttpContext context, RentedNumberCounts counts, CancellationToken cancellationToken)
    {
        var (list, freshness, unread) = await counts.CountAsync(context.GetNumbers(), request.Range, context.GetCaller().Owner, cancellationToken);
        if (unread is { } failure)
        {
            return ProblemResult.Of(failure);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(list!, RentedNumberJson.Default.RentedNumberList);
        return new CachedJson<RentedNumberList>(body, freshness, context.GetNumbers().Fingerprint);
    }
}
