using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Caching;

/// <summary>
/// The connection to Redis with its time limit and breaker. A call that fails or takes too long costs its caller the limit once;
/// from then on nobody calls, and a probe in the background finds out when Redis is back.
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    /// <summary>The longest that any call may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource stopping = new();
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
        StartProbe();
    }

    /// <summary>Whether Redis answers. Redis's clock decides about breaks and leases, so all waiting here is real time.</summary>
    public bool IsUp => isUp;

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
        catch (Exception exception) when (exception is TimeoutException or RedisException or ObjectDisposedException)
        {
            Ended(exception is TimeoutException ? "timeout" : "failed");
            Forget(task);
            Break(exception);
            return (false, default);
        }

        void Ended(string outcome)
        {
            span.Ended(outcome);
            GatewayMetrics.RedisCalled(operation, outcome, TimeProvider.System.GetElapsedTime(begun));
        }
    }

    public async ValueTask DisposeAsync()
    {
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
        StartProbe();
    }

    private void StartProbe()
    {
        if (Interlocked.Exchange(ref probing, 1) == 0)
        {
            _ = Task.Run(ProbeAsync);
        }
    }

    private async Task ProbeAsync()
    {
        var token = stopping.Token;
        var failed = false;
        while (!token.IsCancellationRequested)
        {
            try
            {
                multiplexer ??= await ConnectionMultiplexer.ConnectAsync(configuration);
                await multiplexer.GetDatabase().PingAsync().WaitAsync(TimeLimit, TimeProvider.System, token);
                Volatile.Write(ref probing, 0);
                isUp = true;
                Log.Up(logger);
                return;
            }
            catch (Exception exception) when (exception is TimeoutException or RedisException)
            {
                if (!failed)
                {
                    failed = true;
                    Log.Down(logger, exception.GetType().Name);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await Task.Delay(ProbeInterval, TimeProvider.System, token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static void Forget(Task task) => _ = task.ContinueWith(
        static late => _ = late.Exception, CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

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
