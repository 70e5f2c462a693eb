using System.Collections.Concurrent;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>
/// What the page costs over a slow link: 1.6 Mbit/s and 150 ms, as Lighthouse has it for phones. The bytes are a promise; the times are
/// printed for docs/performance.md, because they depend on the machine.
/// </summary>
public sealed class InboxPaintTests(ChromiumFixture chromium, SandboxFixture sandbox, ITestOutputHelper output)
    : IClassFixture<ChromiumFixture>, IClassFixture<SandboxFixture>
{
    private const double BytesPerSecond = 1_600_000 / 8.0;
    private const int MostBytes = 32_000;

    [Fact]
    public async Task FirstView_OverASlowLink_TakesFewBytes()
    {
        var page = await chromium.NewPageAsync();
        var browser = await page.Context.NewCDPSessionAsync(page);
        var bytes = new ConcurrentBag<double>();
        await browser.SendAsync("Network.enable");
        await browser.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 150,
            ["downloadThroughput"] = BytesPerSecond,
            ["uploadThroughput"] = BytesPerSecond / 2,
        });
        browser.Event("Network.loadingFinished").OnEvent += (_, message) =>
            bytes.Add(message!.Value.GetProperty("encodedDataLength").GetDouble());

        await page.GotoAsync(new Uri(sandbox.Sandbox.Gateway, "inbox").ToString());
        await page.Locator("form.card").WaitForAsync();
        var paint = await page.EvaluateAsync<JsonElement>(
            """
            () => new Promise(resolve => new PerformanceObserver(list => {
              const paint = list.getEntriesByName("first-contentful-paint")[0];
              if (paint) resolve({ first: paint.startTime, loaded: performance.getEntriesByType("navigation")[0].loadEventEnd });
            }).observe({ type: "paint", buffered: true }))
            """);

        output.WriteLine($"First contentful paint after {paint.GetProperty("first").GetDouble():F0} ms, loaded after "
            + $"{paint.GetProperty("loaded").GetDouble():F0} ms; {bytes.Sum():F0} bytes in {bytes.Count} answers, headers included.");
        Assert.InRange(bytes.Sum(), 10_000, MostBytes);
        Assert.True(paint.GetProperty("first").GetDouble() > 0);
    }
}
