using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Anyone can send an SMS to a rented number, make a link, or frame a page. None of it does anything to whoever reads.</summary>
public sealed class InboxAttackTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const string OtherNumber = "79021234568";

    private static readonly string[] HostileTexts =
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<svg onload=alert(1)><style>*{display:none}</style></svg>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href=\"javascript:alert(1)\">Войти в банк</a>",
        "javascript:alert(document.cookie)",
        "\"><b style=\"position:fixed;inset:0\">x</b>",
        "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
        "<!--<plaintext><textarea></title></style>",
        "data:text/html,<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ];

    [Fact]
    public async Task Texts_ThatAreHostile_AreShownAsTheyAreAndDoNothing()
    {
        var account = fixture.Simulator.NewAccount();
        var now = TimeProvider.System.GetUtcNow();
        account.AddMessages(HostileTexts.Select((text, index) => new SimulatorMessage(Number, "Sberbank<b>", text) { ReceivedAt = now.AddMinutes(-index) }));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);

        Assert.Equal(HostileTexts, await visit.Page.Locator(".row .excerpt").AllInnerTextsAsync());
        foreach (var text in HostileTexts)
        {
            await visit.Page.Keyboard.PressAsync("j");
            if (text == HostileTexts[0])
            {
                await visit.Page.Keyboard.PressAsync("Enter");
            }

            await Assertions.Expect(visit.Detail.Locator(".whole-text")).ToHaveTextAsync(text);
            Assert.Equal(text, await visit.Detail.Locator(".whole-text").InnerTextAsync());
            Assert.Equal("Sberbank<b>", await visit.Detail.Locator("#detail-title").InnerTextAsync());
            Assert.Equal(0, await visit.Page.Locator("#app :is(img, script, style, iframe, b, textarea, plaintext)").CountAsync());
            Assert.Equal(0, await visit.Page.Locator(".whole-text a, .excerpt a").CountAsync());
        }

        Assert.Empty(visit.Faults);
        Assert.All(visit.Requests, address => Assert.StartsWith(gateway.BaseAddress.ToString(), address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_WithSignsOfDirection_ShowsThemAndTurnsNothingAround()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "bank\u202eabc", "Open photo\u202egpj.exe\u2066 now \u200b!"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.Page.Locator(".row .from").ClickAsync();
        await visit.Detail.Locator(".whole-text .mark").First.WaitForAsync();

        Assert.Equal(["RLO", "LRI", "U+200B"], await visit.Detail.Locator(".whole-text .mark").AllInnerTextsAsync());
        Assert.DoesNotMatch("[\u202a-\u202e\u2066-\u2069\u200b]", await visit.Page.Locator("body").InnerTextAsync());
    }

    [Fact]
    public async Task Links_InATextUntilAskedFor_AreText()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "Вход: https://bank.example/in?a=1. Или javascript:alert(1)"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.Page.Locator(".row .from").ClickAsync();
        var text = visit.Detail.Locator(".whole-text");
        await text.WaitForAsync();
        Assert.Equal(0, await text.Locator("a").CountAsync());

        await visit.Detail.Locator("button", new() { HasText = "Make links clickable" }).ClickAsync();

        var link = text.Locator("a");
        Assert.Equal("https://bank.example/in?a=1", await link.GetAttributeAsync("href"));
        Assert.Equal("noopener noreferrer nofollow", await link.GetAttributeAsync("rel"));
        Assert.Equal(1, await link.CountAsync());
    }

    [Fact]
    public async Task Text_OfAMegabyte_IsShownInPartAndWholeOnDemand()
    {
        var text = string.Join(' ', Enumerable.Repeat("<b>Длинно</b>", 80_000));
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", text), new SimulatorMessage(Number, "900", new string('я', 10_000)));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);

        var shown = visit.Detail.Locator(".whole-text");
        var more = visit.Detail.Locator("button", new() { HasText = "Show all" });

        await visit.RowWith("Длинно").Locator(".from").ClickAsync();
        await more.WaitForAsync();
        Assert.Equal(text[..10_000], await shown.TextContentAsync());
        await more.ClickAsync();
        await Eventually.TrueAsync(async () => await shown.TextContentAsync() == text, "the whole text is there", seconds: 60);

        await visit.RowWith("яяя").Locator(".from").ClickAsync();
        await Eventually.TrueAsync(async () => await shown.TextContentAsync() == new string('я', 10_000), "10,000 characters are shown at once", seconds: 60);
        Assert.Equal(0, await more.CountAsync());
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Page_OfAnotherSite_CannotFrameIt()
    {
        await using var gateway = InboxVisit.StartGateway(fixture, fixture.Simulator.NewAccount());
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        await using var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/", () => TypedResults.Content(
            $"<!doctype html><iframe src='{gateway.BaseAddress}inbox'></iframe>", "text/html; charset=utf-8"));
        await site.StartAsync();
        var page = await chromium.NewPageAsync();

        await page.GotoAsync(site.Urls.First());

        var frame = page.Frames[1];
        await Eventually.TrueAsync(() => frame.Url.StartsWith("chrome-error:", StringComparison.Ordinal), "the browser refuses the frame", seconds: 60);
        Assert.Equal(0, await frame.Locator("#app").CountAsync());
    }

    [Fact]
    public async Task Address_WithANumberOfOthers_ShowsNothingOfIt()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "own"), new SimulatorMessage(OtherNumber, "900", "secret"));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        var page = await gateway.GetAsync($"/rented-numbers/{OtherNumber}/messages");
        var id = page.GetProperty("items")[0].GetProperty("id").GetString();
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, $"#/{OtherNumber}/{id}");

        await visit.SignInAsync(RunningGateway.NarrowKey);

        await visit.Page.Locator(".list-end .fault", new() { HasText = "You may not read this number" }).WaitForAsync();
        await visit.Detail.Locator(".fault", new() { HasText = "You may not read this number" }).WaitForAsync();
        await visit.GoToAsync($"#/all/{id}");
        await visit.Detail.Locator(".fault", new() { HasText = "Not found" }).WaitForAsync();
        Assert.DoesNotContain("secret", await visit.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_WithACredential_SignsNobodyIn()
    {
        await using var gateway = InboxVisit.StartGateway(fixture, fixture.Simulator.NewAccount());
        foreach (var address in (string[])["?ticket=stolen#/all", "#/all?ticket=stolen", "?key=test-key"])
        {
            await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, address);

            Assert.Equal("", await visit.Page.Locator("input[name=credential]").InputValueAsync());
            Assert.All(visit.Requests, request => Assert.Contains("/inbox", request, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Credential_OfAVisit_StaysInMemoryUnlessItMayBeKept()
    {
        await using var gateway = InboxVisit.StartGateway(fixture, fixture.Simulator.NewAccount());
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        const string Kept = "JSON.stringify({ ...sessionStorage, ...localStorage }) + document.cookie";
        Assert.DoesNotContain(RunningGateway.Key, await visit.Page.EvaluateAsync<string>(Kept), StringComparison.Ordinal);
        await visit.Page.ReloadAsync();

        await visit.Page.Locator(".check input").CheckAsync();
        await visit.SignInAsync(RunningGateway.Key);
        await visit.WaitForTruthAsync("live");
        await visit.Page.ReloadAsync();
        await visit.WaitForTruthAsync("live");
        await visit.Page.Locator(".settings button:last-child").ClickAsync();

        await visit.Page.Locator("input[name=credential]").WaitForAsync();
        Assert.DoesNotContain(RunningGateway.Key, await visit.Page.EvaluateAsync<string>(Kept), StringComparison.Ordinal);
        Assert.DoesNotContain(visit.Requests, request => request.Contains(RunningGateway.Key, StringComparison.Ordinal));
    }
}
