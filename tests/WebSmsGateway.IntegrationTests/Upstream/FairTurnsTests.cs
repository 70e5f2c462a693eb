using System.Net;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>One caller has far more to ask than WEBSMS answers. It waits itself, and others hardly do.</summary>
public sealed class FairTurnsTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private static readonly SimulatorBehaviour Slow = new() { Faults = [SimulatorFault.Delay(TimeSpan.FromMilliseconds(50))] };

    [Fact]
    public async Task ThreeHundredDaysOfOneKey_AnotherKeysDay_IsAskedNext()
    {
        var account = fixture.Simulator.NewAccount();
        account.Receive("2023-06-01 10:00:00", "чужой день");
        account.Behaviour = Slow;
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, null);
        using var other = gateway.NewClient(RunningGateway.NarrowKey);
        var days = Enumerable.Range(0, 300).Select(day => gateway.Client.GetAsync(PathOf(new DateOnly(2024, 1, 1).AddDays(day)))).ToList();
        await account.WaitForCallsAsync(20);
        var before = account.Requests().Count;

        using var read = await other.GetAsync(PathOf(new DateOnly(2023, 6, 1)));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(["чужой день"], GatewayAtNoon.Texts(await GatewayAtNoon.ReadAsync(read)));
        Assert.InRange(account.Requests().Count - before, 1, 20);

        // Who asks for more than its share is told so, and nobody is told that WEBSMS is at fault.
        var refused = 0;
        foreach (var day in days)
        {
            using var response = await day;
            refused += response.StatusCode == HttpStatusCode.OK ? 0 : 1;
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
                Assert.Equal("rate-limited", (await GatewayAtNoon.ReadAsync(response)).GetProperty("code").GetString());
                Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
            }
        }

        Assert.InRange(refused, 1, 299);
    }

    [Fact]
    public async Task ManyDaysOfOneKey_AnotherKeyWantsTheLastOfThem_HasItInItsOwnTurn()
    {
        var account = fixture.Simulator.NewAccount();
        account.Behaviour = Slow;
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, null);
        using var other = gateway.NewClient(RunningGateway.NarrowKey);
        var days = Enumerable.Range(0, 100).Select(day => gateway.Client.GetAsync(PathOf(new DateOnly(2024, 1, 1).AddDays(day)))).ToList();
        await account.WaitForCallsAsync(10);
        var waiting = days.FindLastIndex(day => !day.IsCompleted);
        var before = account.Requests().Count;

        using var read = await other.GetAsync(PathOf(new DateOnly(2024, 1, 1).AddDays(waiting)));

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.InRange(account.Requests().Count - before, 0, 20);
        await Task.WhenAll(days);
        days.ForEach(day => day.Result.Dispose());
    }

    [Fact]
    public async Task StreamsOnMadeUpNumbers_OfOneKey_AreBoundedAndLeaveAnotherItsTurns()
    {
        const int Most = 256;
        var account = fixture.Simulator.NewAccount();
        account.Behaviour = Slow;
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, ("Upstream:Scope", "Number"), ("Cache:Freshness", "00:00:01"));
        using var other = gateway.NewClient(RunningGateway.NarrowKey);
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < Most + 4; i++)
        {
            streams.Add(await gateway.Client.GetAsync($"/rented-numbers/7903{i:0000000}/messages/stream", HttpCompletionOption.ResponseHeadersRead));
        }

        Assert.All(streams[..Most], stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        Assert.All(streams[Most..], stream => Assert.Equal(HttpStatusCode.TooManyRequests, stream.StatusCode));

        // Who may read one number has a stream on it, and its number is asked about as if the others were few.
        using var own = await other.GetAsync($"/rented-numbers/{RunningGateway.Number}/messages/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await Eventually.TrueAsync(() => OwnCalls(account) > 0, "its number is not asked about");
        account.ClearRequests();
        await Eventually.TrueAsync(() => account.Requests().Count >= 600, "nobody asks", seconds: 60);
        Assert.InRange(OwnCalls(account), 5, 600);

        // A second stream on a number that it watches costs nothing, and a place is free again when a stream ends.
        using var again = await gateway.Client.GetAsync("/rented-numbers/79030000000/messages/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        streams[1].Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var free = await gateway.Client.GetAsync("/rented-numbers/79031111111/messages/stream", HttpCompletionOption.ResponseHeadersRead);
                return free.StatusCode == HttpStatusCode.OK;
            },
            "no place is free");
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task StreamsOnNumbersOutsideTheList_AreNotFoundAndCostNoQuestion()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, ("Upstream:Scope", "Number"), ("RentedNumbers:0:Number", RunningGateway.Number));
        string[] paths = ["messages", "messages/stream", "messages?order=asc&wait=5", "messages/20260301-7K3M9Q2X4C8N"];

        foreach (var path in paths)
        {
            using var response = await gateway.Client.GetAsync($"/rented-numbers/79030000001/{path}", HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Empty(account.Requests());
    }

    private static string PathOf(DateOnly day) => $"/rented-numbers/{RunningGateway.Number}/messages?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}";

    private static int OwnCalls(SimulatedAccount account) =>
        account.Requests().Count(call => call.Parameters.GetValueOrDefault("rentnum") == RunningGateway.Number);
}
