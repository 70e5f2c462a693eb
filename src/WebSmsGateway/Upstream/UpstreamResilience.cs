using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Upstream;

/// <summary>Runs an attempt inside the circuit breaker of its kind, inside its turn, inside the retry.</summary>
/// <remarks>
/// The turn is outside the breaker, so that calls that were queued before the circuit opened are refused as soon as it opens. It is
/// inside the retry, so that a call that waits for a retry does not take a place.
/// </remarks>
internal sealed class UpstreamResilience
{
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QueueRetryAfter = TimeSpan.FromSeconds(1);

    private readonly QuestionTurns turns;

    [Bounded("the kinds of questions")]
    private readonly Dictionary<QuestionKind, KindResilience> kinds;

    public UpstreamResilience(IOptions<UpstreamOptions> options, TimeProvider time)
    {
        turns = new(options.Value.MaxConcurrency, time);
        kinds = Enum.GetValues<QuestionKind>().ToDictionary(kind => kind, kind => new KindResilience(options.Value.Retries, time));
    }

    /// <summary>The circuit of tails and days; the one that is not closed, if they differ. That of ranges says nothing about WEBSMS as a whole.</summary>
    public CircuitState Circuit =>
        kinds[QuestionKind.Tail].State.CircuitState is var tails and not CircuitState.Closed ? tails : kinds[QuestionKind.Day].State.CircuitState;

    /// <summary>How many questions wait for their turn.</summary>
    public int Waiting => turns.Waiting;

    /// <summary>Makes attempts until one is not a network fault or none is left.</summary>
    public async Task<UpstreamAnswer> RunAsync(
        UpstreamQuestion question, Func<CancellationToken, ValueTask<Attempt>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            var answered = await kinds[question.Kind].Retry.ExecuteAsync(
                (state, token) => InTurnAsync(state.question, state.attempt, token), (question, attempt), cancellationToken);
            return answered.Answer;
        }
        catch (BrokenCircuitException circuit)
        {
            var wait = circuit.RetryAfter is { } left && left > QueueRetryAfter ? left : QueueRetryAfter;
            return Unavailable("WEBSMS failed repeatedly; calls are held back for a moment.", wait);
        }
    }

    private async ValueTask<Attempt> InTurnAsync(
        UpstreamQuestion question, Func<CancellationToken, ValueTask<Attempt>> attempt, CancellationToken cancellationToken)
    {
        using var turn = await turns.EnterAsync(question, cancellationToken);
        return turn.Outcome switch
        {
            QueueOutcome.Admitted => await RunAsync(question, kinds[question.Kind], attempt, cancellationToken),
            QueueOutcome.ShareUsedUp => new Attempt(UpstreamAnswer.Failed(new(
                UpstreamError.ShareUsedUp, "You have as many questions to WEBSMS waiting as you may.", RetryAfter: QueueRetryAfter))),
            _ => new Attempt(Unavailable("Too many calls to WEBSMS are waiting.", QueueRetryAfter)),
        };
    }

    private static async ValueTask<Attempt> RunAsync(
        UpstreamQuestion question, KindResilience kind, Func<CancellationToken, ValueTask<Attempt>> attempt, CancellationToken cancellationToken)
    {
        // What is a failure of the question alone must reach neither the breaker nor the retry: its halves are asked instead.
        return await kind.Breaker.ExecuteAsync(
            static async (state, token) =>
            {
                var result = await state.attempt(token);
                return state.question.IsFailureItsOwn(result.Answer.Failure) ? result with { IsNetworkFault = false } : result;
            },
            (question, attempt), cancellationToken);
    }

    private static UpstreamAnswer Unavailable(string detail, TimeSpan retryAfter) =>
        UpstreamAnswer.Failed(new(UpstreamError.Unavailable, detail, RetryAfter: retryAfter));

    /// <summary>The retry and the circuit breaker of one kind of questions.</summary>
    private sealed class KindResilience
    {
        public KindResilience(int retries, TimeProvider time)
        {
            Retry = RetryOf(retries, time);
            Breaker = BreakerOf(time, State);
        }

        public CircuitBreakerStateProvider State { get; } = new();

        public ResiliencePipeline<Attempt> Retry { get; }

        public ResiliencePipeline<Attempt> Breaker { get; }
    }

    private static ResiliencePipeline<Attempt> RetryOf(int retries, TimeProvider time) => retries == 0
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

    private static ResiliencePipeline<Attempt> BreakerOf(TimeProvider time, CircuitBreakerStateProvider state) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                // A WEBSMS that sends records before it breaks off is not down.
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is { IsNetworkFault: true, Answer.Failure: not null }),
                FailureRatio = 0.9,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = BreakDuration,
                StateProvider = state,
            })
            .Build();
}
