using System.Collections.Concurrent;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>
/// A burst of 500 messages, and one misfortune. Each message arrives, in order, with one id. What comes twice is counted, and comes only where a
/// sender died between an answer and its save, or where nobody knew any more what was delivered.
/// </summary>
public sealed class BurstTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Count = 500;

    private readonly List<string> texts = [.. Enumerable.Range(0, Count).Select(i => $"№ {i:000}")];
    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;
    private RedisServer redis = null!;
    private WebhookReceiver receiver = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync();
        account = simulator.NewAccount();
        redis = await RedisServer.StartAsync();
        receiver = await WebhookReceiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await receiver.DisposeAsync();
        await redis.DisposeAsync();
        await simulator.DisposeAsync();
    }

    [Fact]
    public async Task Burst_WhileTheReceiverFailsHalfOfTheTime_ArrivesInOrderWithoutRepetition()
    {
        var odd = 0;
        receiver.Answer = _ => Interlocked.Increment(ref odd) % 2 == 0 ? 204 : 500;
        await using var gateway = await StartAsync();
        Receive();

        // A failed attempt waits for 5 s. Its owner resumes, so that it is tried at once.
        await UntilAllAsync(() => gateway.Client.PostAsync("/webhooks/shop/resume", null));
        AssertArrived(mostRepeated: 0);
    }

    [Fact]
    public async Task Burst_WhileSendersAreKilledBetweenAnswerAndSave_ArrivesInOrderAndRepeatsOneMessageForEachKill()
    {
        const int Kills = 4;
        var number = 0;
        using var killed = new SemaphoreSlim(0);
        var running = await StartProcessAsync();
        receiver.Before = async (_, _) =>
        {
            // The receiver has the message and answers, and nobody is there any more to save that.
            if (Interlocked.Increment(ref number) is var request && request % 100 == 50 && request < Kills * 100)
            {
                await running.KillAsync();
                killed.Release();
            }
        };
        Receive();
        for (var kill = 0; kill < Kills; kill++)
        {
            Assert.True(await killed.WaitAsync(TimeSpan.FromSeconds(60)), $"after {kill} kills {number} requests came");
            await running.DisposeAsync();
            running = await StartProcessAsync();
        }

        await UntilAllAsync();
        await running.DisposeAsync();
        Assert.Equal(Kills, AssertArrived(mostRepeated: Kills));
    }

    [Fact]
    public async Task Burst_WhileRedisIsEmptied_ArrivesInOrderWithoutRepetition()
    {
        await using var first = await StartAsync();
        await using var second = Start();
        Receive();
        for (var round = 1; round < 5; round++)
        {
            var bound = round * 90;
            await Eventually.TrueAsync(() => receiver.Taken.Count >= bound, "the burst went on", 60);
            await redis.RunAsync("FLUSHALL");
        }

        await UntilAllAsync();
        AssertArrived(mostRepeated: 0);
    }

    [Fact]
    public async Task Burst_WhileReplicasFightForTheLease_ArrivesInOrderAndNeverTwiceAtOnce()
    {
        await using var first = await StartAsync();
        await using var second = Start();
        await using var third = Start();
        RunningGateway[] replicas = [first, second, third];

        // The burst lasts longer than the replicas need to look at the lease.
        receiver.Before = (_, cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        Receive();
        const int Takeovers = 4;
        for (var takeover = 1; takeover <= Takeovers; takeover++)
        {
            var taken = receiver.Taken.Count;
            await Eventually.TrueAsync(() => receiver.Taken.Count >= taken + 60, "the burst went on", 60);
            var lease = (await redis.KeysAsync()).Single(key => key.EndsWith(":shop:lease", StringComparison.Ordinal));
            await redis.RunAsync("SET", lease, "somebody-else", "PX", "3000");
            await Eventually.TrueAsync(() => Task.FromResult(Begun() == takeover + 1), () => $"{Begun()} senders after {takeover} takeovers", 60);
        }

        Assert.InRange(receiver.Taken.Count, 1, Count - 1);
        await UntilAllAsync();
        Assert.Equal(Takeovers + 1, Begun());
        AssertArrived(mostRepeated: Takeovers);
        Assert.True(receiver.MostAtOnce <= 2);

        int Begun() => replicas.Sum(replica => replica.Logs.Lines.Count(line => line.Contains("Webhook shop sends from here", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Burst_WhileTheReceiverHangs_ArrivesInOrderWithoutRepetition()
    {
        var (hung, number) = (new ConcurrentBag<string>(), 0);
        receiver.Before = async (webhook, cancellationToken) =>
        {
            if (Interlocked.Increment(ref number) % 200 == 100)
            {
                hung.Add(webhook.Id);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
        };
        await using var gateway = await StartAsync(("Webhooks:Timeout", "00:00:01"));
        Receive();
        await UntilAllAsync(() => gateway.Client.PostAsync("/webhooks/shop/resume", null));
        Assert.NotEmpty(hung);
        AssertArrived(mostRepeated: 0);
    }

    private RunningGateway Start(params (string Key, string? Value)[] settings) => WatchedGateway.Start(
        simulator, account, null, [("Cache:Redis", redis.ConnectionString), .. WebhookSettings.Of(receiver), .. settings]);

    private async Task<RunningGateway> StartAsync(params (string Key, string? Value)[] settings)
    {
        var gateway = Start(settings);
        await Eventually.TrueAsync(
            () => gateway.Logs.Lines.Any(line => line.Contains("Webhook shop sends from here", StringComparison.Ordinal)), "the endpoint sends", 30);
        return gateway;
    }

    private Task<GatewayProcess> StartProcessAsync() => GatewayProcess.StartAsync(
        simulator.BaseAddress, account, null,
        [
            ("Cache:Freshness", "00:00:01"), ("Cache:Redis", redis.ConnectionString),
            .. WebhookSettings.Of(receiver).Select(setting => (setting.Key, setting.Value!)),
        ]);

    private void Receive() => account.AddMessages([.. texts.Select(text => new SimulatorMessage(RunningGateway.Number, "Bank", text))]);

    private Task UntilAllAsync(Func<Task>? meanwhile = null) => Eventually.TrueAsync(
        async () =>
        {
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            return receiver.Taken.Select(webhook => webhook.Id).Distinct().Count() >= Count;
        },
        () => $"{receiver.Taken.Count} deliveries of {Count} messages came", 120);

    private int AssertArrived(int mostRepeated)
    {
        var taken = receiver.Taken;
        var first = taken.DistinctBy(webhook => webhook.Id).ToList();
        var repeated = taken.Count - first.Count;
        output.WriteLine($"{receiver.Received.Count} attempts, {taken.Count} deliveries, {repeated} repeated");
        Assert.Equal(texts, first.Select(webhook => webhook.Text));
        Assert.All(receiver.Received, webhook => Assert.True(webhook.IsVerified));
        Assert.True(repeated <= mostRepeated, $"{repeated} of {mostRepeated} are repeated");
        Assert.Equal(Count, taken.Select(webhook => (webhook.Id, webhook.Json.GetProperty("data").GetRawText())).Distinct().Count());
        Assert.All(receiver.Received.GroupBy(webhook => webhook.Id), attempts => Assert.Single(attempts.Select(webhook => webhook.Body).Distinct()));
        return repeated;
    }
}
