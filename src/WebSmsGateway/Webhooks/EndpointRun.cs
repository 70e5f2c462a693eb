using WebSmsGateway.Archive.Following;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>What every endpoint needs.</summary>
internal sealed record WebhookServices(
    IStateStore Store, WebhookSender Sender, Followings Followings, Follower Follower, CursorCodec Cursors, InForce<WebhooksOptions> Options,
    WebhookConditions Conditions, TimeProvider Clock, ILogger<EndpointRun> Logger);

/// <summary>
/// One endpoint in one process: it takes the right to send, and sends as long as it has it. All replicas run all endpoints, and one of them sends.
/// </summary>
internal sealed partial class EndpointRun : IAsyncDisposable
{
    /// <summary>How often the right to send is renewed, and orders are read.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A store that got its first state less than this ago may be one that was emptied, whose other endpoints another replica has written.
    private static readonly TimeSpan AgeOfKnownStore = TimeSpan.FromMinutes(1);

    // An attempt that is on its way may end by itself within this time after the end of the endpoint.
    private static readonly TimeSpan LastAttempt = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource stopped = new();
    private readonly CancellationTokenSource givenUp = new();
    private readonly WebhookServices services;
    private readonly EndpointLine line;
    private readonly Task run;

    public EndpointRun(WebhookEndpoint endpoint, WebhookServices services)
    {
        (Endpoint, this.services) = (endpoint, services);
        Keeper = new StateKeeper(endpoint.Name, services.Store);
        line = new EndpointLine(endpoint, Keeper, services);
        run = Task.Run(() => endpoint.RefusedBecause is null ? RunAsync(stopped.Token) : LookAsync(stopped.Token));
    }

    public WebhookEndpoint Endpoint { get; }

    public StateKeeper Keeper { get; }

    /// <summary>Which rule refused the address at start; null for none.</summary>
    public string? RuleAtStart { get; private set; }

    /// <summary>Whether this process sends.</summary>
    public bool IsSender { get; private set; }

    /// <summary>Since when the oldest message waits that is not delivered; null where none does, as far as is known here.</summary>
    public DateTimeOffset? WaitingSince => line.WaitingSince ?? Keeper.State?.Trial?.WaitingSince;

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        givenUp.CancelAfter(LastAttempt);
        await run;
        stopped.Dispose();
        givenUp.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var isLookedAt = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!isLookedAt)
                {
                    await LookAtAddressAsync(stopping);
                    isLookedAt = true;
                }

                if (await Keeper.HoldAsync(stopping) == Holding.Here && await HasStateAsync(stopping))
                {
                    await SendAsync(stopping);
                }
                else
                {
                    await Task.Delay(Interval, services.Store.Time, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // A defect must not end the endpoint, because its messages would wait for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Failed(services.Logger, Endpoint.Name, Defect.Describe(exception));
                await Task.Delay(Interval, services.Store.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Keeper.ReleaseAsync(CancellationToken.None);
    }

    /// <summary>Reads the state of an endpoint that may not send, so that its owner sees it.</summary>
    private async Task LookAsync(CancellationToken stopping)
    {
        Log.Refused(services.Logger, Endpoint.Name, Endpoint.RefusedBecause!);
        try
        {
            await Keeper.LookAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The endpoint ends.
        }
    }

    private async Task LookAtAddressAsync(CancellationToken stopping)
    {
        RuleAtStart = await services.Sender.RefusesAsync(Endpoint.Url, stopping);
        if (RuleAtStart is not null)
        {
            Log.Refused(services.Logger, Endpoint.Name, RuleAtStart);
        }
    }

    /// <summary>Makes sure that there is a state whose cursor can be read.</summary>
    private async Task<bool> HasStateAsync(CancellationToken stopping)
    {
        if (Keeper.State is { } state && services.Cursors.Decode(state.Cursor) is not null)
        {
            return true;
        }

        var (answered, age) = await services.Store.AgeAsync(stopping);
        if (!answered)
        {
            return false;
        }

        var isLost = Keeper.State is not null || Keeper.IsDamaged || age is null || age < AgeOfKnownStore;
        var first = Begin(isLost);
        if (!await Keeper.BeginAnewAsync((Keeper.State ?? first).WithPlacesOf(first) with { Cursor = first.Cursor, Since = first.Since }, stopping))
        {
            return false;
        }

        Log.Begins(services.Logger, Endpoint.Name, first.Since, isLost ? "its state was lost, or never was" : "it is new", services.Store.Description);
        return true;
    }

    /// <summary>
    /// The first state. An endpoint whose state was lost begins some time back, because messages that come twice are better than none. A new one
    /// begins where it is asked to, else now.
    /// </summary>
    private EndpointState Begin(bool isLost)
    {
        var now = services.Clock.GetUtcNow();
        var (earliest, back) = (Endpoint.Since ?? DateTimeOffset.MinValue, now - services.Options.Value.RecoverWithin);
        DateTimeOffset? from = isLost ? (earliest > back ? earliest : back) : Endpoint.Since;
        var query = from < now
            ? Endpoint.Query with { Range = new TimeRange(from.Value, null), Start = from }
            : Endpoint.Query with { Range = new TimeRange(now, null), Start = Endpoint.Since, FromNow = true };
        return new EndpointState
        {
            Since = from ?? now,
            Cursor = services.Follower.Unanswered(query).NextText!,
            Resumes = Keeper.Orders.Resumes,
            Replayed = new ReplayPlace(Keeper.Orders.LastReplay, 0),
        };
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        using var lost = new CancellationTokenSource();
        using var soft = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost.Token);
        using var hard = CancellationTokenSource.CreateLinkedTokenSource(givenUp.Token, lost.Token);
        IsSender = true;
        Log.Sends(services.Logger, Endpoint.Name, Keeper.State!.Since);
        var renewal = RenewAsync(lost, soft.Token);
        try
        {
            await line.RunAsync(soft.Token, hard.Token);
        }
        catch (OperationCanceledException)
        {
            // Another replica has the right, or the endpoint ends.
        }
        finally
        {
            IsSender = false;
            await lost.CancelAsync();
            await renewal;
        }
    }

    private async Task RenewAsync(CancellationTokenSource lost, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, services.Store.Time, cancellationToken);
                if (await Keeper.HoldAsync(cancellationToken) != Holding.Here)
                {
                    Log.Lost(services.Logger, Endpoint.Name);
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Webhook {Name} sends from here. It delivers what was received from {Since:O} on.")]
        public static partial void Sends(ILogger logger, string name, DateTimeOffset since);

        [LoggerMessage(2, LogLevel.Information, "Webhook {Name} begins at {Since:O}, because {Reason}. Its state lies {Where}.")]
        public static partial void Begins(ILogger logger, string name, DateTimeOffset since, string reason, string where);

        [LoggerMessage(3, LogLevel.Warning, "Webhook {Name} is refused: {Reason}")]
        public static partial void Refused(ILogger logger, string name, string reason);

        [LoggerMessage(4, LogLevel.Information, "Webhook {Name} is sent by another replica now.")]
        public static partial void Lost(ILogger logger, string name);

        [LoggerMessage(5, LogLevel.Error, "A defect of the gateway interrupted the webhook {Name}; it goes on from its state: {Defect}")]
        public static partial void Failed(ILogger logger, string name, string defect);
    }
}
