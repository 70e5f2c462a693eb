using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

/// <summary>During outages the reader of a stream loses no message and gets none twice.</summary>
public sealed class OutageTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData(FaultKind.Status, "01:00:00")]
    [InlineData(FaultKind.Status, "00:00:00")]
    [InlineData(FaultKind.Html, "01:00:00")]
    [InlineData(FaultKind.Empty, "00:00:00")]
    public async Task Stream_UpstreamFailsForAWhile_SaysSoOnceAndGivesEverythingOnce(FaultKind kind, string maxStale)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Cache:MaxStale", maxStale));
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var now = MoscowNow();
        account.AddMessages(new SimulatorMessage(Number, "900", "before") { LocalTime = now });
        Assert.Equal(["before"], await stream.TextsAsync(1));

        account.Fail(kind);
        var problem = await stream.NextAsync("problem");
        Assert.Contains("\"code\":\"upstream-", problem.Data, StringComparison.Ordinal);
        account.AddMessages(
            new SimulatorMessage(Number, "900", "late") { LocalTime = now.AddSeconds(-60) },
            new SimulatorMessage(Number, "900", "meanwhile") { LocalTime = now.AddSeconds(1) });
        await account.WaitForCallsAsync(account.Requests().Count + 1);
        account.Recover();

        Assert.Equal(["late", "meanwhile"], await stream.TextsAsync(2));
        account.AddMessages(new SimulatorMessage(Number, "900", "after") { LocalTime = now.AddSeconds(2) });
        Assert.Equal(["after"], await stream.TextsAsync(1));
    }

    [Fact]
    public async Task Stream_BegunInAnOutage_GivesWhatArrivesFromItsOwnStartOn()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.AddMessages(new SimulatorMessage(Number, "900", "long before") { LocalTime = MoscowNow().AddMinutes(-5) });
        account.Fail();
        using var stream = await EventStream.OpenAsync(gateway.Client, StreamPath);
        await stream.NextAsync("problem");

        account.Receive("in the outage");
        account.Recover();

        Assert.Equal(["in the outage"], await stream.TextsAsync(1));
    }

    [Fact]
    public async Task Stream_ClosedDayFailsWhileThePollDoesNot_TriesAgainByItself()
    {
        // The poll reads today only. A reader that resumes at yesterday fails alone, so no change of the poll would wake it.
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(
            new DateTimeOffset(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3)));
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.NewAccount();
        string id;
        await using (var earlier = RunningGateway.Start(simulator, account, clock))
        {
            id = (await earlier.GetAsync($"{PagePath}&cursor=now")).GetProperty("nextCursor").GetString()!;
        }

        account.Receive("first day");
        clock.Advance(TimeSpan.FromDays(3));
        await using var gateway = RunningGateway.Start(simulator, account, clock, ("Upstream:Retries", "0"));
        account.Behaviour = new SimulatorBehaviour { Faults = [new SimulatorFault { Kind = FaultKind.Status, Status = 503, Times = 2 }] };
        using var stream = await EventStream.OpenAsync(gateway.Client, StreamPath, id);
        await stream.NextAsync("problem");
        var next = stream.NextAsync("message");
        while (!next.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Equal("first day", (await next).Text);
    }

    [Fact]
    public async Task Watch_WrongPassword_PausesItsPolls()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Upstream:Password", "wrong"));
        using var stream = await EventStream.OpenAsync(gateway.Client, StreamPath);

        var problem = await stream.NextAsync("problem");

        Assert.Contains("upstream-credentials-rejected", problem.Data, StringComparison.Ordinal);

        // A stream of another number also gets the problem, without a further call to WEBSMS.
        using var other = await EventStream.OpenAsync(gateway.Client, $"/rented-numbers/{OtherNumber}/messages/stream");
        await other.NextAsync("problem");
        Assert.Single(account.Requests());
    }

    [Fact]
    public async Task Stream_GatewayKilled_GoesOnAtAnotherReplica()
    {
        var account = fixture.Simulator.NewAccount();
        var now = MoscowNow().AddSeconds(-30);
        var sent = Enumerable.Range(0, 30).Select(i => new SimulatorMessage(Number, "900", $"{i}") { LocalTime = now.AddSeconds(i) })
            .ToList();
        await using var replica = Start(fixture.Simulator, account, null, ("Cache:Freshness", "00:00:02"));

        // The two replicas share no Redis, so the other one knows nothing of the stamps of the killed one: it gives the last two minutes again.
        var got = new List<StreamEvent>();
        string? last;
        await using (var killed = await GatewayProcess.StartAsync(
            fixture.Simulator.BaseAddress, account, null, ("Cache:Freshness", "00:00:00.2")))
        {
            using var stream = await EventStream.OpenAtNowAsync(killed.Client, StreamPath);
            account.AddMessages(sent[..5]);
            await TakeAsync(stream, 5);
            await replica.GetAsync(PagePath);
            account.AddMessages(sent[5..10]);
            await TakeAsync(stream, 5);
            await killed.KillAsync();
            last = stream.LastId;
        }

        using var resumed = await EventStream.OpenAsync(replica.Client, StreamPath, last);
        account.AddMessages(sent[10..]);
        while (got.DistinctBy(message => message.Data).Count() < sent.Count)
        {
            await TakeAsync(resumed, 1);
        }

        Assert.Equal(sent.Select(message => message.Text), got.DistinctBy(message => message.Data).Select(message => message.Text));

        async Task TakeAsync(EventStream stream, int count)
        {
            for (var i = 0; i < count; i++)
            {
                got.Add(await stream.NextAsync("message"));
            }
        }
    }
}
