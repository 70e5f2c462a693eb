using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>Wrong, late and slow answers, and the calls that get them.</summary>
public sealed class FaultTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private readonly RunningSimulator simulator = fixture.Simulator;

    [Theory]
    [InlineData(503)]
    [InlineData(404)]
    [InlineData(204)]
    public async Task StatusCode_Set_IsAnsweredAndEchoesTheQueryOnRequest(int status)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(status, echoQuery: true) with { RetryAfter = 7 }] };

        using var response = await simulator.AskAsync(account);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Equal(status != 204, body.Contains(account.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirect_Set_PointsElsewhere()
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [SimulatorFault.Redirect("http://elsewhere.invalid/login")] };

        var (answer, _) = await simulator.RawAskAsync(account, hangUp: true);

        Assert.StartsWith("HTTP/1.1 302 Found\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Location: http://elsewhere.invalid/login\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherAnswers_Set_ComeWithStatus200()
    {
        var account = simulator.AccountOfTheDocument();

        Assert.StartsWith("<!DOCTYPE html>", Encoding.UTF8.GetString(await AnswerAsync(SimulatorFault.Html())), StringComparison.Ordinal);
        Assert.Empty(await AnswerAsync(SimulatorFault.Empty()));
        var garbage = await AnswerAsync(SimulatorFault.Garbage(5000));
        Assert.Equal(5000, garbage.Length);
        Assert.Equal(garbage, await AnswerAsync(SimulatorFault.Garbage(5000)));
        Assert.Equal("error_num=7\r\nerror_message=unknown error\r\n", Encoding.UTF8.GetString(await AnswerAsync(SimulatorFault.Error(7))));
        Assert.InRange((await AnswerAsync(SimulatorFault.Huge(2))).Length, 2 * 1024 * 1024, 3 * 1024 * 1024);

        async Task<byte[]> AnswerAsync(SimulatorFault fault)
        {
            account.Behaviour = new() { Faults = [fault] };
            using var response = await simulator.AskAsync(account);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadAsByteArrayAsync();
        }
    }

    [Fact]
    public async Task Hang_BehaviourSetAnew_LetsTheCallsGo()
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        var calls = new[] { simulator.TextAsync(account), simulator.TextAsync(account) };
        await account.WaitForCallsInFlightAsync(2);
        Assert.All(calls, call => Assert.False(call.IsCompleted));

        account.Behaviour = new();

        Assert.All(await Task.WhenAll(calls), text => Assert.StartsWith("[1]", text, StringComparison.Ordinal));
        Assert.Equal(2, account.MostCallsInFlight);
    }

    [Fact]
    public async Task Hang_CallerLeaves_IsRecordedAsAbandoned()
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        using var timeout = new CancellationTokenSource();
        var call = simulator.Client.GetAsync(FeedbackCalls.Path(account), timeout.Token);
        await account.WaitForCallsInFlightAsync(1);

        await timeout.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await account.WaitForCallsInFlightAsync(0);
        Assert.Equal("abandoned (hang)", Assert.Single(account.Requests()).Outcome);
    }

    [Fact]
    public async Task Delay_ClockMoves_AnswersWithWhatWasThereBefore()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2013, 3, 11, 9, 0, 0, TimeSpan.Zero));
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.AccountWith("early");
        account.Behaviour = new() { Faults = [SimulatorFault.Delay(TimeSpan.FromSeconds(5))] };
        var call = simulator.TextAsync(account);
        await account.WaitForOutcomeAsync("delay");
        account.AddMessages(new SimulatorMessage("79021234567", "900", "late"));

        while (!call.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        var text = await call;
        Assert.Contains("early", text, StringComparison.Ordinal);
        Assert.DoesNotContain("late", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drip_ClockMoves_SendsPartByPart()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [SimulatorFault.Drip(bytesPerSecond: 100)] };
        using var response = await simulator.Client.GetAsync(FeedbackCalls.Path(account), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1000];

        Assert.Equal(10, await body.ReadAsync(buffer));
        var next = body.ReadAsync(buffer).AsTask();
        Assert.False(next.IsCompleted);
        while (!next.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        Assert.InRange(await next, 10, 100);
    }

    [Fact]
    public async Task Faults_SomeCallsOnly_StrikeThose()
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new()
        {
            Faults =
            [
                SimulatorFault.StatusCode(500) with { Times = 2 },
                SimulatorFault.StatusCode(503) with { After = 3, Every = 2, Times = 2 },
            ],
        };
        List<int> statuses = [];
        for (var call = 0; call < 10; call++)
        {
            using var response = await simulator.AskAsync(account);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([500, 500, 200, 200, 503, 200, 503, 200, 200, 200], statuses);
    }

    [Fact]
    public async Task Faults_OneAccount_LeaveOthersAlone()
    {
        var broken = simulator.AccountOfTheDocument();
        var sound = simulator.AccountOfTheDocument();
        broken.Behaviour = new() { Faults = [SimulatorFault.StatusCode(500)] };

        using var failure = await simulator.AskAsync(broken);
        using var success = await simulator.AskAsync(sound);

        Assert.Equal(HttpStatusCode.InternalServerError, failure.StatusCode);
        Assert.Equal(HttpStatusCode.OK, success.StatusCode);
        Assert.Single(sound.Requests());
    }
}
