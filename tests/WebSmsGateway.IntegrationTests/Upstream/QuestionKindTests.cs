using System.Net;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Upstream;

/// <summary>WEBSMS does not answer in time about ranges. That concerns neither single days nor the open day, nor other callers.</summary>
public sealed class QuestionKindTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private static readonly SimulatorBehaviour HangsOnRanges = new() { Faults = [SimulatorFault.Hang() with { LongerThanDays = 1 }] };

    [Fact]
    public async Task RangesOfOneKey_AreNotAnsweredInTime_OthersHaveTheirDaysAndTheOpenDay()
    {
        var account = fixture.Simulator.NewAccount();
        var yesterday = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);
        account.Behaviour = HangsOnRanges;
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, null, ("Upstream:Timeout", "00:00:00.5"));
        using var other = gateway.NewClient(RunningGateway.NarrowKey);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, "/messages"));

        // Each of them is asked in ranges, and each of these times out.
        var ranges = Enumerable.Range(1, 8).Select(month => StatusAsync(gateway.Client, $"/messages?from=2024-{month:00}-01&to=2024-{month:00}-28"))
            .ToList();
        await Eventually.TrueAsync(() => account.Requests().Count(call => call.Outcome.Contains("hang", StringComparison.Ordinal)) >= 6, "no range is on its way");
        for (var day = 0; day < 13; day++)
        {
            var path = $"/rented-numbers/{RunningGateway.Number}/messages";
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, $"{path}?from={yesterday.AddDays(-day):yyyy-MM-dd}&to={yesterday.AddDays(-day):yyyy-MM-dd}"));
            using var open = await other.GetAsync("/messages");
            Assert.False((await GatewayAtNoon.ReadAsync(open)).GetProperty("stale").GetBoolean());
        }

        var upstream = (await gateway.GetAsync("/health/ready")).GetProperty("upstream");
        Assert.Equal(("ok", "closed"), (upstream.GetProperty("state").GetString(), upstream.GetProperty("circuit").GetString()));

        // The ranges are halved until WEBSMS answers.
        Assert.All(await Task.WhenAll(ranges), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Range_IsAnsweredInHalvesOnly_IsGivenWholeAndShorterFromTheStartLater()
    {
        var account = fixture.Simulator.NewAccount();
        account.Receive("2024-03-01 10:00:00", "первое");
        account.Receive("2024-03-31 10:00:00", "последнее");
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Hang() with { LongerThanDays = 10 }] };
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, null, ("Upstream:Timeout", "00:00:00.5"), ("Upstream:Retries", "2"));

        var read = await gateway.ReadAsync("2024-03-01", "2024-03-31");

        Assert.Equal(["последнее", "первое"], read.Texts);
        Assert.Equal(2, account.Requests().Count(call => call.Outcome.StartsWith("abandoned", StringComparison.Ordinal)));
        account.ClearRequests();
        Assert.Equal(HttpStatusCode.OK, (await gateway.ReadAsync("2024-01-01", "2024-01-31")).Status);
        Assert.DoesNotContain(account.Requests(), call => call.Outcome.StartsWith("abandoned", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode;
    }
}
