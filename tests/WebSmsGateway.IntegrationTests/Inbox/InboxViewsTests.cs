using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>
/// Each view, in both schemes and on a wide and a narrow screen: axe finds nothing (WCAG 2.2 AA), and nothing is wider than the screen. With
/// <c>SCREENSHOTS=folder</c> the same walk saves a picture of each.
/// </summary>
public sealed class InboxViewsTests(ChromiumFixture chromium, SimulatorFixture fixture, SandboxFixture sandbox)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>, IClassFixture<SandboxFixture>
{
    private const string Number = RunningGateway.Number;

    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    /// <summary>
    /// Widths, each with a language. Texts are longer in Russian, so that is the one for the narrowest screen. What fits there fits on 375 pixels,
    /// which are walked for pictures only.
    /// </summary>
    public static TheoryData<int, string> Screens
    {
        get
        {
            var screens = new TheoryData<int, string> { { 1280, "en-GB" }, { 320, "ru-RU" } };
            if (Folder is { Length: > 0 })
            {
                screens.Add(1280, "ru-RU");
                screens.Add(375, "ru-RU");
                screens.Add(375, "en-GB");
            }

            return screens;
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Views_InBothSchemesAndOnEachScreen_AreAccessible(int width, string locale)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(SomeMessages());
        await using var gateway = InboxVisit.StartGateway(
            fixture, account, ("RentedNumbers:0:Number", Number), ("RentedNumbers:0:Label", "Касса"), ("RentedNumbers:1:Number", "79029876543"),
            ("RentedNumbers:1:Label", "Доставка"), ("RentedNumbers:2:Number", "79025550123"), ("RentedNumbers:2:ExpectWithin", "00:05:00"));
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, width: width, locale: locale);
        var page = visit.Page;
        Task CheckAsync(string name) => CheckBothSchemesAsync(page, $"{name}-{locale[..2]}-{width}");

        await page.Locator("form.card").WaitForAsync();
        await CheckAsync("sign-in");
        await page.Locator("form.card button[type=submit]").ClickAsync();
        await page.Locator("#sign-in-fault").WaitForAsync();
        await CheckAsync("sign-in-fault");

        await visit.SignInAsync(RunningGateway.Key);
        await visit.WaitForTruthAsync("live");
        await visit.RowWith("471108").First.WaitForAsync();
        await CheckAsync("list");

        await visit.RowWith("471108").First.Locator(".from").ClickAsync();
        await visit.Detail.Locator(".code").WaitForAsync();
        await CheckAsync("message");
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("?");
        await page.Locator("dialog[open]").WaitForAsync();
        await CheckAsync("keys");
        await page.Keyboard.PressAsync("Escape");

        if (width < 600)
        {
            await page.Locator("main .only-narrow").ClickAsync();
            await page.Locator(".sidebar.open").WaitForAsync();
            await CheckAsync("numbers");
            await page.Keyboard.PressAsync("Escape");
        }

        await page.Keyboard.PressAsync("m");
        await visit.Rows.Locator(".covered").First.WaitForAsync();
        await CheckAsync("covered");
        await page.Keyboard.PressAsync("m");

        await visit.GoToAsync("#/all?text=нигде");
        await page.Locator(".list-end h2").WaitForAsync();
        await CheckAsync("empty");
        await visit.GoToAsync("#/all");

        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.StatusCode(503)] };
        await visit.WaitForTruthAsync("stale");
        await visit.RowWith("471108").First.WaitForAsync();
        await CheckAsync("failing");
        Assert.Empty(visit.Faults);

        await gateway.DisposeAsync();
        await visit.WaitForTruthAsync("lost");
        await CheckAsync("lost");
    }

    [Fact]
    public async Task Views_OfTheSandbox_AreAccessible()
    {
        await using var visit = await InboxVisit.SignedInAsync(chromium, sandbox.Sandbox.Gateway, key: SandboxFixture.Key);

        await visit.Page.Locator(".sandbox form").WaitForAsync();

        await CheckBothSchemesAsync(visit.Page, "sandbox");
    }

    private static IEnumerable<SimulatorMessage> SomeMessages()
    {
        var now = TimeProvider.System.GetUtcNow();
        (string Number, string Sender, string Text)[] messages =
        [
            (Number, "Sberbank", "Никому не сообщайте код: 471108. Вход в СберБанк Онлайн."),
            ("79029876543", "79161234567", "Добрый день!\nПодскажите, до скольки вы сегодня работаете? Хочу забрать заказ после шести."),
            (Number, "Gosuslugi", "Код подтверждения: 380712. Не передавайте его третьим лицам"),
            ("79029876543", "CDEK", "Заказ 721993 прибыл в пункт выдачи по адресу: ул. Ленина, 5. Хранение 7 дней"),
            (Number, "Bank\u202eabc", "Вход: https://bank.example/in?a=1 \u2066 שלום עולם"),
            (Number, "79161234568", "Спасибо, всё получили!"),
            (Number, "example.com", "310706 is your example.com code.\n\n@example.com #310706"),
        ];
        for (var count = 0; count < 40; count++)
        {
            var (number, sender, text) = messages[count % messages.Length];
            yield return new SimulatorMessage(number, sender, text) { ReceivedAt = now.AddMinutes(-3 - (count * 47)) };
        }
    }

    private static async Task CheckBothSchemesAsync(IPage page, string name)
    {
        // No row is lit because the mouse happens to be there.
        await page.Mouse.MoveAsync(0, 0);
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await CheckAsync(page, $"{name}-{scheme}".ToLowerInvariant());
        }
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        if (Folder is { Length: > 0 })
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"inbox-{name}.png") });
        }

        var found = await page.RunAxe(Rules);
        Assert.True(
            found.Violations.Length == 0,
            $"{name}: " + string.Join('\n', found.Violations.Select(violation =>
                $"{violation.Id} {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html + node.Any.FirstOrDefault()?.Message))}")));
        Assert.NotEmpty(found.Passes);
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), $"{name} is wider than the screen.");
    }
}
