using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace WebSmsGateway.Upstream;

/// <summary>
/// Retry, around the bound on calls in flight, around the circuit breaker, around one attempt.
/// </summary>
/// <remarks>
/// The bound stands outside the breaker: what queued up while the circuit was closed is refused as soon as it opens, and does not
/// wait in line for an attempt that is doomed. It stands inside the retry: nobody holds a place while waiting to try again.
/// </remarks>
internal sealed class UpstreamResilience : IDisposable
{
    /// <summary>Questions that may wait for their turn. One more is refused.</summary>
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

    /// <summary>Closed: calls go out. Open: they are held back. Half-open: the next one decides.</summary>
    public CircuitState Circuit => state.CircuitState;

    /// <summary>Makes attempts until one counts.</summary>
    public async Task<UpstreamAnswer> RunAsync(Func<CancellationToken, ValueTask<Attempt>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            var last = await retry.ExecuteAsync((state, token) => InTurnAsync(state, token), attempt, cancellationToken);
            return last.Answer;
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
