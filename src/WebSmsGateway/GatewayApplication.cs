using Microsoft.Extensions.DependencyInjection.Extensions;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Authentication;
using WebSmsGateway.Budgets;
using WebSmsGateway.Codes;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Feed;
using WebSmsGateway.Health;
using WebSmsGateway.Hosting;
using WebSmsGateway.Http;
using WebSmsGateway.Messages;
using WebSmsGateway.OpenApi;
using WebSmsGateway.RateLimiting;
using WebSmsGateway.RentedNumbers;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Upstream;
using WebSmsGateway.Webhooks;

namespace WebSmsGateway;

/// <summary>Puts the gateway together. Middleware and endpoints stand in the order in which a request passes them.</summary>
internal static class GatewayApplication
{
    /// <summary>Builds the gateway without starting it.</summary>
    /// <param name="args">The command line: configuration as <c>--Section:Key=value</c>.</param>
    /// <param name="configure">Additional configuration and services of a host such as the sandbox.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddProcess();
        builder.AddTelemetry();
        configure?.Invoke(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);

        builder.AddGatewayConfiguration();
        builder.AddBudgets();
        builder.AddHosting();
        builder.AddErrors();
        builder.AddCallers();
        builder.AddRateLimits();
        builder.AddUpstream();
        builder.AddArchive();
        builder.AddRedis();
        builder.AddFollowing();
        builder.AddHttp();
        builder.AddRentedNumbers();
        builder.AddMessages();
        builder.AddFeed();
        builder.AddCodes();
        builder.AddOpenApi();
        builder.AddHealth();
        builder.AddWebhooks();

        var app = builder.Build();
        app.UseHosting();
        app.UseTelemetry();
        app.UseErrors();
        app.UseRoutingOfHead();
        app.UseSwaggerPagePolicy();
        app.UseBrowserOrigins();
        app.UseCallers();
        app.UseRateLimits();
        app.UseHostCheck();
        app.UseCallerGuard();
        app.UseCachedPages();
        app.UseCredentialsEnd();

        var account = app.MapGroup("").RequireCaller().RequireAcceptableFormat();
        var number = account.MapGroup("/rented-numbers/{number}");
        account.MapRentedNumbers();
        account.MapMessages(number);
        account.MapFeed(number);
        account.MapCodes(number);
        account.MapWebhooks();
        app.MapProblemPages();
        app.MapOpenApi();
        app.MapHealth();
        return app;
    }
}
