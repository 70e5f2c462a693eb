using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Many messages: only what is seen is in the page, the list holds its place, and a page that stays open does not grow.</summary>
public sealed class InboxLongListTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const int MostRows = 60;

    [Fact]
    public async Task Scrolling_ThroughALongHistory_ReadsItToItsEndAndKeepsFewRowsInThePage()
    {
        const int Count = 5000;
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(Numbered(Count));
        await using var gateway = InboxVisit.StartGateway(fixture, account);
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        await visit.RowWith($"Message {Count}.").WaitForAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                await visit.Page.Locator(".rows").EvaluateAsync("rows => rows.scrollTo(0, rows.scrollHeight)");
                Assert.InRange(await visit.Rows.CountAsync(), 1, MostRows);
                return await visit.RowWith("Message 1.").CountAsync() == 1;
            },
            "the first message is reached",
            seconds: 60);

        await visit.Page.Locator(".jump").ClickAsync();
        await visit.RowWith($"Message {Count}.").WaitForAsync();
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

        var before = await HeapAsync();
        for (var burst = 5; burst <= 14; burst++)
        {
            await ArriveAsync(burst);
        }

        Assert.InRange(await HeapAsync() - before, long.MinValue, MostGrowth);
        Assert.InRange(await visit.Page.Locator("*").CountAsync(), 1, 2000);
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
                seconds: 60);
        }

        async Task<long> HeapAsync()
        {
            await browser.SendAsync("HeapProfiler.collectGarbage");
            var usage = await browser.SendAsync("Runtime.getHeapUsage");
            return (long)usage!.Value.GetProperty("usedSize").GetDouble();
        }
    }

    private static IEnumerable<SimulatorMessage> Numbered(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Enumerable.Range(1, count).Select(index =>
            new SimulatorMessage(Number, "900", $"Message {index}.") { ReceivedAt = now.AddSeconds(-60 - ((count - index) * 30)) });
    }
}
