using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>Two replicas with a Redis and streams on both, by the real clock.</summary>
public sealed class ReplicaStreamsTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const int StreamsOfEach = 10;
    private const int Messages = 80;

    [Fact]
    public async Task Streams_OnTwoReplicas_AskOncePerFreshnessAndGiveEveryMessageOnceInOneOrder()
    {
        var account = fixture.Simulator.NewAccount();
        await using var redis = await RedisServer.StartAsync();
        (string, string?)[] settings = [("Cache:Redis", redis.ConnectionString), ("Cache:Freshness", "00:00:01")];
        await using var first = RunningGateway.Start(fixture.Simulator, account, null, settings);
        await using var second = RunningGateway.Start(fixture.Simulator, account, null, settings);
        foreach (var gateway in (RunningGateway[])[first, second])
        {
            await gateway.UsesRedisAsync();
            await gateway.GetAsync("/messages");
        }

        account.ClearRequests();
        var started = TimeProvider.System.GetTimestamp();
        var streams = await Task.WhenAll(Enumerable.Range(0, 2 * StreamsOfEach).Select(
            i => EventStream.OpenAtNowAsync((i % 2 == 0 ? first : second).Client, "/messages/stream")));
        try
        {
            var readings = streams.Select(stream => stream.TextsAsync(Messages)).ToList();
            using (var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System))
            {
                for (var i = 0; i < Messages && await ticks.WaitForNextTickAsync(); i++)
                {
                    account.Receive($"сообщение {i}");
                }
            }

            var texts = await Task.WhenAll(readings);
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;

            Assert.InRange(account.Requests().Count, 1, seconds + 2);
            Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"сообщение {i}"), texts[0]);
            Assert.All(texts, other => Assert.Equal(texts[0], other));
        }
        finally
        {
            Array.ForEach(streams, stream => stream.Dispose());
        }
    }
}
