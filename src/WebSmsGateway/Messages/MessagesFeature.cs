using FluentValidation;
using WebSmsGateway.Caching;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.RentedNumbers;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Messages;

/// <summary>Pages, downloads and single messages, of one number or of all that the caller may read.</summary>
internal static class MessagesFeature
{
    public static void AddMessages(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<LimitsOptions, LimitsOptionsValidator>(LimitsOptions.Section);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<IValidator<PageRequest>, PageRequestValidator>();
        builder.Services.AddSingleton<ArchiveWalk>();
        builder.Services.AddSingleton<PageReader>();
        builder.Services.AddSingleton<MessagesEndpoints>();
    }


    /// <param name="account">Routes of all numbers.</param>
    public static void MapMessages(this RouteGroupBuilder numbers, RouteGroupBuilder account)
    {
        numbers.MapGet("/messages", GetNumberPage).WithQuery<PageRequest>();
        numbers.MapGet("/messages/{id}", GetNumberMessage).WithoutQuery();
        account.MapGet("/messages", GetPage).WithQuery<PageRequest>();
        account.MapGet("/messages/{id}", GetMessage).WithoutQuery();
    }
}
