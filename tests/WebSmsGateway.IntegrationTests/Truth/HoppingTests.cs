using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>A reader whose requests lead to one and the other of two replicas in turn. They share a Redis, by the real clock.</summary>
public sealed class HoppingTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const int Rounds = 40;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(2);

    private readonly SimulatedAccount account = fixture.Simulator.NewAccount();
    private readonly List<string> sent = [];

    [Fact]
    public async Task Hop_AllIsWell_GivesEveryMessageOnceInOneOrder()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        var follower = await BeginAsync(Turns(first, second));

        await FollowAsync(follower, _ => Task.CompletedTask);

        Assert.Equal(sent, follower.Texts);
    }

    [Fact]
    public async Task Hop_OneReplicaIsKilledInTheMiddle_GivesEveryMessageOnceInOneOrder()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StartProcessAsync(redis);
        await using var second = await StartProcessAsync(redis);
        var turn = 0;
        var follower = await BeginAsync(() => !first.HasExited && turn++ % 2 == 0 ? first.Client : second.Client);

        await FollowAsync(follower, async round =>
        {
            if (round == Rounds / 2)
            {
                await first.KillAsync();
            }
        });

        Assert.Equal(sent, follower.Texts);
    }

    [Fact]
    public async Task Hop_RedisIsFlushedInTheMiddle_GivesNothingAgainThatIsOlderThanTwoMinutes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        var follower = await BeginAsync(Turns(first, second));

        await FollowAsync(follower, async round =>
        {
            if (round == Rounds / 2)
            {
                await redis.RunAsync("FLUSHALL");
            }
        });

        AssertGivenWithRepeats(follower);
    }

    [Fact]
    public async Task Hop_RedisIsStoppedForAWhile_GivesNothingAgainThatIsOlderThanTwoMinutes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        var follower = await BeginAsync(Turns(first, second));

        await FollowAsync(follower, round => round switch
        {
            Rounds / 4 => redis.KillAsync(),
            Rounds / 2 => redis.StartAgainAsync(),
            _ => Task.CompletedTask,
        });

        AssertGivenWithRepeats(follower);
    }

    [Fact]
    public async Task Hop_RedisHangsForAWhile_GivesNothingAgainThatIsOlderThanTwoMinutes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        var follower = await BeginAsync(Turns(first, second));

        await FollowAsync(follower, round => round switch
        {
            Rounds / 4 => redis.SuspendAsync(),
            Rounds / 2 => redis.ResumeAsync(),
            _ => Task.CompletedTask,
        });

        AssertGivenWithRepeats(follower);
    }

    /// <summary>A follower that has got a hundred messages of the last ten minutes, the latest of them three minutes old.</summary>
    private async Task<PageFollower> BeginAsync(Func<HttpClient> next)
    {
        var start = WatchedGateway.MoscowNow().AddMinutes(-10);
        for (var i = 0; i < 100; i++)
        {
            Send(start.AddSeconds(4 * i));
        }

        var from = Uri.EscapeDataString($"{start.AddMinutes(-1):yyyy-MM-ddTHH:mm:ss}+03:00");
        var follower = new PageFollower(next, $"from={from}&limit=30");
        await follower.ReadAllAsync();
        Assert.Equal(sent, follower.Texts);
        return follower;
    }

    /// <summary>Sends two messages and reads a page, again and again, and then reads until it has everything.</summary>
    private async Task FollowAsync(PageFollower follower, Func<int, Task> misfortune)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Send(WatchedGateway.MoscowNow());
            Send(WatchedGateway.MoscowNow());
            var reading = TryReadAsync(follower);
            await misfortune(round);
            await reading;
        }

        var started = TimeProvider.System.GetTimestamp();
        while (sent.Except(follower.Texts).Any())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20),
                $"lost: {string.Join(' ', sent.Except(follower.Texts))}");
            await TryReadAsync(follower);
        }

        Assert.Empty(follower.Texts.Except(sent));
    }

    private static async Task TryReadAsync(PageFollower follower)
    {
        try
        {
            await follower.TryReadAsync("&wait=1");
        }
        catch (HttpRequestException)
        {
            // The replica was killed. The reader goes on at the other one, from the same place.
        }
    }

    private static void AssertGivenWithRepeats(PageFollower follower)
    {
        var begun = follower.Messages.Take(100).Select(message => message.Id).ToHashSet();
        Assert.All(follower.Messages.GroupBy(message => message.Text), copies => Assert.Single(copies.Distinct()));
        Assert.All(
            follower.Messages.GroupBy(message => message.Id).Where(copies => copies.Count() > 1),
            copies => Assert.True(
                !begun.Contains(copies.Key) || follower.Messages[^1].ReceivedAt - copies.First().ReceivedAt < Again, copies.First().Text));
    }

    private void Send(DateTime localTime)
    {
        sent.Add($"сообщение {sent.Count}");
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "79161234567", sent[^1]) { LocalTime = localTime });
    }

    private async Task<RunningGateway> StartAsync(RedisServer redis)
    {
        var gateway = RunningGateway.Start(
            fixture.Simulator, account, null, [.. Settings(redis).Select(setting => (setting.Key, (string?)setting.Value))]);
        await gateway.UsesRedisAsync();
        return gateway;
    }

    private Task<GatewayProcess> StartProcessAsync(RedisServer redis) =>
        GatewayProcess.StartAsync(fixture.Simulator.BaseAddress, account, settings: Settings(redis));

    private static (string Key, string Value)[] Settings(RedisServer redis) =>
        [("Cache:Redis", redis.ConnectionString), ("Cache:Freshness", "00:00:00.1"), ("Upstream:Retries", "0")];

    private static Func<HttpClient> Turns(RunningGateway first, RunningGateway second)
    {
        var turn = 0;
        return () => turn++ % 2 == 0 ? first.Client : second.Client;
    }
}
