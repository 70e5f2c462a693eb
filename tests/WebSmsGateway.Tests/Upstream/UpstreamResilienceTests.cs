using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Upstream;

/// <summary>A kind of questions that WEBSMS does not answer holds back no other kind.</summary>
public sealed class UpstreamResilienceTests
{
    private static readonly DateTime Midnight = new(2026, 3, 10);

    private readonly UpstreamResilience resilience = new(Options.Create(new UpstreamOptions { Retries = 0 }), new FakeTimeProvider());

    [Theory]
    [InlineData(nameof(QuestionKind.Range), nameof(QuestionKind.Day), nameof(QuestionKind.Tail))]
    [InlineData(nameof(QuestionKind.Day), nameof(QuestionKind.Tail), nameof(QuestionKind.Range))]
    [InlineData(nameof(QuestionKind.Tail), nameof(QuestionKind.Day), nameof(QuestionKind.Range))]
    public async Task RunAsync_OneKindFails_OthersAreAsked(string failing, params string[] others)
    {
        for (var question = 0; question < 30; question++)
        {
            await AskAsync(failing, Attempt.ServerError);
        }

        Assert.Equal((UpstreamError.Unavailable, 0), await AskAsync(failing, Attempt.ServerError));
        foreach (var other in others)
        {
            Assert.Equal((UpstreamError.InvalidResponse, 1), await AskAsync(other, Attempt.Invalid("It was asked.")));
        }

        Assert.Equal(failing == nameof(QuestionKind.Range) ? CircuitState.Closed : CircuitState.Open, resilience.Circuit);
    }

    [Fact]
    public async Task RunAsync_RangesAreNotAnsweredInTime_AreAskedAgain()
    {
        for (var question = 0; question < 30; question++)
        {
            Assert.Equal((UpstreamError.Timeout, 1), await AskAsync(nameof(QuestionKind.Range), Attempt.TimedOut));
        }
    }

    private async Task<(UpstreamError Error, int Asked)> AskAsync(string kind, Attempt attempt)
    {
        var asked = 0;
        var answer = await resilience.RunAsync(
            new UpstreamQuestion(null, Midnight, Midnight.AddDays(1).AddSeconds(-1)) { Kind = Enum.Parse<QuestionKind>(kind), Askers = new Askers() },
            _ =>
            {
                asked++;
                return ValueTask.FromResult(attempt);
            },
            CancellationToken.None);
        return (answer.Failure!.Error, asked);
    }
}
