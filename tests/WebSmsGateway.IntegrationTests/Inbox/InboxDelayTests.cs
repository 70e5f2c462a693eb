using System.Globalization;
using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>
/// How long an SMS takes from WEBSMS to the eye. The times are printed for docs/performance.md and not asserted, because they depend on
/// the machine.
/// </summary>
public sealed class InboxDelayTests(ChromiumFixture chromium, SimulatorFixture fixture, ITestOutputHelper output)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    // Freshness is a ceiling, so the interval of polls is a little shorter. Each SMS is sent right after the one before was seen, which is
    // right after a poll: the longest wait that there is.
    private const string Watch =
        """
        text => {
          const isThere = () => document.querySelector(".canvas")?.textContent.includes(text);
          window.seen = new Promise(done => {
            const look = () => {
              if (!isThere()) return;
              observer.disconnect();
              requestAnimationFrame(() => setTimeout(() => done(Date.now())));
            };
            const observer = new MutationObserver(look);
            observer.observe(document.body, { childList: true, subtree: true, characterData: true });
          });
        }
        """;

    public static TheoryData<string> Freshnesses => Figures.AreWanted ? ["00:00:00.3", "00:00:01", "00:00:05"] : ["00:00:00.3"];

    [Theory]
    [MemberData(nameof(Freshnesses))]
    public async Task Sms_ThatArrives_IsSeenAfterFreshnessAndAMoment(string freshness)
    {
        var count = Figures.AreWanted ? 20 : 1;
        var account = fixture.Simulator.NewAccount();
        await using var gateway = InboxVisit.StartGateway(fixture, account, ("Cache:Freshness", freshness));
        await using var visit = await InboxVisit.SignedInAsync(chromium, gateway.BaseAddress);
        var delays = new List<double>();

        for (var number = 1; number <= count; number++)
        {
            var text = $"Measured {number}.";
            await visit.Page.EvaluateAsync(Watch, text);
            var sent = TimeProvider.System.GetUtcNow();
            account.AddMessages(new SimulatorMessage(RunningGateway.Number, "900", text));
            var seen = DateTimeOffset.FromUnixTimeMilliseconds((long)await visit.Page.EvaluateAsync<double>("window.seen"));
            delays.Add((seen - sent).TotalSeconds);
        }

        // Only the rows in sight are in the page, so the count of the number says that each came once.
        await Assertions.Expect(visit.Page.Locator(".numbers a[title]")).ToHaveAttributeAsync(
            "title", count == 1 ? "1 message in 7 days" : $"{count} messages in 7 days");
        Assert.Empty(visit.Faults);
        delays.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Cache:Freshness {freshness}: {count} SMS seen after {delays[0]:F2} s at least, {delays[count / 2]:F2} s in the median, {delays[^1]:F2} s at most."));
    }
}
