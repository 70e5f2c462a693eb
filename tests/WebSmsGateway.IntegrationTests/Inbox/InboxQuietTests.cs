using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>The first minute in the sandbox, and what the page asks for on the way.</summary>
public sealed class InboxQuietTests(ChromiumFixture chromium, SandboxFixture sandbox)
    : IClassFixture<ChromiumFixture>, IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Sandbox_InItsFirstMinute_ShowsWhatTheProductDoes()
    {
        await using var visit = await InboxVisit.OpenAsync(chromium, sandbox.Sandbox.Gateway);
        var page = visit.Page;
        Assert.Equal(SandboxFixture.Key, await page.Locator("input[name=credential]").InputValueAsync());
        await page.Locator("button[type=submit]").ClickAsync();
        await visit.WaitForTruthAsync("live");

        await page.Locator("input[name=sms-sender]").FillAsync("Inbox");
        await page.Locator("textarea[name=sms-text]").FillAsync("Проверка: код 918273");
        await page.Locator(".sandbox button[type=submit]").ClickAsync();
        await visit.RowWith("Проверка").Locator(".code", new() { HasText = "918273" }).WaitForAsync();

        await page.Locator("input[name=fault-status]").CheckAsync();
        await visit.WaitForTruthAsync("stale");
        await page.Locator("input[name=fault-status]").UncheckAsync();
        await visit.WaitForTruthAsync("live");

        await page.Locator(".numbers a").Nth(1).ClickAsync();
        await page.Locator(".chip input").CheckAsync(new() { Force = true });
        await visit.Rows.First.Locator(".code").ClickAsync();
        await visit.Rows.First.Locator(".from").ClickAsync();
        await visit.Detail.WaitForAsync();
        await page.Locator(".settings button", new() { HasText = "Русский" }).ClickAsync();
        await page.Locator(".truth", new() { HasText = "На связи" }).WaitForAsync();
        Assert.Equal("ru", await page.Locator("html").GetAttributeAsync("lang"));

        Assert.All(visit.Requests, address => Assert.StartsWith(sandbox.Sandbox.Gateway.ToString(), address, StringComparison.Ordinal));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Sandbox_ByKeyboardAlone_SendsAnSmsOfTenThousandCharacters()
    {
        await using var visit = await InboxVisit.SignedInAsync(chromium, sandbox.Sandbox.Gateway, key: SandboxFixture.Key);
        var (page, keyboard) = (visit.Page, visit.Page.Keyboard);
        var text = $"По клавишам: {new string('ж', 9_980)} конец";
        await page.Locator("select").FocusAsync();

        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Control+a");
        await keyboard.TypeAsync("Keys");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Control+a");
        await keyboard.InsertTextAsync(text);
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");
        await page.Locator(".toast", new() { HasText = "Sent" }).WaitForAsync();
        await visit.RowWith("По клавишам").Locator(".from").FocusAsync();
        await keyboard.PressAsync("Enter");

        await Assertions.Expect(visit.Detail.Locator(".whole-text")).ToHaveTextAsync(text);
        Assert.Equal("Keys", await visit.Detail.Locator("#detail-title").InnerTextAsync());
        Assert.Empty(visit.Faults);
    }

    [Theory]
    [InlineData("ru-RU", "Вход")]
    [InlineData("de-DE", "Sign in")]
    public async Task Language_OfTheBrowser_IsThatOfThePage(string locale, string title)
    {
        await using var visit = await InboxVisit.OpenAsync(chromium, sandbox.Sandbox.Gateway, locale: locale);

        Assert.Equal(title, await visit.Page.Locator("h1").InnerTextAsync());
    }

    [Fact]
    public async Task Page_BehindAProxyWithAPrefix_Works()
    {
        await using var nginx = await NginxServer.StartAsync(sandbox.Sandbox.Gateway, "/sms/", "");
        await using var visit = await InboxVisit.SignedInAsync(chromium, new Uri(nginx.Address, "sms/"), key: SandboxFixture.Key);

        await visit.Rows.First.WaitForAsync();
        await visit.Page.Locator(".sandbox form").WaitForAsync();

        Assert.All(visit.Requests, address => Assert.StartsWith($"{nginx.Address}sms/", address, StringComparison.Ordinal));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Address_OfAView_ShowsTheSameToAnotherPerson()
    {
        await using var visit = await InboxVisit.SignedInAsync(chromium, sandbox.Sandbox.Gateway, "#/79021234567?code=1", SandboxFixture.Key);
        await visit.Rows.First.Locator(".from").ClickAsync();
        await visit.Detail.Locator(".whole-text").WaitForAsync();
        var (fragment, text) = (new Uri(visit.Page.Url).Fragment, await visit.Detail.Locator(".whole-text").InnerTextAsync());

        await using var other = await InboxVisit.SignedInAsync(chromium, sandbox.Sandbox.Gateway, fragment, SandboxFixture.Key);

        await other.Detail.Locator(".whole-text", new() { HasText = text }).WaitForAsync();
        await Assertions.Expect(other.Page.Locator(".chip input")).ToBeCheckedAsync();
        Assert.DoesNotContain(visit.Requests.Concat(other.Requests), address => address.Contains('#', StringComparison.Ordinal));
    }
}
