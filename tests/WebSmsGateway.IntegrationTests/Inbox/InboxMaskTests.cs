using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>On a screen that others see, texts and codes are covered until somebody points at them or asks for them.</summary>
public sealed class InboxMaskTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;

    [Fact]
    public async Task Texts_OfAMaskedInbox_AreCoveredUntilPointedAtOrAskedFor()
    {
        await using var gateway = Start(isMasked: true);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        var (first, second) = (visit.RowWith("471108"), visit.RowWith("380712"));
        await visit.Page.Mouse.MoveAsync(5, 5);
        await ExpectAsync(first, isCovered: true);
        await ExpectAsync(second, isCovered: true);

        // Pointed at.
        await first.HoverAsync();
        await ExpectAsync(first, isCovered: false);
        await ExpectAsync(second, isCovered: true);
        await visit.Page.Mouse.MoveAsync(5, 5);
        await ExpectAsync(first, isCovered: true);

        // A covered code can be copied.
        await visit.Page.Keyboard.PressAsync("c");
        await visit.Page.Locator(".toast", new() { HasText = "Code copied" }).WaitForAsync();
        Assert.Equal("471108", await visit.ClipboardAsync());

        // Asked for: this message, and no other.
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Detail.Locator(".whole-text").WaitForAsync();
        await ExpectAsync(visit.Detail, isCovered: true);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).PressAsync("Enter");
        await ExpectAsync(visit.Detail, isCovered: false);
        await ExpectAsync(second, isCovered: true);
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Detail.Locator(".whole-text", new() { HasText = "380712" }).WaitForAsync();
        await ExpectAsync(visit.Detail, isCovered: true);

        // All of them, and back.
        await visit.Page.Keyboard.PressAsync("m");
        await ExpectAsync(second, isCovered: false);
        await ExpectAsync(visit.Detail, isCovered: false);
        await visit.Page.GetByLabel("Cover texts and codes").CheckAsync();
        await ExpectAsync(second, isCovered: true);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Texts_OfAnotherInbox_AreNotCovered()
    {
        await using var gateway = Start(isMasked: false);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);

        await visit.RowWith("471108").WaitForAsync();

        Assert.Equal(0, await visit.Page.Locator(".covered").CountAsync());
    }

    private RunningGateway Start(bool isMasked)
    {
        var account = fixture.Simulator.NewAccount();
        var now = TimeProvider.System.GetUtcNow();
        account.AddMessages(
            new SimulatorMessage(Number, "Ozon", "Ваш код 380712") { ReceivedAt = now.AddMinutes(-2) },
            new SimulatorMessage(Number, "Sberbank", "Ваш код 471108") { ReceivedAt = now.AddMinutes(-1) });
        return InboxVisit.StartGateway(fixture, account, ("Inbox:MaskTexts", isMasked ? "true" : "false"));
    }

    /// <summary>Waits until the text and the code of a row or of the open message can or cannot be seen.</summary>
    private static async Task ExpectAsync(ILocator place, bool isCovered)
    {
        foreach (var text in (ILocator[])[place.Locator(".excerpt span, .whole-text p span").First, place.Locator(".code span:has(bdi)")])
        {
            await Eventually.TrueAsync(
                async () => await text.EvaluateAsync<bool>(
                    """
                    text => getComputedStyle(text).color === "rgba(0, 0, 0, 0)"
                      && [...text.querySelectorAll("*")].every(part => getComputedStyle(part).visibility === "hidden")
                    """) == isCovered,
                $"{(isCovered ? "covered" : "not covered")}: {await text.TextContentAsync()}",
                seconds: 60);
        }
    }
}
