using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace WebSmsGateway.Upstream;

/// <summary>Runs an attempt inside the circuit breaker, inside the bound on calls in flight, inside the retry.</summary>
/// <remarks>
/// The bound is outside the breaker, so that calls that were queued before the circuit opened are refused as soon as it opens. It is
/// inside the retry, so that a call that waits for a retry does not take a place.
/// </remarks>
internal sealed class UpstreamResilience : IDisposable
{
    /// <summary>How many calls may wait for their turn. One more is refused.</summary>
    public const int QueueLimit = 256;

    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QueueRetryAfter = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerStateProvider state = new();
    private readonly ConcurrencyLimiter turns;
    private readonly ResiliencePipeline<Attempt> retry;
    private readonly ResiliencePipeline<Attempt> breaker;

    public UpstreamResilience(IOptions<UpstreamOptions> options, TimeProvider time)
    {
        turns = new(new() { PermitLimit = options.Value.MaxConcurrency, QueueLimit = QueueLimit });
        retry = Retry(options.Value.Retries, time);
        breaker = Breaker(time, state);
    }

    public CircuitState Circuit => state.CircuitState;

    /// <summary>Makes attempts until one is not a network fault or none is left.</summary>
    public async Task<UpstreamAnswer> RunAsync(Func<CancellationToken, ValueTask<Attempt>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return (await retry.ExecuteAsync((state, token) => InTurnAsync(state, token), attempt, cancellationToken)).Answer;
        }
        catch (BrokenCircuitException circuit)
        {
            var wait = circuit.RetryAfter is { } left && left > QueueRetryAfter ? left : QueueRetryAfter;
            return Unavailable("WEBSMS failed repeatedly; calls are held back for a moment.", wait);
        }
    }

    public void Dispose() => turns.Dispose();

    private async ValueTask<Attempt> InTurnAsync(Func<CancellationToken, ValueTask<Attempt>> attempt, CancellationToken cancellationToken)
    {
        using var turn = await turns.AcquireAsync(1, cancellationToken);
        return turn.IsAcquired
            ? await breaker.ExecuteAsync(static (state, token) => state(token), attempt, cancellationToken)
            : new Attempt(Unavailable("Too many calls to WEBSMS are waiting.", QueueRetryAfter));
    }

    private static UpstreamAnswer Unavailable(string detail, TimeSpan retryAfter) =>
        UpstreamAnswer.Failed(new(UpstreamError.Unavailable, detail, RetryAfter: retryAfter));

    private static ResiliencePipeline<Attempt> Retry(int retries, TimeProvider time) => retries == 0
        ? ResiliencePipeline<Attempt>.Empty
        : new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result.IsNetworkFault),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(10),
            })
            .Build();

    private static ResiliencePipeline<Attempt> Breaker(TimeProvider time, CircuitBreakerStateProvider state) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result.IsNetworkFault),
                FailureRatio = 0.9,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = BreakDuration,
                StateProvider = state,
            })
            .Build();
}
