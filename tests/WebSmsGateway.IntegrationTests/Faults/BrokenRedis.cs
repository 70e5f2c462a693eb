using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>A Redis that a test can break in several ways.</summary>
internal sealed class BrokenRedis : IAsyncDisposable
{
    private const string Absent = "absent from the start";
    private const string Killed = "killed";
    private const string Hung = "hung";
    private const string Slow = "slow, but within the limit";
    private const string TooSlow = "slower than the limit";
    private const string Full = "full";
    private const string ReadOnly = "a read-only replica";
    private const string Restarted = "restarted";
    private const string Flushed = "flushed";
    private const string Foreign = "holding foreign values";
    private const string OtherTypes = "holding values of other types";

    private readonly string fault;
    private readonly RedisServer server;
    private readonly RedisServer? primary;
    private readonly SlowProxy proxy;

    private BrokenRedis(string fault, RedisServer server, RedisServer? primary)
    {
        this.fault = fault;
        this.server = server;
        this.primary = primary;
        proxy = new SlowProxy(server.Port, fault == Slow ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero);
    }

    public static IReadOnlyList<string> Faults { get; } =
        [Absent, Killed, Hung, Slow, TooSlow, Full, ReadOnly, Restarted, Flushed, Foreign, OtherTypes];

    public string ConnectionString => $"127.0.0.1:{proxy.Port}";

    public static async Task<BrokenRedis> StartAsync(string fault)
    {
        var primary = fault == ReadOnly ? await RedisServer.StartAsync() : null;
        var server = fault switch
        {
            Full => await RedisServer.StartAsync(options: ["--maxmemory", "1kb", "--maxmemory-policy", "noeviction"]),
            ReadOnly => await RedisServer.StartAsync(
                options: ["--replicaof", $"127.0.0.1 {primary!.Port}", "--replica-read-only", "yes"]),
            _ => await RedisServer.StartAsync(),
        };
        if (fault == Absent)
        {
            await server.KillAsync();
        }

        return new BrokenRedis(fault, server, primary);
    }

    /// <param name="use">Makes the gateway write to Redis.</param>
    public async Task BreakAsync(Func<Task> use)
    {
        switch (fault)
        {
            case Killed:
                await server.KillAsync();
                break;
            case Hung:
                await server.SuspendAsync();
                break;
            case TooSlow:
                proxy.Delay = TimeSpan.FromSeconds(1);
                break;
            case Restarted:
                await server.KillAsync();
                await server.StartAgainAsync();
                break;
            case Flushed:
                await server.RunAsync("FLUSHALL");
                break;
            case Foreign:
                await server.RunLinesAsync((await KeysAndLeasesAsync(use)).Select(key => $"SET {key} not-ours"));
                break;
            case OtherTypes:
                await server.RunLinesAsync((await KeysAndLeasesAsync(use)).SelectMany(key => (string[])[$"DEL {key}", $"RPUSH {key} a b"]));
                break;
        }
    }

    public async Task MendAsync()
    {
        switch (fault)
        {
            case Absent or Killed:
                await server.StartAgainAsync();
                break;
            case Hung:
                await server.ResumeAsync();
                break;
            case TooSlow:
                proxy.Delay = TimeSpan.Zero;
                break;
            case Full:
                await server.RunAsync("CONFIG", "SET", "maxmemory", "0");
                break;
            case ReadOnly:
                await server.RunAsync("REPLICAOF", "NO", "ONE");
                break;
        }
    }

    /// <summary>All keys with those of the leases, which are short-lived.</summary>
    private async Task<IEnumerable<string>> KeysAndLeasesAsync(Func<Task> use)
    {
        IReadOnlyList<string> keys = [];
        while (keys.Count == 0)
        {
            await use();
            keys = await server.KeysAsync();
        }

        var prefix = keys[0][..(keys[0].IndexOf('}', StringComparison.Ordinal) + 2)];
        return keys.Union([$"{prefix}lease:open", $"{prefix}lease:closed", $"{prefix}lease:whole"]);
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await server.DisposeAsync();
        if (primary is not null)
        {
            await primary.DisposeAsync();
        }
    }
}
