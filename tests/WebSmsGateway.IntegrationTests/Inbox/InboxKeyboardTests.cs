using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Tickets;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>The whole page by keyboard alone. These tests never touch the mouse.</summary>
public sealed class InboxKeyboardTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const string OtherNumber = "79021234568";

    [Fact]
    public async Task Keyboard_Alone_SignsInReadsSearchesCopiesAndSignsOut()
    {
        var account = fixture.Simulator.NewAccount();
        var start = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        account.AddMessages(((string[])["Старое", "Ваш код: 111222", "Обычное", "Ваш код: 333444", "Новое"]).Select((text, index) =>
            new SimulatorMessage(Number, $"Sender{index + 1}", text) { ReceivedAt = start.AddMinutes(index) }));

        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress);
        var (page, keyboard) = (visit.Page, visit.Page.Keyboard);

        // Signing in.
        await TabToAsync(page, "input[name=credential]");
        await keyboard.TypeAsync(RunningGateway.Key);
        await keyboard.PressAsync("Enter");
        await visit.WaitForTruthAsync("live");
        await visit.RowWith("Старое").WaitForAsync();

        // Moving, opening, going on, and back to the same row.
        foreach (var _ in (int[])[1, 2, 3])
        {
            await keyboard.PressAsync("j");
        }

        await keyboard.PressAsync("k");
        await ExpectFocusAsync(page, "Sender4");
        await keyboard.PressAsync("Enter");
        await visit.Detail.Locator(".whole-text", new() { HasText = "333444" }).WaitForAsync();
        await keyboard.PressAsync("j");
        await visit.Detail.Locator(".whole-text", new() { HasText = "Обычное" }).WaitForAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(visit.Detail).ToHaveCountAsync(0);
        await ExpectFocusAsync(page, "Sender3");

        // Codes: the newest one of the list, and that of the open message.
        await keyboard.PressAsync("c");
        await page.Locator(".toast", new() { HasText = "Code copied" }).WaitForAsync();
        Assert.Equal("333444", await visit.ClipboardAsync());
        await keyboard.PressAsync("j");
        await keyboard.PressAsync("Enter");
        await visit.Detail.Locator(".whole-text", new() { HasText = "111222" }).WaitForAsync();
        await keyboard.PressAsync("c");
        await Eventually.TrueAsync(async () => await visit.ClipboardAsync() == "111222", "the code of the open message is copied", seconds: 60);
        await keyboard.PressAsync("Escape");

        // Searching. Keys are text there.
        await keyboard.PressAsync("/");
        await keyboard.TypeAsync("обыч");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Rows).ToHaveCountAsync(1);
        Assert.EndsWith("?text=%D0%BE%D0%B1%D1%8B%D1%87", page.Url, StringComparison.Ordinal);
        await keyboard.PressAsync("Control+a");
        await keyboard.PressAsync("Delete");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Rows).ToHaveCountAsync(5);
        await keyboard.PressAsync("Escape");

        // The list of keys.
        await keyboard.PressAsync("?");
        await page.Locator("dialog[open]").WaitForAsync();
        await keyboard.PressAsync("j");
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);

        // What has no key of its own is reached by Tab.
        await TabToAsync(page, ".chip input");
        await keyboard.PressAsync("Space");
        await Assertions.Expect(visit.Rows).ToHaveCountAsync(2);
        await TabToAsync(page, ".settings button:last-child");
        await keyboard.PressAsync("Enter");
        await page.Locator("input[name=credential]").WaitForAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Keyboard_AloneOnANarrowScreen_ReachesEverythingElse()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage(OtherNumber, "900", "Другое"), new SimulatorMessage(Number, "900", "Вход: https://bank.example/in код 471108"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        var ticket = await TicketClient.MakeAsync(gateway.Client);
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, width: 375);
        var (page, keyboard) = (visit.Page, visit.Page.Keyboard);

        // A ticket instead of a key, kept for this tab.
        await TabToAsync(page, "input[name=kind]");
        await keyboard.PressAsync("ArrowRight");
        await TabToAsync(page, "input[name=credential]");
        await keyboard.TypeAsync(ticket);
        await TabToAsync(page, ".check input");
        await keyboard.PressAsync("Space");
        await TabToAsync(page, "button[type=submit]");
        await keyboard.PressAsync("Enter");
        await visit.WaitForTruthAsync("live");
        await visit.RowWith("Вход").WaitForAsync();

        // The numbers lie over the list, and go away again.
        await TabToAsync(page, "main .only-narrow");
        await keyboard.PressAsync("Enter");
        await page.Locator(".sidebar.open").WaitForAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".sidebar.open")).ToHaveCountAsync(0);
        await TabToAsync(page, "main .only-narrow");
        await keyboard.PressAsync("Enter");
        await TabToAsync(page, $".numbers a[href='#/{Number}']");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Rows).ToHaveCountAsync(1);

        // A message: its code, its links, its text.
        await keyboard.PressAsync("j");
        await keyboard.PressAsync("Enter");
        await visit.Detail.Locator(".whole-text").WaitForAsync();
        await TabToAsync(page, ".detail .code");
        await keyboard.PressAsync("Enter");
        await page.Locator(".toast", new() { HasText = "Code copied" }).WaitForAsync();
        await TabToAsync(page, ".detail .buttons button:first-child");
        await keyboard.PressAsync("Enter");
        await TabToAsync(page, ".whole-text a");
        await TabToAsync(page, ".detail .buttons button:last-child");
        await keyboard.PressAsync("Enter");
        await page.Locator(".toast", new() { HasText = "Text copied" }).WaitForAsync();
        Assert.Equal("Вход: https://bank.example/in код 471108", await visit.ClipboardAsync());
        await TabToAsync(page, ".detail .icon-button");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Detail).ToHaveCountAsync(0);
        await ExpectFocusAsync(page, "900");

        // Settings: covering, language, signing out.
        await TabToAsync(page, "main .only-narrow");
        await keyboard.PressAsync("Enter");
        await TabToAsync(page, ".settings .check input");
        await keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator(".excerpt .covered")).ToHaveCountAsync(1);
        await TabToAsync(page, ".settings button[lang=ru]");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "ru");
        await TabToAsync(page, ".settings button:last-child");
        await keyboard.PressAsync("Enter");
        await page.Locator("input[name=credential]").WaitForAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Keys_OfTheBrowser_StayTheBrowsersAndThoseOfARussianKeyboardAreOurs()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "Код 4711"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.RowWith("4711").WaitForAsync();
        await visit.Page.EvaluateAsync("addEventListener('keydown', event => window.taken = event.defaultPrevented)");

        foreach (var key in (string[])["Control+c", "Alt+j", "Meta+k", "Control+/", "ArrowDown", "F1"])
        {
            await visit.Page.EvaluateAsync("window.taken = null");
            await visit.Page.Keyboard.PressAsync(key);

            Assert.True(await visit.Page.EvaluateAsync<bool>("window.taken === false"), key);
            Assert.Null(await visit.FocusedRowAsync());
            Assert.Equal("", await visit.Page.Locator(".toast").InnerTextAsync());
        }

        await visit.Page.EvaluateAsync("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'о', bubbles: true }))");

        await ExpectFocusAsync(visit.Page, "900");
    }

    private static Task ExpectFocusAsync(IPage page, string sender) =>
        Assertions.Expect(page.Locator(".row .from:focus")).ToHaveTextAsync(sender);

    /// <summary>Presses Tab until an element has the focus.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"Tab does not reach {selector}.");
    }
}
