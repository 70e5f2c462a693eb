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
using WebSmsGateway.Inbox;
using WebSmsGateway.Messages;
using WebSmsGateway.OpenApi;
using WebSmsGateway.RateLimiting;
using WebSmsGateway.RentedNumbers;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Tickets;
using WebSmsGateway.Upstream;
using WebSmsGateway.Webhooks;
using WebSmsGateway.Welcome;

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
        builder.Services.AddSingleton(MemoryForAnswers);
        builder.AddUpstream();
        builder.AddArchive();
        builder.AddRedis();
        builder.AddFollowing();
        builder.AddHttp();
        builder.AddRentedNumbers();
        builder.AddMessages();
        builder.AddFeed();
        builder.AddCodes();
        builder.AddInbox();
        builder.AddOpenApi();
        builder.AddHealth();
        builder.AddWebhooks();

        var app = builder.Build();
        app.UseTicketsOfQueries();
        app.UseHosting();
        app.UseTelemetry();
        app.UseErrors();
        app.UseRoutingOfHead();
        app.UseSwaggerPagePolicy();
        app.UseBrowserOrigins();
        app.UseCallers();
        app.UseConnectionsOfCallers();
        app.UseRateLimits();
        app.UseHostCheck();
        app.UseCallerGuard();
        app.UseCachedPages();
        app.UseCredentialsEnd();

        var account = app.MapGroup("").RequireCaller().RequireAcceptableFormat();
        account.MapTickets();
        account.MapWebhooks();

        // What a ticket can read; all other endpoints of the account need the credentials themselves.
        var reading = account.MapGroup("").AcceptTickets();
        var number = reading.MapGroup("/rented-numbers/{number}");
        reading.MapRentedNumbers();
        reading.MapMessages(number);
        reading.MapFeed(number);
        reading.MapCodes(number);
        app.MapWelcome();
        app.MapProblemPages();
        app.MapInbox();
        app.MapOpenApi();
        app.MapHealth();
        return app;
    }

    private static AnswerMemory MemoryForAnswers(IServiceProvider services)
    {
        var plan = services.GetRequiredService<MemoryPlan>();
        var held = services.GetRequiredService<BudgetTable>().Of(BudgetPart.Answers).Open(BudgetOwner.Gateway);
        return new AnswerMemory(plan.Of(BudgetPart.Answers), plan.Arithmetic(BudgetPart.Answers), held.Set);
    }
}
