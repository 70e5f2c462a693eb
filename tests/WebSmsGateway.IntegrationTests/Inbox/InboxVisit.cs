using System.Collections.Concurrent;
using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>A person with the inbox open in a browser.</summary>
internal sealed class InboxVisit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> requests = new();
    private readonly ConcurrentDictionary<IRequest, string> openRequests = new();
    private readonly ConcurrentQueue<string> faults = new();

    private InboxVisit(IPage page, Uri gateway)
    {
        (Page, Gateway) = (page, gateway);
        page.Request += (_, request) =>
        {
            requests.Enqueue(request.Url);
            openRequests[request] = request.Url;
        };
        page.RequestFinished += (_, request) => openRequests.TryRemove(request, out var _);
        page.RequestFailed += (_, request) => openRequests.TryRemove(request, out var _);
        page.PageError += (_, fault) => faults.Enqueue(fault);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                faults.Enqueue(message.Text);
            }
        };
        page.Dialog += async (_, dialog) =>
        {
            faults.Enqueue($"A script ran: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public Uri Gateway { get; }

    /// <summary>The addresses of all requests of the page.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>What the console reports, exceptions, and dialogs that a script has opened.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    public ILocator Rows => Page.Locator(".row");

    public ILocator Detail => Page.Locator(".detail");

    /// <summary>A message in the list, found by a part of its text.</summary>
    public ILocator RowWith(string text) => Page.Locator(".row", new() { HasText = text });

    public static async Task<InboxVisit> OpenAsync(
        ChromiumFixture chromium, Uri gateway, string fragment = "", int width = 1280, string locale = "en-GB",
        ColorScheme scheme = ColorScheme.Light, ReducedMotion motion = ReducedMotion.Reduce, string[]? permissions = null,
        Func<IPage, Task>? prepare = null)
    {
        var page = await chromium.NewPageAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 720 : 800 },
            Locale = locale,
            ColorScheme = scheme,
            ReducedMotion = motion,
            Permissions = permissions ?? ["clipboard-read", "clipboard-write"],
        });
        if (prepare is not null)
        {
            await prepare(page);
        }

        var visit = new InboxVisit(page, gateway);
        await page.GotoAsync(new Uri(gateway, "inbox" + fragment).ToString());
        return visit;
    }

    /// <summary>Opens the page and signs in, and waits until it is live.</summary>
    public static async Task<InboxVisit> SignedInAsync(
        ChromiumFixture chromium, Uri gateway, string fragment = "", string key = RunningGateway.Key, int width = 1280,
        ColorScheme scheme = ColorScheme.Light)
    {
        var visit = await OpenAsync(chromium, gateway, fragment, width, scheme: scheme);
        await visit.SignInAsync(key);
        await visit.WaitForTruthAsync("live");
        return visit;
    }

    public async Task SignInAsync(string key)
    {
        await Page.Locator("input[name=credential]").FillAsync(key);
        await Page.Locator("button[type=submit]").First.ClickAsync();
    }

    public async Task SignInWithTicketAsync(string ticket)
    {
        await Page.Locator(".segment", new() { HasText = "Ticket" }).ClickAsync();
        await SignInAsync(ticket);
    }

    /// <summary>Waits until the page says of itself that it is <c>live</c>, <c>stale</c>, <c>lost</c> and so on.</summary>
    public async Task WaitForTruthAsync(string truth)
    {
        try
        {
            await Page.Locator($".truth.{truth}").WaitForAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail(
                $"The page is not {truth}. It shows: {await Page.Locator("body").InnerTextAsync()}\nFaults: {string.Join('\n', faults)}\n"
                + $"Requests without an answer: {string.Join('\n', openRequests.Values)}");
        }
    }

    public Task GoToAsync(string fragment) => Page.EvaluateAsync("fragment => location.hash = fragment", fragment);

    public Task<string> ClipboardAsync() => Page.EvaluateAsync<string>("navigator.clipboard.readText()");

    /// <summary>The message whose row has the focus.</summary>
    public Task<string?> FocusedRowAsync() => Page.EvaluateAsync<string?>("document.activeElement.dataset.id ?? null");

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    /// <summary>A gateway with the inbox, in front of an account.</summary>
    public static RunningGateway StartGateway(
        SimulatorFixture fixture, SimulatedAccount account, params (string Key, string? Value)[] settings) =>
        StartGateway(fixture, account, null, settings);

    /// <inheritdoc cref="StartGateway(SimulatorFixture, SimulatedAccount, ValueTuple{string, string}[])"/>
    public static RunningGateway StartGateway(
        SimulatorFixture fixture, SimulatedAccount account, TimeProvider? clock, params (string Key, string? Value)[] settings) => RunningGateway.Start(
        fixture.Simulator, account, clock,
        [("Inbox:Enabled", "true"), ("Cache:Freshness", "00:00:00.3"), ("Upstream:Retries", "0"), .. settings]);
}
