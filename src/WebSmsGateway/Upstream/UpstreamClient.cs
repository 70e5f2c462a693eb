using WebSmsGateway.Model;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.Upstream;

/// <summary>Asks WEBSMS one question. A failure is a value. Only the cancellation of the caller is thrown.</summary>
internal sealed partial class UpstreamClient(
    UpstreamCall call, UpstreamResilience resilience, CredentialGuard guard, UpstreamHistory history, TimeProvider time,
    ILogger<UpstreamClient> logger) : IUpstream
{
    public async Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = GatewayTraces.Question(question.RentedNumber is null);
        var begun = time.GetTimestamp();
        var attempts = 0;
        UpstreamAnswer? cut = null;
        using var permit = await guard.EnterAsync(cancellationToken);
        if (permit.Failure is { } heldBack)
        {
            return Finished(UpstreamAnswer.Failed(heldBack), attempts, begun, span);
        }

        var answer = BetterOf(await resilience.RunAsync(question, AttemptAsync, cancellationToken), cut);
        return Finished(permit.Settle(answer, question.IsFailureItsOwn(answer.Failure)), attempts, begun, span);

        async ValueTask<Attempt> AttemptAsync(CancellationToken token)
        {
            if (permit.Revoked() is { } revoked)
            {
                return Attempt.Failed(revoked);
            }

            attempts++;
            using var span = GatewayTraces.Call(attempts);
            var sent = time.GetTimestamp();
            var attempt = await call.MakeAsync(question, token);
            if (!question.IsFailureItsOwn(attempt.Answer.Failure))
            {
                history.Record(attempt.Answer);
            }

            cut = attempt.Answer.IsCut ? BetterOf(attempt.Answer, cut) : cut;
            span.Ended(OutcomeOf(attempt.Answer));
            GatewayMetrics.UpstreamCalled(
                OutcomeOf(attempt.Answer), time.GetElapsedTime(sent), attempt.Answer.Failure is null ? attempt.Answer.Bytes : null);
            if (attempt.Answer.Failure is { } failure)
            {
                var elapsed = time.GetElapsedTime(begun);
                Log.AttemptFailed(logger, attempts, failure.Error, failure.Detail, elapsed);
            }

            return attempt;
        }
    }

    /// <summary>The cut answer with the most records stands where no attempt brought a whole one.</summary>
    private static UpstreamAnswer BetterOf(UpstreamAnswer answer, UpstreamAnswer? cut)
    {
        var isWorse = answer.IsCut || answer.Failure?.Error is
            UpstreamError.Truncated or UpstreamError.Unreachable or UpstreamError.Timeout or UpstreamError.Unavailable or UpstreamError.ShareUsedUp;
        return isWorse && cut?.Records.Count > answer.Records.Count ? cut : answer;
    }

    /// <summary>Logs and counts the result of a question.</summary>
    private UpstreamAnswer Finished(UpstreamAnswer answer, int attempts, long begun, GatewaySpan span)
    {
        span.Ended(OutcomeOf(answer));
        var elapsed = time.GetElapsedTime(begun);
        if (answer.Failure is { } failure)
        {
            if (attempts == 0)
            {
                GatewayMetrics.UpstreamNotAsked(MetricLabel.Of(failure.Error));
            }

            Log.Failed(logger, failure.Error, failure.Detail, failure.ErrorNumber?.ToString() ?? "none", attempts, elapsed);
        }
        else if (answer.IsCut)
        {
            Log.Cut(logger, answer.Records.Count, attempts, elapsed);
        }

        if (answer.Strays > 0)
        {
            GatewayMetrics.RecordsStrayed(answer.Strays);
            Log.Strays(logger, answer.Strays);
        }

        return answer;
    }

    private static string OutcomeOf(UpstreamAnswer answer) =>
        answer.Failure is { } failure ? MetricLabel.Of(failure.Error) : answer.IsCut ? MetricLabel.Of(UpstreamError.Truncated) : "ok";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Attempt {Attempt} failed after {Elapsed}: {Error}. {Detail}")]
        public static partial void AttemptFailed(ILogger logger, int attempt, UpstreamError error, string detail, TimeSpan elapsed);

        [LoggerMessage(2, LogLevel.Warning,
            "WEBSMS gave no answer: {Error}, error_num {ErrorNumber}, after {Attempts} attempts and {Elapsed}. {Detail}")]
        public static partial void Failed(
            ILogger logger, UpstreamError error, string detail, string errorNumber, int attempts, TimeSpan elapsed);

        [LoggerMessage(3, LogLevel.Information, "Dropped {Count} records that were not asked for")]
        public static partial void Strays(ILogger logger, int count);

        [LoggerMessage(4, LogLevel.Warning, "WEBSMS cut its answer behind {Count} records, after {Attempts} attempts and {Elapsed}")]
        public static partial void Cut(ILogger logger, int count, int attempts, TimeSpan elapsed);
    }
}
