using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace WebSmsGateway.IntegrationTests.Browser;

/// <summary>
/// A real browser, which no other class of tests has at the same time: those of one browser share its clipboard. A start takes seconds, so
/// the next class takes it over.
/// </summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>For a machine that builds and tests at the same time. It costs time only where something fails.</summary>
    private const float TimeoutMilliseconds = 60_000;

    // They end with the process of the tests.
    private static readonly Lazy<Task<IPlaywright>> Driver = new(Playwright.CreateAsync);
    private static readonly ConcurrentBag<IBrowser> Free = [];

    private readonly ConcurrentBag<IBrowserContext> profiles = [];
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException(
                $"These tests need a browser at {Program}, and there is none. "
                + "Install it (Debian: sudo apt-get install chromium); build.sh does so by itself.");
        }

        Assertions.SetDefaultExpectTimeout(TimeoutMilliseconds);
        browser = Free.TryTake(out var free) && free.IsConnected ? free : await StartAsync();
    }

    /// <summary>A page in a new profile, so that no test has the credentials of another.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        var profile = await browser!.NewContextAsync(options ?? new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1280, Height = 1600 },
        });
        profiles.Add(profile);
        profile.SetDefaultTimeout(TimeoutMilliseconds);
        return await profile.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var profile in profiles)
        {
            await profile.CloseAsync();
        }

        if (browser is not null)
        {
            Free.Add(browser);
        }
    }

    private static async Task<IBrowser> StartAsync() =>
        await (await Driver.Value).Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Headless = true,
            Args = ["--no-sandbox", "--disable-background-networking"],
        });
}
