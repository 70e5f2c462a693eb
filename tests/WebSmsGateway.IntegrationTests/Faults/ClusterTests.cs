using System.Collections.Concurrent;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>
/// Three replicas serve readers, waits and streams. Meanwhile they are killed and started again, Redis hangs and dies, and WEBSMS fails.
/// </summary>
[Collection(HeavyTests.Name)]
public sealed class ClusterTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(HeavyTests.Setting("WEBSMS_CLUSTER_SECONDS", inCi: 30));
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Replicas_KilledWhileRedisAndWebsmsFail_DeliverEachMessageOnceAndNeverContradictTheTruth()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await using var cluster = await GatewayCluster.StartAsync(simulator);
        var truth = new ClusterTruth(cluster.Account);
        var start = Uri.EscapeDataString($"{TimeProvider.System.GetUtcNow().AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}");
        using var ended = new CancellationTokenSource();
        var clients = new ClusterClients(cluster, truth, start, ended.Token);
        var followers = new List<(string? Number, string Name, ConcurrentQueue<string> Texts)>();
        var running = new List<Task>();
        foreach (var number in (string?[])[ClusterTruth.Number, ClusterTruth.OtherNumber, null])
        {
            var cursor = await CursorAsync(cluster, number, start);
            for (var i = 0; i < 2; i++)
            {
                running.Add(clients.ReadAsync(number));
                followers.Add((number, "stream", []));
                running.Add(clients.StreamAsync(number, cursor, followers[^1].Texts));
                followers.Add((number, "wait", []));
                running.Add(clients.WaitAsync(number, cursor, followers[^1].Texts));
            }
        }

        using var noMore = new CancellationTokenSource();
        var receiving = ReceiveAsync(truth, noMore.Token);
        var begun = TimeProvider.System.GetTimestamp();
        var rounds = 0;
        while (TimeProvider.System.GetElapsedTime(begun) < Duration)
        {
            await MisfortuneAsync(cluster, rounds++);
        }

        await noMore.CancelAsync();
        await receiving;
        var caughtUp = await UntilAsync(() => followers.TrueForAll(
            follower => follower.Texts.Distinct().Count() >= truth.TextsOf(follower.Number).Count()));
        await ended.CancelAsync();
        await Task.WhenAll(running);

        output.WriteLine($"{truth.Count} messages, {rounds} misfortunes, {clients.Pages} pages compared, {followers.Count} followers");
        Assert.Empty(clients.Faults.Distinct().Take(5));
        Assert.All(followers, follower =>
        {
            Assert.Empty(truth.TextsOf(follower.Number).Except(follower.Texts));
            Assert.Empty(follower.Texts.Except(truth.TextsOf(follower.Number)));
        });
        Assert.True(caughtUp);
        Assert.True(clients.Pages > 20 * Duration.TotalSeconds, $"only {clients.Pages} pages were read");
    }

    private static Task MisfortuneAsync(GatewayCluster cluster, int round) => (round % 7) switch
    {
        0 => cluster.KillAndRestartAsync(round % 3),
        1 => cluster.HangRedisAsync(TimeSpan.FromSeconds(1.5)),
        2 => cluster.FailWebsmsAsync(SimulatorFault.StatusCode(503), TimeSpan.FromSeconds(1.5)),
        3 => Task.WhenAll(
            cluster.FailWebsmsAsync(SimulatorFault.Hang(), TimeSpan.FromSeconds(2)), cluster.KillAndRestartAsync(round % 3)),
        4 => cluster.LoseRedisAsync(TimeSpan.FromSeconds(1)),
        5 => Task.WhenAll(
            cluster.FailWebsmsAsync(SimulatorFault.Reset(100), TimeSpan.FromSeconds(1)), cluster.HangRedisAsync(TimeSpan.FromSeconds(1.5))),
        _ => Task.WhenAll(cluster.KillAndRestartAsync(0), cluster.KillAndRestartAsync(1)),
    };

    private static async Task ReceiveAsync(ClusterTruth truth, CancellationToken cancellationToken)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        try
        {
            while (await ticks.WaitForNextTickAsync(cancellationToken))
            {
                truth.Receive();
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    /// <summary>The cursor from which the followers start, before the first message.</summary>
    private static async Task<string> CursorAsync(GatewayCluster cluster, string? number, string start)
    {
        var path = number is null ? "/messages" : $"/rented-numbers/{number}/messages";
        var page = await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<System.Text.Json.JsonElement>(
            cluster.Next(), $"{path}?from={start}&order=asc");
        return page.GetProperty("nextCursor").GetString()!;
    }

    private static async Task<bool> UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(begun) < CatchUp)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return condition();
    }
}
