using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Archive.Redis;

/// <summary>
/// The connection to Redis with a time limit and a breaker. After a call that fails or takes too long no further calls are made,
/// until a probe in the background finds that Redis answers again.
/// </summary>
internal sealed partial class RedisConnection : IHostedService, IAsyncDisposable
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private readonly LogInterval refusals = new(TimeSpan.FromMinutes(1));
    private readonly TaskCompletionSource<IConnectionMultiplexer> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConfigurationOptions configuration;
    private readonly ILogger<RedisConnection> logger;
    private ConnectionMultiplexer? multiplexer;
    private int probing;
    private volatile bool isUp;

    public RedisConnection(IOptions<CacheOptions> options, ILogger<RedisConnection> logger)
    {
        this.logger = logger;
        Stopping = stopping.Token;
        configuration = RedisConfiguration.Of(options.Value);
        StartProbe(TimeSpan.Zero);
    }

    /// <summary>Whether Redis answers.</summary>
    public bool IsUp => isUp;

    /// <summary>The multiplexer, once there is one. It stays the same from then on.</summary>
    public Task<IConnectionMultiplexer> Multiplexer => connected.Task;

    /// <summary>The prefix that the multiplexer adds to channels, which a script has to add itself.</summary>
    public string ChannelPrefix => (string?)configuration.ChannelPrefix ?? "";

    /// <summary>The time limit of this connection. Tests that do not measure time extend it, because their machine may be busy.</summary>
    public TimeSpan Limit { get; init; } = TimeLimit;

    /// <summary>Ends with the connection.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Waits shortly for Redis. Otherwise the first requests after a restart would ask WEBSMS for what Redis holds.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tried.Task.WaitAsync(StartLimit, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The gateway starts without Redis. The probe continues.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Calls Redis, unless it is known not to answer. The time limit is real time in tests too, because Redis has its own clock.
    /// </summary>
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
            var value = await task.WaitAsync(Limit, TimeProvider.System, cancellationToken);
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

    /// <summary>Waits up to four probe intervals for Redis. Only work in the background may call it.</summary>
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
        // The container disposes it twice: as a singleton and as a hosted service.
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        await stopping.CancelAsync();
        if (multiplexer is not null)
        {
            await multiplexer.DisposeAsync();
        }

        stopping.Dispose();
    }

    // An exception that the call throws at once becomes a failed task here.
    private async Task<T> Start<T>(Func<IDatabase, Task<T>> call) => await call(multiplexer!.GetDatabase());

    private void Break(Exception exception)
    {
        // A server that refuses a call, because it is full or read-only for example, still answers. Further calls are made.
        if (exception is RedisServerException)
        {
            if (refusals.IsDue())
            {
                Log.Refused(logger, RedisFault.Of(exception));
            }

            return;
        }

        isUp = false;
        StartProbe(ProbeInterval);
    }

    private void StartProbe(TimeSpan pause)
    {
        if (Interlocked.Exchange(ref probing, 1) == 0)
        {
            _ = Task.Run(() => ProbeAsync(pause));
        }
    }

    private async Task ProbeAsync(TimeSpan pause)
    {
        try
        {
            for (var isReported = false; ; isReported = true)
            {
                await Task.Delay(pause, TimeProvider.System, Stopping);
                var fault = await FaultAsync();
                if (fault is null)
                {
                    // The order matters: a break between the two lines has to be able to start a new probe.
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
        catch (Exception) when (Stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    /// <summary>What is wrong with Redis; null if it answers.</summary>
    private async Task<string?> FaultAsync()
    {
        try
        {
            multiplexer ??= await ConnectAsync();
            connected.TrySetResult(multiplexer);

            // The store needs scripts. A server that refuses them is of no use.
            await multiplexer.GetDatabase().ScriptEvaluateAsync("return 1").WaitAsync(Limit, TimeProvider.System, Stopping);
            return null;
        }
        catch (Exception exception) when (!Stopping.IsCancellationRequested)
        {
            return RedisFault.Of(exception);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var made = await ConnectionMultiplexer.ConnectAsync(configuration);
        if (Stopping.IsCancellationRequested)
        {
            await made.DisposeAsync();
            Stopping.ThrowIfCancellationRequested();
        }

        return made;
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
