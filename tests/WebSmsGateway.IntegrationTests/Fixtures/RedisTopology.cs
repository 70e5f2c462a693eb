using System.Diagnostics;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A way to run Redis. The gateway has to work in the same way with each.</summary>
public abstract class RedisTopology : IAsyncLifetime
{
    public List<RedisServer> Servers { get; } = [];

    /// <summary>The connection string of all servers, and the other settings that it needs.</summary>
    public virtual (string Key, string? Value)[] Settings =>
        [("Cache:Redis", string.Join(',', Servers.Select(server => server.ConnectionString)))];

    public abstract Task InitializeAsync();

    /// <summary>The keys of all servers.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync() =>
        [.. (await Task.WhenAll(Servers.Select(server => server.KeysAsync()))).SelectMany(keys => keys)];

    /// <summary>Runs commands about keys on the servers that have these keys.</summary>
    public async Task ForEachKeyAsync(Func<string, string?> command)
    {
        foreach (var server in Servers)
        {
            var commands = (await server.KeysAsync()).Select(command).OfType<string>().ToList();
            await server.RunLinesAsync(commands);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}

public sealed class SingleRedis : RedisTopology
{
    public override async Task InitializeAsync() => Servers.Add(await RedisServer.StartAsync());
}

public sealed class SecuredRedis : RedisTopology
{
    public override (string Key, string? Value)[] Settings =>
        [.. base.Settings, ("Cache:RedisCertificateAuthorityFile", Servers[0].AuthorityFile)];

    public override async Task InitializeAsync() =>
        Servers.Add(await RedisServer.StartAsync(password: $"redis-{Guid.NewGuid():N}", tls: true));
}

/// <summary>A Redis Cluster of three.</summary>
public sealed class ClusterRedis : RedisTopology
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public override async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            Servers.Add(await RedisServer.StartAsync(
                options: ["--cluster-enabled", "yes", "--cluster-node-timeout", "3000", "--cluster-port", $"{RedisServer.FreePort()}"]));
        }

        using var create = Process.Start(new ProcessStartInfo(
            "redis-cli", ["--cluster", "create", .. Servers.Select(server => $"127.0.0.1:{server.Port}"), "--cluster-yes"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await create.StandardOutput.ReadToEndAsync();
        await create.WaitForExitAsync();
        Assert.True(create.ExitCode == 0, output);
        var started = TimeProvider.System.GetTimestamp();
        foreach (var server in Servers)
        {
            while (!(await server.RunAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "The cluster did not form.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
