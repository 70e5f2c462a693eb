using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>The bytes of a page, which other teams' programs read.</summary>
public sealed class PageJsonTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    [Fact]
    public async Task Page_IsWrittenAsTheContractShowsIt()
    {
        noon.Account.AddMessages(GatewayAtNoon.Sms("2026-03-10 09:05:07", "Тест \"кавычки\" & <теги> \\ 😀 \u2028 +"));
        using var response = await noon.Client.GetAsync("/rented-numbers/79021234567/messages?from=2026-03-10&to=2026-03-10");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Matches(
            """^\{"items":\[\{"id":"20260310-[0-9A-Z]{12}","rentedNumber":"79021234567","sender":"79161234567","receivedAt":"2026-03-10T09:05:07\+03:00","text":".*"\}\],"nextCursor":null,"completeUntil":"2026-03-11T00:00:00\+03:00","stale":false,"problems":\[\]\}$""",
            text);
        Assert.Contains("Тест \\\"кавычки\\\" & <теги> \\\\ ", text, StringComparison.Ordinal);
        Assert.Contains(" +\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2028", text, StringComparison.Ordinal);
        Assert.Equal("Тест \"кавычки\" & <теги> \\ 😀 \u2028 +", GatewayAtNoon.Texts(await GatewayAtNoon.ReadAsync(response)).Single());
    }

    [Fact]
    public async Task CompleteUntil_OfTheOpenDay_HasWholeSecondsAndTheZonesOffset()
    {
        noon.Clock.Advance(TimeSpan.FromMilliseconds(1234.5));
        foreach (var query in (string[])["", "?order=asc", "?order=asc&cursor=now",
            "?from=2026-03-11T09:00:00.25Z&to=2026-03-11T09:00:00.75Z"])
        {
            var page = await noon.Gateway.GetAsync("/messages" + query);
            Assert.Matches(@"^2026-03-11T12:00:0\d\+03:00$", page.GetProperty("completeUntil").GetString());
        }
    }

    [Fact]
    public async Task LoneSurrogates_AreReplacedAndReportedNowhereElse()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-10 09:05:07", "a\ud800b"));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);

        var page = await gateway.GetAsync("/messages?from=2026-03-10&contains=B");

        Assert.Equal("a\ufffdb", GatewayAtNoon.Texts(page).Single());
    }

    [Theory]
    [InlineData("sender=79161234567", 1)]
    [InlineData("sender=%2B79161234567", 1)]
    [InlineData("sender=+79161234567", 1)]
    [InlineData("sender=sberBANK", 1)]
    [InlineData("sender=СБЕР", 1)]
    [InlineData("sender=900", 1)]
    [InlineData("sender=90", 0)]
    [InlineData("contains=КОД", 2)]
    [InlineData("contains=код", 2)]
    [InlineData("contains=%F0%9F%98%80", 1)]
    [InlineData("contains=😀", 1)]
    [InlineData("contains=100%25", 1)]
    [InlineData("contains=a%2Bb", 1)]
    [InlineData("contains=нет", 0)]
    [InlineData("contains=код&sender=900", 1)]
    public async Task Filters_FindWhatTheyShould(string query, int count)
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(
            GatewayAtNoon.Sms("2026-03-10 09:00:00", "Ваш КоД 1"),
            GatewayAtNoon.Sms("2026-03-10 09:00:01", "код 2", sender: "900"),
            GatewayAtNoon.Sms("2026-03-10 09:00:02", "привет 😀", sender: "Sberbank"),
            GatewayAtNoon.Sms("2026-03-10 09:00:03", "скидка 100% a+b", sender: "сбер"));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);

        foreach (var order in (string[])["asc", "desc"])
        {
            var page = await gateway.GetAsync($"/messages?from=2026-03-10&order={order}&{query}");
            Assert.Equal(count, page.GetProperty("items").GetArrayLength());
        }
    }
}
