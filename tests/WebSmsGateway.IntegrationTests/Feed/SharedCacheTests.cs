using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

/// <summary>Two replicas share one Redis: one fetch serves both, and streams continue without Redis.</summary>
public sealed class SharedCacheTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Streams_RedisKilledAndStartedAgain_LoseNothingAndGiveAgainOnlyWhatTheyGaveBefore()
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
        var got = new Dictionary<EventStream, List<string>> { [stream] = [], [other] = [] };
        foreach (var (changesEpoch, misfortune) in ((bool, Func<Task>)[])[(false, () => Task.CompletedTask), (true, redis.KillAsync),
            (true, redis.StartAgainAsync), (true, redis.SuspendAsync), (true, redis.ResumeAsync)])
        {
            await misfortune();
            for (var i = 0; i < 3; i++)
            {
                account.AddMessages(new SimulatorMessage(Number, "900", $"{sent}") { LocalTime = now.AddSeconds(sent) });
                await ExpectAsync(stream, $"{sent}", changesEpoch);
                await ExpectAsync(other, $"{sent}", changesEpoch);
                sent++;
            }

            // A reader can also change the replica.
            using var moved = await EventStream.OpenAsync(second.Client, StreamPath, stream.LastId);
            got[moved] = [.. got[stream]];
            account.AddMessages(new SimulatorMessage(Number, "900", $"{sent}") { LocalTime = now.AddSeconds(sent) });
            await ExpectAsync(moved, $"{sent}", changesEpoch);
            await ExpectAsync(stream, $"{sent}", changesEpoch);
            await ExpectAsync(other, $"{sent}", changesEpoch);
            sent++;
        }

        // While Redis comes and goes a reader may get again what it has, and nothing else.
        async Task ExpectAsync(EventStream reader, string text, bool mayRepeat)
        {
            for (var next = (await reader.NextAsync("message")).Text; next != text; next = (await reader.NextAsync("message")).Text)
            {
                Assert.True(mayRepeat && got[reader].Contains(next), $"{next} came before {text}");
            }

            got[reader].Add(text);
        }
    }
}
