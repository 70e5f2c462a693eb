using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

/// <summary>Two replicas share one Redis: one fetch serves both, and streams continue without Redis.</summary>
public sealed class SharedCacheTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Streams_RedisKilledAndStartedAgain_GiveEverythingOnceOnEitherReplica()
    {
        await using var redis = await RedisServer.StartAsync();
        var account = fixture.Simulator.NewAccount();
        (string, string?)[] settings = [("Cache:Redis", redis.ConnectionString), ("Cache:Freshness", "00:00:00.5")];
        await using var first = Start(fixture.Simulator, account, null, settings);
        await using var second = Start(fixture.Simulator, account, null, settings);

        // The first calls to Redis compile its client and may time out on a busy machine. Then each replica fetches by itself.
        for (var day = 1; day <= 6; day++)
        {
            foreach (var gateway in (RunningGateway[])[first, second])
            {
                await gateway.GetAsync($"{PagePath}&from=2024-05-{day:00}&to=2024-05-{day:00}");
                await Eventually.TrueAsync(() => gateway.Services.GetRequiredService<RedisConnection>().IsUp, "Redis is not in use");
            }
        }

        using var stream = await EventStream.OpenAtNowAsync(first.Client, StreamPath);
        using var other = await EventStream.OpenAtNowAsync(second.Client, StreamPath);
        account.ClearRequests();
        var began = TimeProvider.System.GetTimestamp();
        await account.WaitForCallsAsync(4);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 1.2, 10);
        Assert.Equal(1, account.MostCallsInFlight);

        var now = MoscowNow().AddSeconds(-20);
        var sent = 0;
        foreach (var misfortune in (Func<Task>[])[() => Task.CompletedTask, redis.KillAsync, redis.StartAgainAsync, redis.SuspendAsync,
            redis.ResumeAsync])
        {
            await misfortune();
            for (var i = 0; i < 3; i++)
            {
                account.AddMessages(new SimulatorMessage(Number, "900", $"{sent}") { LocalTime = now.AddSeconds(sent) });
                Assert.Equal([$"{sent}"], await stream.TextsAsync(1));
                Assert.Equal([$"{sent}"], await other.TextsAsync(1));
                sent++;
            }

            // A reader can also change the replica.
            using var moved = await EventStream.OpenAsync(second.Client, StreamPath, stream.LastId);
            account.AddMessages(new SimulatorMessage(Number, "900", $"{sent}") { LocalTime = now.AddSeconds(sent) });
            Assert.Equal([$"{sent}"], await moved.TextsAsync(1));
            Assert.Equal([$"{sent}"], await stream.TextsAsync(1));
            Assert.Equal([$"{sent}"], await other.TextsAsync(1));
            sent++;
        }
    }
}
