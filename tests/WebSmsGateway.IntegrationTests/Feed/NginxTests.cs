using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class NginxTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Stream_BehindNginxAsItComes_GivesEventsAtOnce()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        await using var nginx = await NginxServer.StartAsync(gateway.BaseAddress);
        using var client = gateway.NewClient(RunningGateway.Key);
        using var through = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = nginx.Address };
        through.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);
        using var stream = await EventStream.OpenAtNowAsync(through, StreamPath);
        foreach (var text in (string[])["один", "два"])
        {
            var started = TimeProvider.System.GetTimestamp();
            account.Receive(text);
            Assert.Equal([text], await stream.TextsAsync(1));
            Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 3);
        }

        stream.Dispose();
        await Eventually.TrueAsync(() => gateway.Polls() == 0, "nginx holds on to a stream whose reader left", seconds: 2);
    }
}
