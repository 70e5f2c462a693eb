using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Http;
using WebSmsGateway.Webhooks.Delivery;
using WebSmsGateway.Webhooks.Redis;

namespace WebSmsGateway.Webhooks;

/// <summary>Messages that are sent to receivers as they arrive, and the endpoints for their owners.</summary>
internal static class WebhooksFeature
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<WebhooksOptions>(WebhooksOptions.Section);
        builder.Services.AddSingleton(StoreOf);
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddSingleton<WebhookConditions>();
        builder.Services.AddSingleton<WebhookServices>();
        builder.Services.AddSingleton<WebhookReports>();
        builder.Services.AddSingleton<WebhookReplays>();
        builder.Services.AddSingleton<WebhookRuns>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebhookRuns>());
        builder.Services.AddHostedService<WebhookGauges>();
        builder.Services.AddSingleton<WebhookAddresses>();
        builder.Services.AddSingleton(services => new OutsideCheck(services.GetRequiredService<WebhookAddresses>().DescribeAsync));
    }

    public static void MapWebhooks(this RouteGroupBuilder account)
    {
        var webhooks = account.MapGroup("/webhooks");
        webhooks.MapGet("", GetAll).WithoutQuery().WithName("GetWebhooks")
            .WithMetadata(WebhookExamples.All).WithMetadata([.. WebhookExamples.Sent]);
        webhooks.MapGet("/{name}", GetOne).WithoutQuery().WithName("GetWebhook").WithMetadata(WebhookExamples.One);
        webhooks.MapPost("/{name}/test", TestAsync).WithoutQuery().WithName("TestWebhook").WithMetadata(WebhookExamples.Test);
        webhooks.MapPost("/{name}/pause", PauseAsync).WithoutQuery().WithName("PauseWebhook");
        webhooks.MapPost("/{name}/resume", ResumeAsync).WithoutQuery().WithName("ResumeWebhook");
        webhooks.MapPost("/{name}/replay", ReplayAsync).WithQuery<ReplayRequest>().WithName("ReplayWebhook");
    }

    private static IStateStore StoreOf(IServiceProvider services)
    {
        if (services.GetService<RedisConnection>() is not null)
        {
            return ActivatorUtilities.CreateInstance<RedisStates>(services);
        }

        var directory = services.GetRequiredService<IOptions<WebhooksOptions>>().Value.StateDirectory;
        return string.IsNullOrEmpty(directory)
            ? ActivatorUtilities.CreateInstance<MemoryStates>(services)
            : ActivatorUtilities.CreateInstance<FileStates>(services, directory);
    }

    /// <summary>The webhooks of the caller.</summary>
    /// <remarks>Those whose <c>Owner</c> is the caller's key. What a receiver answered is not kept, but for the status.</remarks>
    /// <response code="200">The webhooks.</response>
    private static WebhookAnswer<WebhookList> GetAll(HttpContext context, WebhookRuns runs, WebhookReports reports) =>
        new(new WebhookList([.. runs.Of(context.GetCaller()).Select(reports.Of)]), WebhookJson.Default.WebhookList);

    /// <summary>One webhook of the caller.</summary>
    /// <remarks>How it fares, and what is parked. Another caller's webhook is not there.</remarks>
    /// <param name="name" example="shop">Its name.</param>
    /// <response code="200">The webhook.</response>
    private static Results<WebhookAnswer<Webhook>, WebhookProblem> GetOne(
        string name, HttpContext context, WebhookRuns runs, WebhookReports reports) =>
        Find(name, context, runs) is { } run ? new WebhookAnswer<Webhook>(reports.Of(run), WebhookJson.Default.Webhook) : WebhookProblem.NotFound;

    /// <summary>Sends <c>webhook.test</c> with a real signature, once and at once.</summary>
    /// <remarks>It changes nothing: not the place of the webhook, and not its state.</remarks>
    /// <param name="name" example="shop">Its name.</param>
    /// <response code="200">Whether the receiver took it.</response>
    private static async Task<Results<WebhookAnswer<WebhookTest>, WebhookProblem>> TestAsync(
        string name, HttpContext context, WebhookRuns runs, WebhookSender sender, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Find(name, context, runs) is not { } run)
        {
            return WebhookProblem.NotFound;
        }

        var body = WebhookBody.Of(WebhookTypes.Test, clock.GetUtcNow(), writer => writer.WriteString("name"u8, run.Endpoint.Name));
        var outcome = await sender.SendAsync(run.Endpoint, $"test-{Guid.NewGuid():N}", body, cancellationToken);
        return new WebhookAnswer<WebhookTest>(
            new WebhookTest(outcome.Kind == OutcomeKind.Delivered, outcome.Status), WebhookJson.Default.WebhookTest);
    }

    /// <summary>Stops deliveries until <c>resume</c>.</summary>
    /// <remarks>Nothing is lost: what arrives meanwhile is delivered afterwards.</remarks>
    /// <param name="name" example="shop">Its name.</param>
    /// <response code="204">It is paused within seconds, on whichever replica sends.</response>
    private static Task<Results<NoContent, WebhookProblem>> PauseAsync(
        string name, HttpContext context, WebhookRuns runs, CancellationToken cancellationToken) =>
        OrderAsync(name, context, runs, (orders, _) => orders with { IsPaused = true }, cancellationToken);

    /// <summary>Goes on after <c>pause</c>, or after the webhook was disabled, from where it stood.</summary>
    /// <remarks>A message that waits for its next attempt is tried at once.</remarks>
    /// <param name="name" example="shop">Its name.</param>
    /// <response code="204">It goes on within seconds.</response>
    private static Task<Results<NoContent, WebhookProblem>> ResumeAsync(
        string name, HttpContext context, WebhookRuns runs, CancellationToken cancellationToken) =>
        OrderAsync(name, context, runs, (orders, _) => orders with { IsPaused = false, Resumes = orders.Resumes + 1 }, cancellationToken);

    /// <summary>Delivers messages again: those of a range, or one by its id.</summary>
    /// <remarks>
    /// At most 1000 messages at a time, with the same ids, so a receiver that drops what it has by <c>webhook-id</c> has to be prepared. Parked
    /// messages are replayed by their ids.
    /// </remarks>
    /// <param name="name" example="shop">Its name.</param>
    /// <response code="202">How many messages are delivered again.</response>
    private static async Task<Results<WebhookAccepted, WebhookProblem, ProblemResult>> ReplayAsync(
        string name, [AsParameters] ReplayRequest request, HttpContext context, WebhookRuns runs, WebhookReplays replays,
        CancellationToken cancellationToken)
    {
        if (Find(name, context, runs) is not { } run)
        {
            return WebhookProblem.NotFound;
        }

        var (ids, problem) = await replays.FindAsync(run, request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (ids.Count > 0 && !await run.Keeper.OrderAsync(
            (orders, state) => orders.With(ids, state?.Replayed ?? new ReplayPlace(0, 0)), cancellationToken))
        {
            return WebhookProblem.NotSaved;
        }

        return new WebhookAccepted(new WebhookReplay(ids.Count));
    }

    private static async Task<Results<NoContent, WebhookProblem>> OrderAsync(
        string name, HttpContext context, WebhookRuns runs, Func<EndpointOrders, EndpointState?, EndpointOrders> change,
        CancellationToken cancellationToken)
    {
        if (Find(name, context, runs) is not { } run)
        {
            return WebhookProblem.NotFound;
        }

        return await run.Keeper.OrderAsync(change, cancellationToken) ? TypedResults.NoContent() : WebhookProblem.NotSaved;
    }

    private static EndpointRun? Find(string name, HttpContext context, WebhookRuns runs) =>
        runs.Of(context.GetCaller()).FirstOrDefault(run => run.Endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
