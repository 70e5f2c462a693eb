using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>A connection that is lost without a word, as on a train or behind a proxy that forgets.</summary>
public sealed class InboxLossTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;

    [Fact]
    public async Task Connection_ThatFallsSilent_IsCalledLostWithinTwentySecondsAndComesBackWithWhatWasMissed()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "before"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var proxy = new SlowProxy(gateway.BaseAddress.Port, TimeSpan.Zero);
        await using var visit = await InboxVisit.OpenAsync(
            chromium, new Uri($"http://127.0.0.1:{proxy.Port}/"), prepare: page => page.Clock.InstallAsync());
        await visit.SignInAsync(RunningGateway.Key);
        await visit.WaitForTruthAsync("live");
        await visit.RowWith("before").WaitForAsync();

        // Nothing comes through any more, and no connection breaks. The clock of the page is put forward instead of waiting.
        proxy.Delay = Timeout.InfiniteTimeSpan;
        account.AddMessages(new SimulatorMessage(Number, "900", "meanwhile"));
        await visit.Page.Clock.FastForwardAsync(20_000);

        await visit.WaitForTruthAsync("lost");
        await visit.Page.Locator(".notice.bad", new() { HasText = "It comes back by itself" }).WaitForAsync();
        Assert.Equal(1, await visit.Rows.CountAsync());

        proxy.Delay = TimeSpan.Zero;

        await visit.WaitForTruthAsync("live");
        account.AddMessages(new SimulatorMessage(Number, "900", "after"));
        await visit.RowWith("after").WaitForAsync();
        await visit.RowWith("meanwhile").WaitForAsync();
        Assert.Equal(3, await visit.Rows.CountAsync());
    }
}
