using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Browser;

/// <summary>A real browser in front of a sandbox.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private readonly SandboxFixture sandbox = new();
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Uri Gateway => sandbox.Sandbox.Gateway;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException(
                $"These tests need a browser at {Program}, and there is none. "
                + "Install it (Debian: sudo apt-get install chromium); build.sh does so by itself.");
        }

        await sandbox.InitializeAsync();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Headless = true,
            Args = ["--no-sandbox", "--disable-background-networking"],
        });
    }

    /// <summary>A page in a new profile, so that no test has the credentials of another.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        var context = await browser!.NewContextAsync(options ?? new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1280, Height = 1600 },
        });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        await sandbox.DisposeAsync();
    }
}
