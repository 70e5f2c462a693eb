using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Many messages: only what is seen is in the page, the list holds its place, and a page that stays open does not grow.</summary>
public sealed class InboxLongListTests(ChromiumFixture chromium, SimulatorFixture fixture, ITestOutputHelper output)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const int MostRows = 60;
    private const int MostNodes = 2000;

    [Fact]
    public async Task Scrolling_ThroughALongHistory_ReadsItToItsEndAndKeepsFewRowsInThePage()
    {
        var count = Figures.AreWanted ? 100_000 : 5_000;
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(Numbered(count));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.RowWith($"Message {count}.").WaitForAsync();
        var browser = await visit.Page.Context.NewCDPSessionAsync(visit.Page);

        await Eventually.TrueAsync(
            async () =>
            {
                await visit.Page.Locator(".rows").EvaluateAsync("rows => rows.scrollTo(0, rows.scrollHeight)");
                Assert.InRange(await visit.Rows.CountAsync(), 1, MostRows);
                return await visit.RowWith("Message 1.").CountAsync() == 1;
            },
            "the first message is reached",
            seconds: 600);

        // All of it is there now. Up again, 300 pixels a frame, as by a fast wheel.
        var frames = await visit.Page.EvaluateAsync<double[]>(
            """
            () => new Promise(done => {
              const rows = document.querySelector(".rows");
              const times = [];
              const step = time => {
                times.push(time);
                rows.scrollTop -= 300;
                if (times.length <= 300) requestAnimationFrame(step); else done(times);
              };
              requestAnimationFrame(step);
            })
            """);
        var nodes = await visit.Page.Locator("*").CountAsync();
        Assert.InRange(await visit.Rows.CountAsync(), 1, MostRows);
        Assert.InRange(nodes, 1, MostNodes);
        var between = frames.Zip(frames.Skip(1), (before, after) => after - before).Order().ToList();
        output.WriteLine(
            $"{count:N0} messages: {await visit.Rows.CountAsync()} rows and {nodes} nodes in the page, {await HeapAsync(browser) / 1e6:F0} MB of script memory. "
            + $"Between {between.Count} frames of scrolling: median {between[between.Count / 2]:F1} ms, 99 % {between[between.Count * 99 / 100]:F1} ms, "
            + $"longest {between[^1]:F1} ms.");

        await visit.Page.Locator(".jump").ClickAsync();
        await visit.RowWith($"Message {count}.").WaitForAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Arrivals_WhileSomebodyReadsFurtherDown_MoveNothing()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(Numbered(200));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.RowWith("Message 200.").WaitForAsync();
        await visit.Page.Locator(".rows").EvaluateAsync("rows => rows.scrollTo(0, 3000)");
        var read = visit.RowWith("Message 160.");
        await read.WaitForAsync();
        var before = await read.BoundingBoxAsync();

        account.AddMessages(Enumerable.Range(1, 20).Select(index => new SimulatorMessage(Number, "900", $"New {index}")));

        await visit.Page.Locator(".jump", new() { HasText = "(20)" }).WaitForAsync();
        Assert.Equal(before!.Y, (await read.BoundingBoxAsync())!.Y, tolerance: 1f);
        await visit.Page.Locator(".jump").ClickAsync();
        await visit.RowWith("New 20").WaitForAsync();
        await Assertions.Expect(visit.Page).ToHaveTitleAsync("Inbox");
    }

    [Fact]
    public async Task Page_ThatTakesTenThousandMessages_DoesNotGrow()
    {
        const int Burst = 1000;
        const int MostGrowth = 4 * 1024 * 1024;
        var account = fixture.Simulator.NewAccount();
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        var browser = await visit.Page.Context.NewCDPSessionAsync(visit.Page);

        // Until the list is as long as it gets.
        for (var burst = 1; burst <= 4; burst++)
        {
            await ArriveAsync(burst);
        }

        var before = await HeapAsync(browser);
        for (var burst = 5; burst <= 14; burst++)
        {
            await ArriveAsync(burst);
        }

        var after = await HeapAsync(browser);
        output.WriteLine($"Script memory: {before / 1e6:F1} MB after {4 * Burst:N0} messages, {after / 1e6:F1} MB after {14 * Burst:N0}.");
        Assert.InRange(after - before, long.MinValue, MostGrowth);
        Assert.InRange(await visit.Page.Locator("*").CountAsync(), 1, MostNodes);
        Assert.Empty(visit.Faults);

        async Task ArriveAsync(int burst)
        {
            account.AddMessages(Enumerable.Range(1, Burst).Select(index =>
                new SimulatorMessage(Number, "900", $"Burst {burst}, message {index}: {new string((char)('a' + burst), 120)}")));

            // The order within one second is that of WEBSMS, so the count says when all are there.
            await Eventually.TrueAsync(
                async () => await visit.Page.Locator(".numbers a[title]").GetAttributeAsync("title") is { } title
                    && title.StartsWith($"{burst * Burst:N0} ", StringComparison.Ordinal),
                $"burst {burst} has arrived",
                seconds: 180);
        }
    }

    private static async Task<long> HeapAsync(ICDPSession browser)
    {
        await browser.SendAsync("HeapProfiler.collectGarbage");
        var usage = await browser.SendAsync("Runtime.getHeapUsage");
        return (long)usage!.Value.GetProperty("usedSize").GetDouble();
    }

    private static IEnumerable<SimulatorMessage> Numbered(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Enumerable.Range(1, count).Select(index =>
            new SimulatorMessage(Number, "900", $"Message {index}.") { ReceivedAt = now.AddSeconds(-60 - ((count - index) * 30)) });
    }
}
