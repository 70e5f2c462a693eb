using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Tickets;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Browser;

/// <summary>
/// A page of another site gets tickets from its own back-end and follows a number by native <c>EventSource</c>, with the script of
/// docs/front-ends.md.
/// </summary>
public sealed class TicketPageTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private Uri? gatewayOfSite;

    // The page fetches the next ticket at half of this.
    private int ticketSeconds = 2;
    private int tickets;

    [Fact]
    public async Task Page_WithTickets_ShowsEachMessageOnceAcrossTheirEnds()
    {
        Assert.Equal(15, FrontEndsPage.Script.Trim().Split('\n').Length);
        await using var site = await StartSiteAsync();
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(account, site.Urls.First());
        gatewayOfSite = gateway.BaseAddress;
        var page = await chromium.NewPageAsync();
        var sent = new ConcurrentBag<string>();
        page.Request += (_, request) => sent.Add($"{request.Url} {string.Join(' ', request.Headers.Select(header => $"{header.Key}: {header.Value}"))}");

        await page.GotoAsync(AddressOf(site, gateway));
        await Eventually.TrueAsync(() => sent.Any(request => request.Contains("/stream?", StringComparison.Ordinal)), "no stream was opened", seconds: 60);
        for (var message = 1; message <= 6; message++)
        {
            // A message for each ticket.
            var before = Volatile.Read(ref tickets);
            account.AddMessages(new SimulatorMessage(RunningGateway.Number, "Ozon", $"message {message}"));
            await page.Locator("li", new() { HasText = $"message {message}" }).WaitForAsync();
            await Eventually.TrueAsync(() => Volatile.Read(ref tickets) > before, "no new ticket is fetched", seconds: 60);
        }

        Assert.Equal(
            Enumerable.Range(1, 6).Select(message => $"message {message}"), await page.Locator("li").AllInnerTextsAsync());
        Assert.DoesNotContain(sent, request => request.Contains(RunningGateway.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(sent, request => request.Contains("referer: ", StringComparison.OrdinalIgnoreCase)
            && request[request.IndexOf("referer: ", StringComparison.OrdinalIgnoreCase)..].Contains("ticket", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_WhoseTicketIsEndedEarly_GoesOnWithoutALossWhenItGetsAnother()
    {
        await using var site = await StartSiteAsync();
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(account, site.Urls.First());
        (gatewayOfSite, ticketSeconds) = (gateway.BaseAddress, 600);
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(AddressOf(site, gateway));
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "no stream was opened", seconds: 60);
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "Ozon", "before"));
        await page.Locator("li", new() { HasText = "before" }).WaitForAsync();

        // The key of the back-end is taken away, and comes back.
        gateway.Reload(("Authentication:ApiKeys:0:Sha256", RunningGateway.Hash("another")));
        await Eventually.TrueAsync(() => gateway.Polls() == 0, "the stream goes on", seconds: 60);
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "Ozon", "between"));
        gateway.Reload();

        await page.Locator("li", new() { HasText = "between" }).WaitForAsync();
        Assert.Equal(["before", "between"], await page.Locator("li").AllInnerTextsAsync());
    }

    [Theory]
    [InlineData(true, "201")]
    [InlineData(false, "TypeError")]
    public async Task Page_MakesATicketItself_IfItsOriginIsAllowed(bool isAllowed, string expected)
    {
        await using var site = await StartSiteAsync();
        await using var gateway = Start(fixture.Simulator.NewAccount(), isAllowed ? site.Urls.First() : "https://shop.example.com");
        var page = await chromium.NewPageAsync();
        await page.GotoAsync($"{site.Urls.First()}/empty");

        var outcome = await page.EvaluateAsync<string>(
            """
            async ([address, key]) => {
              try {
                const headers = { "X-Api-Key": key, "Content-Type": "application/json" };
                return String((await fetch(address + "tickets", { method: "POST", headers, body: '{"expiresIn":60}' })).status);
              } catch (fault) { return fault.name; }
            }
            """,
            new[] { gateway.BaseAddress.ToString(), RunningGateway.Key });

        Assert.Equal(expected, outcome);
    }

    private RunningGateway Start(SimulatedAccount account, string origin) => RunningGateway.Start(
        fixture.Simulator, account, null, ("Cache:Freshness", "00:00:00.2"), ("Cors:Origins:0", origin));

    private static string AddressOf(WebApplication site, RunningGateway gateway) =>
        $"{site.Urls.First()}/?{Uri.EscapeDataString($"{gateway.BaseAddress}rented-numbers/{RunningGateway.Number}/messages")}";

    private async Task<WebApplication> StartSiteAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/", () => TypedResults.Content(Page, "text/html; charset=utf-8"));
        site.MapGet("/empty", () => TypedResults.Content("<!doctype html>", "text/html; charset=utf-8"));
        site.MapPost("/ticket", async (CancellationToken cancellationToken) =>
        {
            using var client = new HttpClient { BaseAddress = gatewayOfSite };
            client.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);
            using var answer = await client.PostAsJsonAsync(
                "tickets", new { numbers = (string[])[RunningGateway.Number], expiresIn = ticketSeconds }, cancellationToken);
            Interlocked.Increment(ref tickets);
            return TypedResults.Json(await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken), statusCode: (int)answer.StatusCode);
        });
        await site.StartAsync();
        return site;
    }

    private static string Page =>
        $$"""
        <!doctype html>
        <ul></ul>
        <script type="module">
          {{FrontEndsPage.Script}}
          follow(decodeURIComponent(location.search.slice(1)), message => {
            const item = document.createElement("li");
            item.textContent = message.text;
            document.querySelector("ul").append(item);
          });
        </script>
        """;
}
