using System.Threading.Channels;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;
using WebSmsGateway.Webhooks.Delivery;

namespace WebSmsGateway.Webhooks;

/// <summary>Runs the endpoints of the configuration. A reload adds, changes and removes them, and ends those whose owner is gone.</summary>
internal sealed partial class WebhookRuns(
    WebhookServices services, InForce<WebhooksOptions> options, InForce<AuthenticationOptions> callers, NumberDirectory directory,
    ILogger<WebhookRuns> logger) : IHostedService, IDisposable
{
    [Bounded("1, by itself")]
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private IReadOnlyList<EndpointRun> runs = [];
    private Task applying = Task.CompletedTask;
    private Task? ending;

    /// <summary>All endpoints.</summary>
    public IReadOnlyList<EndpointRun> All => Volatile.Read(ref runs);

    /// <summary>The endpoints of a caller, by the order of the configuration.</summary>
    public IEnumerable<EndpointRun> Of(Caller caller) => All.Where(run => run.Endpoint.OwnerId.Equals(caller.Id, StringComparison.OrdinalIgnoreCase));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value is { Endpoints.Count: > 0 } configured)
        {
            SayHow(configured);
        }

        await ApplyAsync();
        options.Follow(_ => changes.Writer.TryWrite(true));
        callers.Follow(_ => changes.Writer.TryWrite(true));
        BeginToApply();
    }

    /// <summary>Ends all endpoints. Who stops them again waits for the same end.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            ending ??= EndAsync();
        }

        return ending.WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();

    private async Task EndAsync()
    {
        await stopping.CancelAsync();
        await applying;
        await Task.WhenAll(Interlocked.Exchange(ref runs, []).Select(run => run.DisposeAsync().AsTask()));
    }

    private void BeginToApply() => applying = Task.Run(ApplyChangesAsync);

    private async Task ApplyChangesAsync()
    {
        try
        {
            while (true)
            {
                await changes.Reader.ReadAsync(stopping.Token);
                await ApplyAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task ApplyAsync()
    {
        try
        {
            var keys = callers.Value.ApiKeys;
            var wanted = options.Value.Endpoints.Select(endpoint => WebhookEndpoint.Of(endpoint, keys, directory)).ToList();
            var kept = runs.Where(run => wanted.Any(endpoint => endpoint.MadeFrom == run.Endpoint.MadeFrom)).ToList();
            var ended = runs.Except(kept).ToList();
            runs = kept;
            await Task.WhenAll(ended.Select(run => run.DisposeAsync().AsTask()));
            runs = [.. wanted.Select(endpoint =>
                kept.Find(run => run.Endpoint.MadeFrom == endpoint.MadeFrom) ?? new EndpointRun(endpoint, services))];
        }
#pragma warning disable CA1031 // A defect must not end the reaction to later changes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Failed(logger, Defect.Describe(exception));
        }
    }

    private void SayHow(WebhooksOptions configured)
    {
        Log.Configured(logger, configured.Endpoints.Count, services.Store.Description);
        if (services.Store is MemoryStates)
        {
            Log.InMemory(logger, configured.RecoverWithin);
        }

        if (configured.Proxy is not null)
        {
            Log.Proxied(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} webhooks; their state lies {Where}. WEBSMS is asked around the clock for them.")]
        public static partial void Configured(ILogger logger, int count, string where);

        [LoggerMessage(2, LogLevel.Warning,
            "The state of webhooks lies in memory. After a restart each delivers again what was received within {RecoverWithin}, with the same ids. "
            + "Cache:Redis or Webhooks:StateDirectory keeps it.")]
        public static partial void InMemory(ILogger logger, TimeSpan recoverWithin);

        [LoggerMessage(3, LogLevel.Information, "Webhooks go through Webhooks:Proxy, whose rules decide which addresses are reached.")]
        public static partial void Proxied(ILogger logger);

        [LoggerMessage(4, LogLevel.Error, "A defect of the gateway kept webhooks from being changed: {Defect}")]
        public static partial void Failed(ILogger logger, string defect);
    }
}
