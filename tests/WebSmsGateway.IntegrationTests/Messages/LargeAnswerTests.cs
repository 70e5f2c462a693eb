using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>An answer of WEBSMS with 100,000 messages of one day.</summary>
public sealed class LargeAnswerTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const int Count = 100_000;
    private const long Bound = 500_000_000;

    [Fact]
    public async Task Answer_OfAHundredThousandMessages_IsPagedAndDownloadedInBoundedMemory()
    {
        var account = noon.Simulator.NewAccount();
        account.AddMessages(Enumerable.Range(0, Count).Select(
            i => new SimulatorMessage(RunningGateway.Number, "79161234567", $"Ваш код {i}. Никому его не сообщайте!")
            {
                LocalTime = new DateTime(2026, 3, 10, 0, 0, 0, DateTimeKind.Unspecified).AddSeconds(i % 86_400),
            }));
        await using var gateway = RunningGateway.Start(noon.Simulator, account, noon.Clock);
        using var done = new CancellationTokenSource();
        var peak = PeakMemoryAsync(done.Token);

        var page = await gateway.GetAsync("/rented-numbers/79021234567/messages?from=2026-03-10&to=2026-03-10&limit=1000");
        using var download = await GatewayAtNoon.GetAsync(
            gateway.Client, "/rented-numbers/79021234567/messages?from=2026-03-10&to=2026-03-10", "Accept", "application/x-ndjson");
        var lines = 0;
        using var reader = new StreamReader(await download.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is not null)
        {
            lines++;
        }

        await done.CancelAsync();
        Assert.Equal(1000, page.GetProperty("items").GetArrayLength());
        Assert.Equal(Count, lines);
        Assert.Single(account.Requests());

        // The bound covers the gateway, the simulator with its copy of the messages, and this test.
        Assert.InRange(await peak, 1, Bound);
    }

    private static async Task<long> PeakMemoryAsync(CancellationToken cancellationToken)
    {
        var peak = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }

        return peak;
    }
}
