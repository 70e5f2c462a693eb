using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Browser;

/// <summary>A page of another site reads the stream in a browser: with fetch, a key in a header, and CORS.</summary>
public sealed class StreamPageTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Page_OfAnAllowedOrigin_ShowsTheMessageThatArrives()
    {
        await using var site = await StartSiteAsync();
        var account = fixture.Simulator.NewAccount();
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, ("Cache:Freshness", "00:00:00.2"), ("Cors:Origins:0", site.Urls.First()));
        var page = await chromium.NewPageAsync();

        await page.GotoAsync(AddressOf(site, gateway));
        await page.Locator("#state", new() { HasText = "open" }).WaitForAsync();
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "Sberbank", "Ваш код 4711"));

        await page.Locator("li", new() { HasText = "Sberbank: Ваш код 4711" }).WaitForAsync();
        Assert.Equal(1, await page.Locator("li").CountAsync());
    }

    [Fact]
    public async Task Page_OfAForeignOrigin_GetsNothing()
    {
        await using var site = await StartSiteAsync();
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, fixture.Simulator.NewAccount(), null, ("Cors:Origins:0", "https://shop.example.com"));
        var page = await chromium.NewPageAsync();

        await page.GotoAsync(AddressOf(site, gateway));

        await page.Locator("#state", new() { HasText = "refused: TypeError" }).WaitForAsync();
        Assert.Equal(0, await page.Locator("li").CountAsync());
    }

    private static string AddressOf(WebApplication site, RunningGateway gateway) =>
        $"{site.Urls.First()}/?gateway={WebUtility.UrlEncode(gateway.BaseAddress.ToString())}";

    private static async Task<WebApplication> StartSiteAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/", () => TypedResults.Content(Script, "text/html; charset=utf-8"));
        await site.StartAsync();
        return site;
    }

    // This is the client of docs/feed.md.
    private const string Script =
        $$"""
        <!doctype html>
        <p id="state">connecting</p>
        <ul></ul>
        <script type="module">
          const gateway = new URLSearchParams(location.search).get("gateway");
          const state = document.querySelector("#state");
          let lastId;

          async function follow(show) {
            const headers = { "X-Api-Key": "{{RunningGateway.Key}}" };
            if (lastId) headers["Last-Event-ID"] = lastId;
            const response = await fetch(gateway + "messages/stream", { headers });
            if (!response.ok) throw new Error(`status ${response.status}`);
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            for (let text = ""; ;) {
              const { value, done } = await reader.read();
              if (done) return;
              text += value;
              for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
                const event = {};
                for (const line of text.slice(0, end).split("\n")) {
                  const colon = line.indexOf(": ");
                  event[line.slice(0, colon)] = line.slice(colon + 2);
                }
                if (event.event === "message") show(JSON.parse(event.data));
                if (event.id) { lastId = event.id; state.textContent = "open"; }
              }
            }
          }

          follow(message => {
            const item = document.createElement("li");
            item.textContent = `${message.sender}: ${message.text}`;
            document.querySelector("ul").append(item);
          }).catch(fault => state.textContent = `refused: ${fault.name}`);
        </script>
        """;
}
