using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class WaitTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Wait_MatchingMessageArrivesAmongOthers_AnswersWithItAlone()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.ReceiveEarlier("Ваш код 1");
        var wait = gateway.GetAsync($"{PagePath}&cursor=now&wait=30&sender=sberbank&contains=КОД");
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        await account.WaitForCallsAsync(1);

        account.AddMessages(new SimulatorMessage(Number, "900", "Ваш код 2"), new SimulatorMessage(OtherNumber, "Sberbank", "код 3"));
        account.Receive("Баланс");
        await account.WaitForCallsAsync(account.Requests().Count + 2);
        Assert.False(wait.IsCompleted);
        account.Receive("Ваш код 4");

        Assert.Equal(["Ваш код 4"], (await wait).Texts());
    }

    [Fact]
    public async Task Wait_RunsOut_GivesNoItemsAndTheCursorToGoOnWith()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.ReceiveEarlier("old");

        using var response = await gateway.Client.GetAsync($"{PagePath}&cursor=now&wait=0.5");
        var page = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(page.Texts());
        Assert.Equal(TimeSpan.Zero, response.Headers.CacheControl!.MaxAge);
        account.Receive("new");
        page = await gateway.GetAsync($"{PagePath}&cursor={page.Next()}&wait=30");
        Assert.Equal(["new"], page.Texts());
        Assert.Empty((await gateway.GetAsync($"{PagePath}&cursor={page.Next()}&wait=0.3")).Texts());
    }

    [Fact]
    public async Task Wait_FromNowBesideOneFromTheStartOfTheDay_IsNotAnsweredWithItsPage()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.ReceiveEarlier("old");

        var fromTheStart = await gateway.GetAsync($"{PagePath}&wait=30");
        var fromNow = await gateway.GetAsync($"{PagePath}&cursor=now&wait=0.2");

        Assert.Equal(["old"], fromTheStart.Texts());
        Assert.Empty(fromNow.Texts());
    }

    [Fact]
    public async Task Wait_InALoopWhileMessagesArrive_GivesEachOnceInOrder()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var cursor = (await gateway.GetAsync($"{PagePath}&cursor=now")).Next();
        var sent = Enumerable.Range(0, 60).Select(i => $"message {i}").ToList();
        var sending = Task.Run(async () =>
        {
            var first = MoscowNow().AddMinutes(-1);
            foreach (var (i, text) in sent.Index())
            {
                account.AddMessages(new SimulatorMessage(Number, "900", text) { LocalTime = first.AddSeconds(i) });
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        });

        var got = new List<string>();
        while (got.Count < sent.Count)
        {
            var page = await gateway.GetAsync($"{PagePath}&cursor={cursor}&wait=10");
            Assert.NotEmpty(page.Texts());
            got.AddRange(page.Texts());
            cursor = page.Next();
        }

        await sending;
        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task Wait_AllNumbersWithANarrowKey_SeesItsOwnAlone()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var wait = narrow.GetFromJsonAsync<JsonElement>("/messages?order=asc&cursor=now&wait=30");
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        await account.WaitForCallsAsync(2);

        account.AddMessages(new SimulatorMessage(OtherNumber, "900", "foreign"));
        await account.WaitForCallsAsync(account.Requests().Count + 2);
        Assert.False(wait.IsCompleted);
        account.Receive("own");

        Assert.Equal(["own"], (await wait).Texts());
    }

    [Fact]
    public async Task Wait_UpstreamHangsWhenTheTimeIsOver_AnswersInTimeWithTheCursorThatItHas()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var started = TimeProvider.System.GetTimestamp();
        var wait = gateway.GetAsync($"{PagePath}&cursor=now&wait=1");
        await account.WaitForCallsAsync(2);
        account.Fail(FaultKind.Hang);

        var page = await wait;

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.9, 5);
        account.Receive("missed by nobody");
        account.Recover();
        Assert.Equal(["missed by nobody"], (await gateway.GetAsync($"{PagePath}&cursor={page.Next()}&wait=30")).Texts());
    }

    [Fact]
    public async Task Wait_UpstreamFailsMeanwhileAndNothingMayBeStale_CostsNeitherTheCursorNorTheWait()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Cache:MaxStale", "00:00:00"));
        var shortWait = gateway.GetAsync($"{PagePath}&cursor=now&wait=2");
        var longWait = gateway.GetAsync($"{PagePath}&cursor=now&wait=30");
        await account.WaitForCallsAsync(2);

        account.Fail();
        var cursor = (await shortWait).Next();
        account.Receive("in the outage");
        using var refused = await gateway.Client.GetAsync($"{PagePath}&cursor={cursor}&wait=30");
        Assert.True(refused.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable);
        account.Recover();

        Assert.Equal(["in the outage"], (await longWait).Texts());
        Assert.Equal(["in the outage"], (await gateway.GetAsync($"{PagePath}&cursor={cursor}&wait=30")).Texts());
    }

    [Fact]
    public async Task Wait_CallerLeaves_StopsThePollAndFreesItsPlaceWithinASecond()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("RateLimiting:LongRequestsPerCaller", "1"));
        using var leaving = new CancellationTokenSource();
        var wait = gateway.Client.GetAsync($"{PagePath}&cursor=now&wait=60", leaving.Token);
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");
        using (var refused = await gateway.Client.GetAsync($"{PagePath}&cursor=now&wait=1"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        }

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await Eventually.TrueAsync(() => gateway.Polls() == 0, "it polls for nobody", seconds: 1);
        using var next = await gateway.Client.GetAsync($"{PagePath}&cursor=now&wait=0.1");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }
}
