using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>Three gateway processes with one Redis and one account. The test can make each part fail.</summary>
internal sealed class GatewayCluster : IAsyncDisposable
{
    private const int Replicas = 3;

    private readonly RunningSimulator simulator;
    private readonly RedisServer redis;
    private readonly GatewayProcess[] replicas = new GatewayProcess[Replicas];
    private int next;

    private GatewayCluster(RunningSimulator simulator, RedisServer redis)
    {
        this.simulator = simulator;
        this.redis = redis;
        Account = simulator.NewAccount();
    }

    public SimulatedAccount Account { get; }

    public static async Task<GatewayCluster> StartAsync(RunningSimulator simulator)
    {
        var cluster = new GatewayCluster(simulator, await RedisServer.StartAsync());
        for (var i = 0; i < Replicas; i++)
        {
            cluster.replicas[i] = await cluster.StartReplicaAsync();
        }

        return cluster;
    }

    /// <summary>The next replica, dead or alive, as a load balancer without health checks would choose it.</summary>
    public HttpClient Next() => Volatile.Read(ref replicas[(uint)Interlocked.Increment(ref next) % Replicas]).Client;

    public async Task KillAndRestartAsync(int index)
    {
        await replicas[index].KillAsync();
        var fresh = await StartReplicaAsync();
        var dead = Interlocked.Exchange(ref replicas[index], fresh);
        await dead.DisposeAsync();
    }

    public async Task HangRedisAsync(TimeSpan time)
    {
        await redis.SuspendAsync();
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        await redis.ResumeAsync();
    }

    /// <summary>Kills Redis and starts an empty one.</summary>
    public async Task LoseRedisAsync(TimeSpan time)
    {
        await redis.KillAsync();
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        await redis.StartAgainAsync();
    }

    public async Task FailWebsmsAsync(SimulatorFault fault, TimeSpan time)
    {
        Account.Behaviour = new SimulatorBehaviour { Faults = [fault] };
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        Account.Behaviour = new SimulatorBehaviour();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas)
        {
            if (replica is not null)
            {
                await replica.DisposeAsync();
            }
        }

        await redis.DisposeAsync();
    }

    private Task<GatewayProcess> StartReplicaAsync() => GatewayProcess.StartAsync(
        simulator.BaseAddress, Account, settings:
        [
            ("Cache:Redis", redis.ConnectionString), ("Cache:Freshness", "00:00:00.5"), ("Upstream:Timeout", "00:00:01"),
            ("Upstream:Retries", "1"),
        ]);
}
