using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Notifications come by choice only, for a page that nobody sees, and say how many messages are new and nothing else.</summary>
public sealed class InboxNotificationTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;

    // A browser without a screen shows no notifications and hides no page. This keeps what the page hands to the browser.
    private const string Desk =
        """
        window.shown = [];
        window.Notification = class extends Notification {
          constructor(title, options) {
            super(title, options);
            window.shown.push(JSON.stringify([title, options]));
          }
        };
        Object.defineProperty(document, "hidden", { get: () => window.isAway === true });
        """;

    [Fact]
    public async Task Notification_Chosen_SaysHowManyAreNewWithoutNumberAndText()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await OpenAsync(gateway, ["notifications"]);
        var choice = visit.Page.GetByLabel("Notifications (without text)");
        await choice.ClickAsync();
        await Assertions.Expect(choice).ToBeCheckedAsync();

        // In a page that is seen there is nothing to notify of.
        account.AddMessages(new SimulatorMessage(Number, "Sberbank", "seen"));
        await visit.RowWith("seen").WaitForAsync();
        Assert.Empty(await ShownAsync(visit));

        await LeaveAsync(visit);
        account.AddMessages(new SimulatorMessage(Number, "Sberbank", "Ваш код 471108"));
        await ExpectTitleAsync(visit, "(1) Inbox");
        account.AddMessages(new SimulatorMessage(Number, "Sberbank", "Ваш код 380712"));
        await ExpectTitleAsync(visit, "(2) Inbox");

        Assert.Equal(
            ["""["Inbox",{"body":"1 new message","tag":"inbox"}]""", """["Inbox",{"body":"2 new messages","tag":"inbox"}]"""],
            await ShownAsync(visit));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Notification_NotChosen_IsNotShown()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await OpenAsync(gateway, ["notifications"]);

        await LeaveAsync(visit);
        account.AddMessages(new SimulatorMessage(Number, "Sberbank", "Ваш код 471108"));
        await ExpectTitleAsync(visit, "(1) Inbox");

        Assert.Empty(await ShownAsync(visit));
    }

    [Fact]
    public async Task Notification_RefusedByTheBrowser_IsSaidAndStaysOff()
    {
        await using var gateway = InboxVisit.StartGateway(fixture, fixture.Simulator.NewAccount());
        await using var visit = await OpenAsync(gateway, []);
        var choice = visit.Page.GetByLabel("Notifications (without text)");

        await choice.ClickAsync();

        await visit.Page.Locator(".toast", new() { HasText = "The browser does not allow notifications" }).WaitForAsync();
        await Assertions.Expect(choice).Not.ToBeCheckedAsync();
    }

    private async Task<InboxVisit> OpenAsync(RunningGateway gateway, string[] permissions)
    {
        var visit = await InboxVisit.OpenAsync(
            chromium, gateway.BaseAddress, permissions: permissions, prepare: page => page.AddInitScriptAsync(Desk));
        await visit.SignInAsync(RunningGateway.Key);
        await visit.WaitForTruthAsync("live");
        return visit;
    }

    private static async Task LeaveAsync(InboxVisit visit) =>
        await visit.Page.EvaluateAsync("window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))");

    private static Task ExpectTitleAsync(InboxVisit visit, string title) => Assertions.Expect(visit.Page).ToHaveTitleAsync(title);

    private static Task<string[]> ShownAsync(InboxVisit visit) => visit.Page.EvaluateAsync<string[]>("window.shown");
}
