using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>Several closed days are due to be looked at again at the same midnight, while somebody follows.</summary>
public sealed class RecheckTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    // Their ages are 7, 3 and 1 days then.
    private static readonly string[] Due = ["08.03.2026", "12.03.2026", "14.03.2026"];

    [Fact]
    public async Task Rechecks_OfOneMidnight_GoOneAfterTheOther()
    {
        await using var gateway = Start(("Upstream:MaxConcurrency", "16"));
        await gateway.ReadAsync("2026-03-08", number: null);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, "/messages/stream");
        await SettleAsync(gateway);
        Account.ClearRequests();
        Account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        GoTo(new DateTimeOffset(2026, 3, 16, 0, 0, 1, TimeSpan.FromHours(3)));
        await Eventually.TrueAsync(() => Rechecks().Count > 0 && Account.CallsInFlight > Rechecks().Count, "nobody asks");
        Account.Behaviour = new();

        await Eventually.TrueAsync(
            async () =>
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                await SettleAsync(gateway);
                return Rechecks().Count == Due.Length;
            },
            "not every day is looked at again");

        Assert.Equal(Due, Rechecks().Order());

        // One recheck beside the tails.
        Assert.InRange(Account.MostCallsInFlight, 2, 3);
    }

    private List<string> Rechecks() =>
        [.. Account.Requests().Select(call => call.Parameters["startdate"][..10]).Where(Due.Contains)];
}
