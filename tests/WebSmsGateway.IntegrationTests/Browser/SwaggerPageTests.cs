using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Browser;

/// <summary>A developer opens Swagger UI in a browser, authorizes and tries requests.</summary>
public sealed class SwaggerPageTests(ChromiumFixture chromium, SandboxFixture sandbox)
    : IClassFixture<ChromiumFixture>, IClassFixture<SandboxFixture>
{
    private const string Pictures = "SCREENSHOTS";

    [Fact]
    public async Task TryItOut_AuthorizedWithTheSandboxKey_ShowsTheMessages()
    {
        var page = await OpenAsync();
        await AuthorizeAsync(page, "ApiKey", SandboxFixture.Key);

        var answer = await ExecuteAsync(page, "GetMessagesOfNumber");

        Assert.Equal("200", await StatusAsync(answer));
        var body = await answer.Locator("tbody .response-col_description").First.InnerTextAsync();
        Assert.Contains("\"text\": \"Тест\"", body, StringComparison.Ordinal);
        Assert.Contains("2013-03-11T12:09:01+04:00", body, StringComparison.Ordinal);
        await PictureAsync(page, "authorized");
    }

    [Fact]
    public async Task TryItOut_WithoutCredentials_ShowsWhy()
    {
        var page = await OpenAsync();

        var answer = await ExecuteAsync(page, "GetMessagesOfNumber");

        Assert.Equal("401", await StatusAsync(answer));
        Assert.Contains("unauthenticated", await answer.InnerTextAsync(), StringComparison.Ordinal);
        await PictureAsync(page, "unauthorized");
    }

    [Fact]
    public async Task TryItOut_AuthorizedWithAToken_SendsIt()
    {
        var page = await OpenAsync();
        await AuthorizeAsync(page, "Bearer", "not-a-token");

        var request = page.WaitForRequestAsync(sent => sent.Url.Contains("/rented-numbers?", StringComparison.Ordinal));
        var answer = await ExecuteAsync(page, "GetRentedNumbers");

        Assert.Equal("Bearer not-a-token", await (await request).HeaderValueAsync("Authorization"));
        Assert.Equal("401", await StatusAsync(answer));
    }

    /// <summary>nginx serves the gateway under a path of its own, and says so in a header or not.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("proxy_set_header X-Forwarded-Prefix /sms;")]
    public async Task TryItOut_BehindAProxyWithAPrefix_ReachesTheGateway(string header)
    {
        await using var nginx = await NginxServer.StartAsync(sandbox.Sandbox.Gateway, "/sms/", header);
        var page = await OpenAsync(at: new Uri(nginx.Address, "sms/"));
        await AuthorizeAsync(page, "ApiKey", SandboxFixture.Key);

        var request = page.WaitForRequestAsync(sent => sent.Url.Contains("/messages?", StringComparison.Ordinal));
        var answer = await ExecuteAsync(page, "GetMessagesOfNumber");

        Assert.StartsWith($"{nginx.Address}sms/rented-numbers/79021234567/messages?", (await request).Url, StringComparison.Ordinal);
        Assert.Equal("200", await StatusAsync(answer));

        // The links to the pages of problems, from the document and from page to page.
        await page.GotoAsync(await page.Locator(".info a[href$='problems']").First.EvaluateAsync<string>("link => link.href"));
        await page.Locator("a", new() { HasText = "not-found" }).ClickAsync();
        Assert.Equal($"{nginx.Address}sms/problems/not-found", page.Url);
        await page.Locator("a", new() { HasText = "All problems" }).ClickAsync();
        Assert.Equal("Problems", await page.Locator("h1").InnerTextAsync());
    }

    [Fact]
    public async Task Page_Opened_LoadsNothingFromElsewhereAndReportsNoFault()
    {
        var hosts = new ConcurrentBag<string>();
        var faults = new ConcurrentBag<string>();
        var page = await OpenAsync(page =>
        {
            page.Request += (_, request) => hosts.Add(new Uri(request.Url) is { Scheme: "data" } ? "" : new Uri(request.Url).Authority);
            page.Console += (_, message) => faults.Add(message.Type == "error" ? message.Text : "");
            page.PageError += (_, fault) => faults.Add(fault);
        });

        await PictureAsync(page, "opened");

        Assert.Equal([sandbox.Sandbox.Gateway.Authority], hosts.Where(host => host.Length > 0).Distinct());
        Assert.All(faults, Assert.Empty);
        Assert.Equal(
            ["Rented numbers", "Messages of a number", "Messages"],
            (await page.Locator("h3.opblock-tag a span").AllInnerTextsAsync()).Take(3));
    }

    private async Task<IPage> OpenAsync(Action<IPage>? listen = null, Uri? at = null)
    {
        var page = await chromium.NewPageAsync();
        listen?.Invoke(page);
        await page.GotoAsync(new Uri(at ?? sandbox.Sandbox.Gateway, "swagger").ToString());
        await page.Locator(".opblock").First.WaitForAsync();
        return page;
    }

    private static async Task AuthorizeAsync(IPage page, string scheme, string credential)
    {
        await page.Locator(".auth-wrapper .btn.authorize").First.ClickAsync();
        var form = page.Locator(".auth-container", new PageLocatorOptions { HasTextRegex = new Regex($@"{scheme}\s+\(") });
        await form.Locator("input").FillAsync(credential);
        await PictureAsync(page, $"authorize-{scheme}");
        await form.Locator("button.authorize").ClickAsync();
        await page.Locator(".modal-ux .btn-done").First.ClickAsync();
    }

    private static async Task<ILocator> ExecuteAsync(IPage page, string operation)
    {
        var block = page.Locator($"[id$='-{operation}']");
        await block.Locator(".opblock-summary-control").ClickAsync();
        await PictureAsync(page, $"described-{operation}");
        await block.Locator(".try-out__btn").ClickAsync();
        await block.Locator("button.execute").ClickAsync();
        var answer = block.Locator(".live-responses-table");
        await answer.Locator(".response-col_status").Last.WaitForAsync();
        return answer;
    }

    private static async Task<string> StatusAsync(ILocator answer) =>
        (await answer.Locator("tbody .response-col_status").First.InnerTextAsync()).Split('\n')[0].Trim();

    /// <summary>Saves a screenshot of each test if SCREENSHOTS names a folder.</summary>
    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
        }
    }
}
