using System.Diagnostics;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>A primary with a replica, and a sentinel that makes the replica the primary when the primary dies.</summary>
[Collection(TimedTests.Name)]
public sealed class FailoverTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ReplaceHead_PrimaryAndReplicaInTheConnectionString_GoesToThePrimary()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(options: ["--replicaof", $"127.0.0.1 {primary.Port}"]);
        await using var store = await StoreReplica.StartAsync(("Cache:Redis", $"{replica.ConnectionString},{primary.ConnectionString}"));

        Assert.Equal(HeadWriteOutcome.Written, await ReplaceAsync(store.Store));
        Assert.NotNull((await store.Store.ReadHeadAsync(default, null, CancellationToken.None))!.Payload);
        Assert.Single(await primary.KeysAsync());
    }

    [Fact]
    public async Task ReplaceHead_SentinelFailedOver_GoesToTheNewPrimary()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(options: ["--replicaof", $"127.0.0.1 {primary.Port}"]);
        var port = RedisServer.FreePort();
        var directory = Directory.CreateTempSubdirectory("sentinel-test-");
        var file = Path.Combine(directory.FullName, "sentinel.conf");
        await File.WriteAllLinesAsync(
            file,
            [
                $"port {port}", "bind 127.0.0.1", $"dir {directory.FullName}", $"sentinel monitor main 127.0.0.1 {primary.Port} 1",
                "sentinel down-after-milliseconds main 500", "sentinel failover-timeout main 5000",
            ]);
        using var sentinel = Process.Start(new ProcessStartInfo("redis-server", [file, "--sentinel"]) { RedirectStandardOutput = true })!;
        sentinel.BeginOutputReadLine();
        try
        {
            await using var store = await StoreReplica.StartAsync(("Cache:Redis", $"127.0.0.1:{port},serviceName=main"));
            Assert.Equal(HeadWriteOutcome.Written, await ReplaceAsync(store.Store));

            // The sentinel learns of the replica with its next look at the primary, and needs it for the failover.
            await UntilAsync(async () => (await replica.KeysAsync()).Count == 1);
            await UntilAsync(async () => await KnownReplicasAsync(port) > 0);
            await primary.KillAsync();

            await UntilAsync(async () => await ReplaceAsync(store.Store) == HeadWriteOutcome.Written);
            Assert.Contains("role:master", await replica.RunAsync("INFO", "replication"), StringComparison.Ordinal);
        }
        finally
        {
            sentinel.Kill();
            await sentinel.WaitForExitAsync();
            directory.Delete(recursive: true);
        }
    }

    private static async Task<HeadWriteOutcome> ReplaceAsync(ISharedStore store)
    {
        var head = await store.ReadHeadAsync(default, null, CancellationToken.None);
        return (await store.ReplaceHeadAsync(default, head?.Tag ?? "", new byte[10], CancellationToken.None)).Outcome;
    }

    private static async Task<int> KnownReplicasAsync(int port)
    {
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", $"{port}", "SENTINEL", "replicas", "main"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return output.Trim().Length;
    }

    private static Task UntilAsync(Func<Task<bool>> condition) =>
        Eventually.TrueAsync(condition, "the failover did not come", Deadline.TotalSeconds);
}
