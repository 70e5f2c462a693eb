using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Archive;

/// <summary>
/// The connection to Redis with its time limit and breaker. A call that fails or takes too long costs its caller the limit once;
/// from then on nobody calls, and a probe in the background finds out when Redis is back.
/// </summary>
internal sealed partial class RedisConnection : IHostedService, IAsyncDisposable
{
    /// <summary>The longest that any call may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConfigurationOptions configuration;
    private readonly ILogger<RedisConnection> logger;
    private ConnectionMultiplexer? multiplexer;
    private int probing;
    private volatile bool isUp;

    public RedisConnection(IOptions<CacheOptions> options, ILogger<RedisConnection> logger)
    {
        this.logger = logger;
        configuration = ConfigurationOptions.Parse(options.Value.Redis);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = 2000;
        configuration.AsyncTimeout = 1000;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(1000);
        configuration.ClientName = "WebSmsGateway";
        if (!string.IsNullOrWhiteSpace(options.Value.RedisCertificateAuthorityFile))
        {
            configuration.TrustIssuer(options.Value.RedisCertificateAuthorityFile);
        }

        StartProbe(TimeSpan.Zero);
    }

    /// <summary>Whether Redis answers. Redis's clock decides about breaks and leases, so all waiting here is real time.</summary>
    public bool IsUp => isUp;

    /// <summary>Waits a moment for Redis, or the first requests after a restart would ask WEBSMS for what Redis holds.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tried.Task.WaitAsync(StartLimit, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Redis may be absent at the start. The probe goes on.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Calls Redis, unless it is known not to answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="operation">What metrics and traces call it.</param>
    /// <returns>Whether it answered, and what.</returns>
    public async Task<(bool Answered, T? Value)> TryAsync<T>(
        Func<IDatabase, Task<T>> call, CancellationToken cancellationToken, string operation = "call")
    {
        if (!isUp)
        {
            return (false, default);
        }

        using var span = GatewayTraces.Redis(operation);
        var begun = TimeProvider.System.GetTimestamp();
        var task = Start(call);
        try
        {
            var value = await task.WaitAsync(TimeLimit, TimeProvider.System, cancellationToken);
            Ended("ok");
            return (true, value);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Ended(exception is TimeoutException ? "timeout" : "failed");
            Break(exception);
            return (false, default);
        }
        finally
        {
            Forget(task);
        }

        void Ended(string outcome)
        {
            span.Ended(outcome);
            GatewayMetrics.RedisCalled(operation, outcome, TimeProvider.System.GetElapsedTime(begun));
        }
    }

    /// <summary>Waits a moment for Redis to answer again, where nobody waits for the caller.</summary>
    public async Task<bool> ComesBackAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < 4 && !isUp; i++)
        {
            await Task.Delay(ProbeInterval, TimeProvider.System, cancellationToken);
        }

        return isUp;
    }

    public async ValueTask DisposeAsync()
    {
        // The container knows it as itself and as a hosted service, and ends both.
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        await stopping.CancelAsync();
        if (multiplexer is { } connected)
        {
            await connected.DisposeAsync();
        }

        stopping.Dispose();
    }

    private async Task<T> Start<T>(Func<IDatabase, Task<T>> call) => await call(multiplexer!.GetDatabase());

    private void Break(Exception exception)
    {
        // A refusal, such as a full or read-only server, is an answer to one call and no reason to stop asking.
        if (exception is RedisServerException)
        {
            Log.Refused(logger, exception.GetType().Name);
            return;
        }

        isUp = false;
        StartProbe(ProbeInterval);
    }

    private void StartProbe(TimeSpan pause)
    {
        if (Interlocked.Exchange(ref probing, 1) == 0)
        {
            var token = stopping.Token;
            _ = Task.Run(() => ProbeAsync(pause, token));
        }
    }

    private async Task ProbeAsync(TimeSpan pause, CancellationToken token)
    {
        try
        {
            for (var isReported = false; ; isReported = true)
            {
                await Task.Delay(pause, TimeProvider.System, token);
                var fault = await FaultAsync(token);
                if (fault is null)
                {
                    // In this order: a break in between starts a probe of its own.
                    Volatile.Write(ref probing, 0);
                    isUp = true;
                    tried.TrySetResult();
                    Log.Up(logger);
                    return;
                }

                tried.TrySetResult();
                if (!isReported)
                {
                    Log.Down(logger, fault);
                }

                pause = ProbeInterval;
            }
        }
        catch (Exception) when (token.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    /// <summary>What is wrong with Redis; null if it answers.</summary>
    private async Task<string?> FaultAsync(CancellationToken token)
    {
        try
        {
            multiplexer ??= await ConnectAsync(token);
            await multiplexer.GetDatabase().PingAsync().WaitAsync(TimeLimit, TimeProvider.System, token);
            return null;
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            return exception.GetType().Name;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken token)
    {
        var connected = await ConnectionMultiplexer.ConnectAsync(configuration);
        if (token.IsCancellationRequested)
        {
            await connected.DisposeAsync();
            token.ThrowIfCancellationRequested();
        }

        return connected;
    }

    private static void Forget(Task task)
    {
        if (!task.IsCompleted)
        {
            _ = task.ContinueWith(
                static late => _ = late.Exception, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Redis answers; its tier is in use.")]
        public static partial void Up(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "Redis does not answer ({Fault}); going on without it and trying again.")]
        public static partial void Down(ILogger logger, string fault);

        [LoggerMessage(3, LogLevel.Warning, "Redis refused a call ({Fault}); it may be full or read-only.")]
        public static partial void Refused(ILogger logger, string fault);
    }
}
