using System.Text;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Upstream;

public sealed class UpstreamResilienceTests
{
    [Fact]
    public async Task AskAsync_ServerErrorThenAnswer_AsksAgain()
    {
        await using var server = new ScriptedServer(Reply.Status(503), Reply.Nothing, Reply.Ok(Reply.Message));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "2"));

        var answer = await host.AskAsync();

        Assert.Null(answer.Failure);
        Assert.True(server.Requests.Count >= 3);
    }

    [Fact]
    public async Task AskAsync_CutThenWhole_AsksAgain()
    {
        await using var server = new ScriptedServer(
            Reply.WithoutLength(Encoding.UTF8.GetBytes(Reply.Message)[..^4]), Reply.Ok(Reply.Message));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "1"));

        Assert.Null((await host.AskAsync()).Failure);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task AskAsync_EachAttemptCutElsewhere_GivesTheOneWithTheMostRecords()
    {
        var record = Reply.Message[1..^1];
        await using var server = new ScriptedServer(
            Reply.Ok($"[{record},{record[..^9]}"), Reply.Ok($"[{record},{record},{record}<font>error"), Reply.Ok($"[{record},"), Reply.Status(503));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "3"));

        var answer = await host.AskAsync();

        Assert.Equal((null, true, false, 3), (answer.Failure, answer.IsCut, answer.IsWhole, answer.Records.Count));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task AskAsync_CutBeforeTheFirstRecord_IsAFailure()
    {
        await using var server = new ScriptedServer(Reply.Ok(Reply.Message[..40]), Reply.Status(503));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "0"));

        Assert.Equal(UpstreamError.Truncated, (await host.AskAsync()).Failure?.Error);
    }

    [Fact]
    public async Task AskAsync_Answered_ReportsWhenTheSuccessfulAttemptWasSent()
    {
        var failedAt = DateTimeOffset.MinValue;
        var seenAt = DateTimeOffset.MaxValue;
        await using var server = new ScriptedServer(
            (stream, token) =>
            {
                failedAt = TimeProvider.System.GetUtcNow();
                return Reply.Status(500)(stream, token);
            },
            (stream, token) =>
            {
                seenAt = TimeProvider.System.GetUtcNow();
                return Reply.Ok(Reply.Message)(stream, token);
            });
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "1"));

        var answer = await host.AskAsync();

        Assert.InRange(answer.AskedAt, failedAt, seenAt);
    }

    [Fact]
    public async Task AskAsync_ServerErrorsOnly_IsUnreachableAfterAllAttempts()
    {
        await using var server = new ScriptedServer(Reply.Status(500, body: "the password was demo"));
        await using var host = new UpstreamHost(server.Address(), null, ("Upstream:Retries", "1"));

        var answer = await host.AskAsync();

        Assert.Equal(UpstreamError.Unreachable, answer.Failure?.Error);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://no-such-host.invalid/")]
    public async Task AskAsync_NobodyThere_IsUnreachable(string address)
    {
        await using var host = new UpstreamHost(address);

        Assert.Equal(UpstreamError.Unreachable, (await host.AskAsync()).Failure?.Error);
    }

    [Fact]
    public async Task AskAsync_ClosedWithoutAWord_IsUnreachable()
    {
        await using var server = new ScriptedServer(Reply.Nothing);
        await using var host = new UpstreamHost(server.Address());

        Assert.Equal(UpstreamError.Unreachable, (await host.AskAsync()).Failure?.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AskAsync_NoAnswerOrNoEndInTime_IsATimeout(bool beginsToAnswer)
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            if (beginsToAnswer)
            {
                await Reply.Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[", [])(stream, token);
            }

            await Reply.Silence(stream, token);
        });
        await using var host = new UpstreamHost(server.Address(), time);

        var asking = host.AskAsync();
        await server.WaitForRequestsAsync(1);
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(UpstreamError.Timeout, (await asking).Failure?.Error);
    }

    [Fact]
    public async Task AskAsync_CallerLeaves_ThrowsThatAndNothingElse()
    {
        await using var server = new ScriptedServer(Reply.Silence);
        await using var host = new UpstreamHost(server.Address());
        using var leaving = new CancellationTokenSource();

        var asking = host.AskAsync(leaving.Token);
        await server.WaitForRequestsAsync(1);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task AskAsync_FailuresInARow_OpenTheCircuitForAWhile()
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(
            [.. Enumerable.Repeat(Reply.Status(500), 8), Reply.Ok(Reply.Message)]);
        await using var host = new UpstreamHost(server.Address(), time);
        for (var failure = 0; failure < 8; failure++)
        {
            Assert.Equal(UpstreamError.Unreachable, (await host.AskAsync()).Failure?.Error);
        }

        var refused = await host.AskAsync();
        Assert.Equal(UpstreamError.Unavailable, refused.Failure?.Error);
        Assert.InRange(refused.Failure!.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal(8, server.Requests.Count);

        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null((await host.AskAsync()).Failure);
    }

    [Fact]
    public async Task AskAsync_ManyQuestions_AreInFlightUpToTheBoundAndQueueUpToTheirs()
    {
        using var gate = new SemaphoreSlim(0);
        var inFlight = 0;
        var most = 0;
        await using var server = new ScriptedServer(Reply.Ok(Reply.Message), async (stream, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await gate.WaitAsync(token);
            Interlocked.Decrement(ref inFlight);
            await Reply.Ok(Reply.Message)(stream, token);
        });
        await using var host = new UpstreamHost(
            server.Address(), null, ("Upstream:MaxConcurrency", "3"), ("Upstream:Timeout", "00:05:00"));
        Assert.Null((await host.AskAsync()).Failure);

        var admitted = Enumerable.Range(0, 2 + QuestionQueue.MostWaiting).Select(_ => host.AskAsync()).ToList();
        await server.WaitForRequestsAsync(3);
        var refused = await host.AskAsync().WaitAsync(TimeSpan.FromSeconds(20));
        gate.Release(admitted.Count);
        var answers = await Task.WhenAll(admitted);

        Assert.Equal(UpstreamError.Unavailable, refused.Failure?.Error);
        Assert.NotNull(refused.Failure?.RetryAfter);
        Assert.All(answers, answer => Assert.Null(answer.Failure));

        // The third turn is kept for tails.
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task AskAsync_WrongPasswordAndManyCallers_CostsOneCallPerPause()
    {
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(Reply.ErrorNumber(2));
        await using var host = new UpstreamHost(server.Address(), time);

        foreach (var (pause, calls) in new[] { (30, 1), (60, 2), (120, 3), (240, 4), (480, 5), (600, 6), (600, 7) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.AskAsync()));
            Assert.All(answers, answer => Assert.Equal(UpstreamError.CredentialsRejected, answer.Failure?.Error));
            Assert.All(answers, answer => Assert.Equal(TimeSpan.FromSeconds(pause), answer.Failure?.RetryAfter));
            Assert.Equal(calls, server.Requests.Count);

            time.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.Equal(TimeSpan.FromSeconds(1), (await host.AskAsync()).Failure?.RetryAfter);
            Assert.Equal(calls, server.Requests.Count);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
