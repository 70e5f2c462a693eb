using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Texts of every script and length on the narrowest screen, in both languages, and motion for those who want it.</summary>
public sealed class InboxTextTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const string Family = "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇷🇺 1️⃣";

    private static readonly (string Text, bool IsFromTheRight)[] Texts =
    [
        ("שלום, הקוד שלך הוא 471108", true),
        ("مرحبا، رمز التحقق الخاص بك هو 380712", true),
        (Family, false),
        (string.Concat(Enumerable.Repeat(Family, 40)), false),
        (new string('я', 10_000), false),
        ("https://bank.example/" + new string('a', 2_000), false),
        ("1\n2\n3\n\n\n\tx", false),
    ];

    [Fact]
    public async Task Texts_OnTheNarrowestScreen_AreWholeAndKeepToIt()
    {
        var account = fixture.Simulator.NewAccount();
        var now = TimeProvider.System.GetUtcNow();
        account.AddMessages(Texts.Select((item, index) => new SimulatorMessage(Number, "إعلان", item.Text) { ReceivedAt = now.AddMinutes(-index) }));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress, width: 320);

        await Assertions.Expect(visit.Rows).ToHaveCountAsync(Texts.Length);
        await ExpectWithinScreenAsync(visit);
        for (var index = 0; index < Texts.Length; index++)
        {
            var (text, isFromTheRight) = Texts[index];
            var row = visit.Rows.Nth(index);
            await row.Locator(".from").ClickAsync();
            var whole = visit.Detail.Locator(".whole-text");
            await whole.WaitForAsync();

            Assert.Equal(text, await whole.TextContentAsync());
            await ExpectWithinScreenAsync(visit);
            foreach (var place in (ILocator[])[row.Locator(".excerpt"), whole.Locator("p")])
            {
                Assert.Equal(isFromTheRight ? "rtl" : "ltr", await place.EvaluateAsync<string>("text => getComputedStyle(text).direction"));
            }

            await visit.Page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(visit.Detail).ToHaveCountAsync(0);
        }

        Assert.Empty(visit.Faults);
    }

    [Theory]
    [InlineData("ru-RU", "1 сообщение за 7 дней", "На связи", "Только с кодом", "26 мая 2024 г.")]
    [InlineData("en-GB", "1 message in 7 days", "Live", "Only with a code", "26 May 2024")]
    public async Task Page_InBothLanguages_CountsAndDatesAsTheyDo(string locale, string count, string truth, string filter, string date)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage(Number, "900", "now"), new SimulatorMessage(Number, "900", "long ago") { LocalTime = new DateTime(2024, 5, 26, 23, 59, 59) });
        await using var gateway = InboxVisit.StartGateway(fixture, account, ("Limits:MaxRange", "1000.00:00:00"));
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, locale: locale);
        await visit.SignInAsync(RunningGateway.Key);
        await visit.Page.Locator(".truth.live", new() { HasText = truth }).WaitForAsync();

        Assert.Equal(count, await visit.Page.Locator(".numbers a[title]").GetAttributeAsync("title"));
        await visit.Page.Locator(".chip", new() { HasText = filter }).WaitForAsync();

        // History goes on for as long as there is any, by the button where a year was silent.
        for (var windows = 0; windows < 6 && await visit.RowWith("long ago").CountAsync() == 0; windows++)
        {
            var reached = visit.Page.Locator(".list-end p.small");
            var before = await reached.InnerTextAsync();
            await visit.Page.Locator(".list-end button").ClickAsync();
            await Assertions.Expect(reached).Not.ToHaveTextAsync(before);
        }

        var day = visit.Page.Locator(".day", new() { HasText = date });
        Assert.EndsWith("Europe/Moscow (GMT+3)", await day.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("23:59", await visit.RowWith("long ago").Locator("time").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_Together_ShowTheSameOfPagesAndOfTheStream()
    {
        var account = fixture.Simulator.NewAccount();
        (string Sender, string Text)[] messages =
            [("Bank", "Код 471108 для входа"), ("bank", "Код 380712 для оплаты"), ("Bank", "Остаток 100"), ("Shop", "Код 555111 для входа")];
        account.AddMessages(messages.Select(message => new SimulatorMessage(Number, message.Sender, message.Text)));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);

        await visit.Page.Locator("input[name=sender]").FillAsync("BANK");
        await visit.Page.Locator("input[name=text]").FillAsync("КОД");
        await visit.Page.Locator(".chip").ClickAsync();
        await Assertions.Expect(visit.Rows).ToHaveCountAsync(2);
        account.AddMessages(messages.Select(message => new SimulatorMessage(Number, message.Sender, $"{message.Text}!")));

        await Assertions.Expect(visit.Rows).ToHaveCountAsync(4);
        Assert.EndsWith("#/all?sender=BANK&text=%D0%9A%D0%9E%D0%94&code=1", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.Locator("button", new() { HasText = "Clear filters" }).ClickAsync();
        await Assertions.Expect(visit.Rows).ToHaveCountAsync(8);
        Assert.EndsWith("#/all", visit.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReducedMotion.Reduce, 0)]
    [InlineData(ReducedMotion.NoPreference, 1)]
    public async Task Motion_WhereItIsNotWanted_IsNone(ReducedMotion motion, int animations)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, motion: motion);
        await visit.Page.EvaluateAsync("addEventListener('animationstart', () => window.started = (window.started ?? 0) + 1)");
        await visit.SignInAsync(RunningGateway.Key);
        await visit.WaitForTruthAsync("live");
        await visit.Page.EvaluateAsync("window.started = 0");

        account.AddMessages(new SimulatorMessage(Number, "900", "moves"));
        await visit.RowWith("moves").WaitForAsync();

        // The next frame begins what the style asks for.
        await visit.Page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        Assert.Equal(animations, await visit.Page.EvaluateAsync<int>("window.started"));
    }

    private static async Task ExpectWithinScreenAsync(InboxVisit visit) =>
        Assert.False(await visit.Page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.rows, .detail')].some(box => box.scrollWidth > box.clientWidth)"));
}
