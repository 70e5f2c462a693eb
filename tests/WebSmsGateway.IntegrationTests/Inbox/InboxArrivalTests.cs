using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Messages appear by themselves, each once, whatever fails between WEBSMS and the page; and the page says what fails.</summary>
public sealed class InboxArrivalTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const string OtherNumber = "79021234568";

    [Fact]
    public async Task Sms_ThatArrives_AppearsOnTopAndIsCounted()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "Первое"), new SimulatorMessage(OtherNumber, "900", "Другое"));
        await using var gateway = InboxVisit.StartGateway(
            fixture, account, ("RentedNumbers:0:Number", Number), ("RentedNumbers:0:Label", "Касса"), ("RentedNumbers:1:Number", OtherNumber));
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress, $"#/{OtherNumber}");

        account.AddMessages(
            new SimulatorMessage(OtherNumber, "Sberbank", "Второе"), new SimulatorMessage(Number, "Sberbank", "Ваш код 471108"));

        await visit.RowWith("Второе").WaitForAsync();
        await visit.Page.Locator(".numbers a", new() { HasText = "Касса" }).Locator(".badge", new() { HasText = "1" }).WaitForAsync();
        await Assertions.Expect(visit.Page).ToHaveTitleAsync("(1) Inbox");
        Assert.Equal(["Второе", "Другое"], await visit.Page.Locator(".row .excerpt").AllInnerTextsAsync());

        await visit.Page.Locator(".numbers a", new() { HasText = "Касса" }).ClickAsync();
        await visit.RowWith("471108").Locator(".code", new() { HasText = "471108" }).WaitForAsync();
        await Assertions.Expect(visit.Page).ToHaveTitleAsync("Inbox");
        Assert.Equal(["Ваш код 471108", "Первое"], await visit.Page.Locator(".row .excerpt").AllInnerTextsAsync());
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Gateway_KilledAndStartedAgain_IsFollowedAndNothingIsMissedOrRepeated()
    {
        var account = fixture.Simulator.NewAccount();
        var port = FreePort();
        (string, string)[] settings = [("urls", $"http://127.0.0.1:{port}"), ("Inbox:Enabled", "true"), ("Cache:Freshness", "00:00:00.3")];
        var gateway = await GatewayProcess.StartAsync(fixture.Simulator.BaseAddress, account, settings: settings);
        try
        {
            await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.Address);
            account.AddMessages(new SimulatorMessage(Number, "900", "before"));
            await visit.RowWith("before").WaitForAsync();

            await gateway.KillAsync();
            await visit.WaitForTruthAsync("lost");
            account.AddMessages(new SimulatorMessage(Number, "900", "meanwhile 1"), new SimulatorMessage(OtherNumber, "900", "meanwhile 2"));
            await gateway.DisposeAsync();
            gateway = await GatewayProcess.StartAsync(fixture.Simulator.BaseAddress, account, settings: settings);

            await visit.WaitForTruthAsync("live");
            account.AddMessages(new SimulatorMessage(Number, "900", "after"));
            await visit.RowWith("after").WaitForAsync();
            await visit.RowWith("meanwhile 1").WaitForAsync();
            Assert.Equal(
                ["after", "before", "meanwhile 1", "meanwhile 2"],
                (await visit.Page.Locator(".row .excerpt").AllInnerTextsAsync()).Order(StringComparer.Ordinal));
        }
        finally
        {
            await gateway.DisposeAsync();
        }
    }

    [Fact]
    public async Task WebSms_FailsAndRecovers_IsSaidAndNothingIsMissed()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "before"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.RowWith("before").WaitForAsync();

        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.StatusCode(503)] };
        await visit.WaitForTruthAsync("stale");
        await visit.Page.Locator(".notice", new() { HasText = "What is shown is complete until" }).WaitForAsync();
        account.AddMessages(new SimulatorMessage(Number, "900", "meanwhile"));
        Assert.True(await visit.RowWith("before").IsVisibleAsync());

        account.Behaviour = new SimulatorBehaviour();
        await visit.WaitForTruthAsync("live");
        await visit.RowWith("meanwhile").WaitForAsync();
        await Assertions.Expect(visit.Page.Locator(".notice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task WebSms_FailsFromTheBeginning_IsSaidAndThePageFillsItselfLater()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "from before"));
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.StatusCode(503)] };
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress);
        await visit.SignInAsync(RunningGateway.Key);
        await visit.WaitForTruthAsync("stale");
        await visit.Page.Locator(".list-end .fault").WaitForAsync();

        account.Behaviour = new SimulatorBehaviour();

        await visit.WaitForTruthAsync("live");
        await visit.RowWith("from before").WaitForAsync();
    }

    [Fact]
    public async Task Key_Removed_EndsThePageWithTheReason()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "private"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress, key: RunningGateway.NarrowKey);
        await visit.RowWith("private").WaitForAsync();

        gateway.Reload(("Authentication:ApiKeys:1:Sha256", RunningGateway.Hash("another")));

        await visit.Page.Locator("#sign-in-fault", new() { HasText = "Your access has ended" }).WaitForAsync();
        Assert.Equal(0, await visit.Rows.CountAsync());
    }

    [Fact]
    public async Task Number_ThatIsSilent_IsMarked()
    {
        await using var gateway = InboxVisit.StartGateway(
            fixture, fixture.Simulator.NewAccount(), ("RentedNumbers:0:Number", Number), ("RentedNumbers:0:Label", "Касса"),
            ("RentedNumbers:0:ExpectWithin", "00:10:00"));
        await Eventually.TrueAsync(
            async () => (await gateway.GetAsync("/rented-numbers")).GetRawText().Contains("\"silent\":true", StringComparison.Ordinal),
            "the number is silent", seconds: 60);

        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);

        await visit.Page.Locator(".numbers a", new() { HasText = "Касса" }).Locator(".quiet-mark", new() { HasText = "quiet" }).WaitForAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
