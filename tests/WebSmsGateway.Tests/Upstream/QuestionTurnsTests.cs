using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Upstream;

public sealed class QuestionTurnsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly QuestionTurns turns = new(turns: 1, new FakeTimeProvider());

    [Fact]
    public async Task EnterAsync_AnotherCallerJoins_GoesInItsTurn()
    {
        var first = await turns.EnterAsync(Of("a"), CancellationToken.None);
        var (crowd, joined) = (new List<Task<QuestionTurn>>(), new Askers("a"));
        for (var i = 0; i < 10; i++)
        {
            crowd.Add(turns.EnterAsync(Of("a"), CancellationToken.None).AsTask());
        }

        var last = turns.EnterAsync(Of("a") with { Askers = joined }, CancellationToken.None).AsTask();
        joined.Join("b");
        first.Dispose();
        (await crowd[0].WaitAsync(Deadline)).Dispose();

        (await last.WaitAsync(Deadline)).Dispose();
        Assert.All(await Task.WhenAll(crowd[1..].Select(EndAsync)).WaitAsync(Deadline), outcome => Assert.Equal(QueueOutcome.Admitted, outcome));
    }

    [Fact]
    public async Task EnterAsync_CallerLeaves_TakesNoTurn()
    {
        using var leaving = new CancellationTokenSource();
        var first = await turns.EnterAsync(Of("a"), CancellationToken.None);
        var left = turns.EnterAsync(Of("a"), leaving.Token).AsTask();
        var next = turns.EnterAsync(Of("a"), CancellationToken.None).AsTask();
        Assert.Equal(2, turns.Waiting);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(1, turns.Waiting);
        first.Dispose();

        await EndAsync(next).WaitAsync(Deadline);
        (await turns.EnterAsync(Of("a"), CancellationToken.None).AsTask().WaitAsync(Deadline)).Dispose();
    }

    [Fact]
    public async Task EnterAsync_ManyThreadsThatLeaveOrStay_NeverHaveMoreThanOneTurnAndEndWithNone()
    {
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 300; i++)
            {
                using var leaving = new CancellationTokenSource();
                var entering = turns.EnterAsync(Of($"{thread % 3}"), leaving.Token).AsTask();
                if (random.Next(3) == 0)
                {
                    await leaving.CancelAsync();
                }

                try
                {
                    using var turn = await entering;
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                }
                catch (OperationCanceledException)
                {
                    // It left in time.
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, most);
        Assert.Equal(0, turns.Waiting);
        (await turns.EnterAsync(Of("a"), CancellationToken.None).AsTask().WaitAsync(Deadline)).Dispose();
    }

    private static UpstreamQuestion Of(string caller) => new(null, new DateTime(2026, 3, 1), new DateTime(2026, 3, 1)) { Askers = new(caller) };

    private static async Task<QueueOutcome> EndAsync(Task<QuestionTurn> entering)
    {
        using var turn = await entering;
        return turn.Outcome;
    }
}
