using System.Text;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>Two replicas at one Redis, with keys of their own, and what their tests share.</summary>
public abstract class SharedStoreSuite(RedisTopology redis) : IAsyncLifetime
{
    protected const string Number = "79021234567";

    private static readonly string EncryptionKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    protected RedisTopology Redis => redis;

    protected string Prefix { get; } = $"test-{Guid.NewGuid():N}:";

    internal static Scope Scope { get; } = new(RentedNumber.Reported(Number));

    private protected StoreReplica First { get; private set; } = null!;

    private protected StoreReplica Second { get; private set; } = null!;

    protected static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync()
    {
        First = await StartAsync();
        Second = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    private protected Task<StoreReplica> StartAsync(params (string, string?)[] settings) => StoreReplica.StartAsync(Settings(settings));

    private protected (string, string?)[] Settings(params (string, string?)[] more) =>
        [.. redis.Settings, ("Cache:KeyPrefix", Prefix), ("Cache:EncryptionKeys:0", EncryptionKey), .. more];

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string? Text(byte[]? payload) => payload is null ? null : Encoding.UTF8.GetString(payload);

    protected async Task<List<string>> KeysAsync() =>
        [.. (await redis.KeysAsync()).Where(key => key.StartsWith(Prefix, StringComparison.Ordinal))];

    /// <summary>Runs a command for each key of this test whose name ends so. <c>{0}</c> is the key.</summary>
    protected Task RunAsync(string ending, params string[] commands) => redis.ForEachKeyAsync(key =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(ending, StringComparison.Ordinal)
            ? string.Join('\n', commands.Select(command => string.Format(command, key)))
            : null);

    /// <summary>The milliseconds that each key has left.</summary>
    protected async Task<Dictionary<string, long>> TimesToLiveAsync()
    {
        var left = new Dictionary<string, long>();
        foreach (var server in redis.Servers)
        {
            foreach (var key in (await server.KeysAsync()).Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                left[key] = long.Parse(await server.RunAsync("PTTL", key));
            }
        }

        return left;
    }

    /// <summary>Replaces the head, whatever it is.</summary>
    private protected static async Task<HeadWrite> ReplaceAsync(StoreReplica replica, string text, Scope? scope = null)
    {
        var head = await replica.Store.ReadHeadAsync(scope ?? Scope, null, None);
        return await replica.Store.ReplaceHeadAsync(scope ?? Scope, head!.Tag, Bytes(text), None);
    }

    private protected static async Task<string> WriteAsync(StoreReplica replica, string text, double seconds = 1000)
    {
        var name = replica.Store.NameOf(Scope, Bytes(text));
        Assert.True(await replica.Store.WriteValuesAsync(Scope, [new(name, Bytes(text), TimeSpan.FromSeconds(seconds))], None));
        return name;
    }

    private protected static async Task<List<string?>> ReadAsync(StoreReplica replica, params string[] names) =>
        [.. (await replica.Store.ReadValuesAsync(Scope, names, None))!.Select(Text)];
}
