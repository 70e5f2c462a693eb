using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Http;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>One page takes one place in the page cache, however its request is written.</summary>
public sealed class PageSpellingTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string Path = "/rented-numbers/79021234567/messages";

    [Fact]
    public async Task Page_InFourThousandSpellings_TakesOnePlace()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(GatewayAtNoon.Sms("2026-03-01 11:00:00"));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        var cache = gateway.Services.GetRequiredService<PageCache>();
        string? expected = null;
        for (var i = 0; i < 4000; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, gateway.BaseAddress.ToString().TrimEnd('/') + Spelling(i));
            request.Headers.TryAddWithoutValidation("Accept", Accept(i));
            using var response = await gateway.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            expected ??= await response.Content.ReadAsStringAsync();
            Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        }

        Assert.Contains("2026-03-01T11:00:00", expected, StringComparison.Ordinal);
        Assert.Equal(1, cache.Count);
    }

    [Theory]
    [InlineData("?from=2026-03-01&to=2026-03-01&limit=1")]
    [InlineData("?from=2026-03-01&to=2026-03-01&order=asc")]
    [InlineData("?from=2026-03-01&to=2026-03-01&contains=x")]
    [InlineData("?from=2026-03-01&to=2026-03-01&sender=900")]
    [InlineData("?from=2026-03-01&to=2026-03-02")]
    [InlineData("?from=2026-03-01T00:00:01&to=2026-03-01")]
    public async Task Page_OfAnotherQuery_IsAnotherPage(string query)
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(
            GatewayAtNoon.Sms("2026-03-01 00:00:00"), GatewayAtNoon.Sms("2026-03-01 11:00:00"), GatewayAtNoon.Sms("2026-03-02 11:00:00"));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        await using var other = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        await gateway.GetAsync($"{Path}?from=2026-03-01&to=2026-03-01");

        Assert.Equal((await other.GetAsync(Path + query)).GetProperty("items").ToString(), (await gateway.GetAsync(Path + query)).GetProperty("items").ToString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=%2B100")]
    [InlineData("order=des")]
    [InlineData("FROM=2026-03-01")]
    [InlineData("hascod=1")]
    public async Task Page_RefusedWordsBesideThoseOfACachedPage_AreRefused(string words)
    {
        await noon.Client.GetStringAsync($"{Path}?from=2026-03-01&to=2026-03-01");

        using var response = await noon.Client.GetAsync($"{Path}?from=2026-03-01&to=2026-03-01&{words}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("application/xml", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json;q=0", HttpStatusCode.NotAcceptable)]
    [InlineData("text/csv", HttpStatusCode.OK)]
    public async Task Page_InAnotherFormatThanACachedPage_IsNotAnsweredFromIt(string accept, HttpStatusCode expected)
    {
        await noon.Client.GetStringAsync($"{Path}?from=2026-03-01&to=2026-03-01");

        using var response = await GatewayAtNoon.GetAsync(noon.Client, $"{Path}?from=2026-03-01&to=2026-03-01", "Accept", accept);

        Assert.Equal(expected, response.StatusCode);
        Assert.NotEqual("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    private static string Accept(int i) => (i % 4) switch
    {
        0 => "application/json",
        1 => $"application/json;v={i}",
        2 => $"text/html;level={i}, */*;q=0.{i}",
        _ => $"application/json, text/csv;q=0.{1 + (i % 9)}",
    };

    private static string Spelling(int i)
    {
        string[] words =
        [
            (i % 3) switch { 0 => "from=2026-03-01", 1 => "FROM=2026-03-01T00:00:00%2B03:00", _ => $"from=2026-03-01T00:00:00.0000000{i}" },
            i % 2 == 0 ? "to=2026-03-01" : "%74o=2026-03-0%31",
            (i % 5) switch { 0 => "limit=100", 1 => $"limit={new string('0', i % 50)}100", 2 => "Limit=100", _ => "" },
            (i % 7) switch { 0 => "order=desc", 1 => "ORDER=DESC", 2 => "wait=0", 3 => $"wait=0.{new string('0', i % 40)}", _ => "" },
        ];
        var begin = i % words.Length;
        var turned = words.Skip(begin).Concat(words.Take(begin)).Where(word => word.Length > 0);
        return $"{(i % 6 == 0 ? Path.Replace("/79", "/+79", StringComparison.Ordinal) : Path)}?{string.Join('&', turned)}";
    }
}
