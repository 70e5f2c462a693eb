using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Configuration;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Archive.Redis;

/// <summary>The shared store of one replica, without the rest of a gateway.</summary>
internal sealed class StoreReplica : IAsyncDisposable
{
    public const string Login = "demo-login";

    private readonly LoggerFactory logging;
    private readonly IConfigurationRoot configuration;
    private readonly InForce<UpstreamOptions> upstream;

    private StoreReplica(IConfigurationRoot configuration, TimeSpan limit, TimeProvider clock, LogLines logs)
    {
        Logs = logs;
        this.configuration = configuration;
        logging = new LoggerFactory([logs]);
        var cache = Options.Create(configuration.GetSection(CacheOptions.Section).Get<CacheOptions>()!);
        var messages = Options.Create(configuration.GetSection(MessagesOptions.Section).Get<MessagesOptions>() ?? new());
        upstream = new InForce<UpstreamOptions>(UpstreamOptions.Section, new UpstreamOptionsValidator(new AnswerMemory(1L << 40, "", _ => { })), configuration);
        var account = Options.Create(upstream.AtStart);
        var keys = new DerivedKeys(cache, messages, account);
        Connection = new RedisConnection(cache, logging.CreateLogger<RedisConnection>()) { Limit = limit };
        Envelope = new ValueEnvelope(cache, keys, upstream);
        Store = new RedisStore(Connection, Envelope, keys, cache, account, clock, logging.CreateLogger<RedisStore>());
    }

    public RedisConnection Connection { get; }

    public ISharedStore Store { get; }

    public ValueEnvelope Envelope { get; }

    public LogLines Logs { get; }

    /// <summary>Starts a store and waits until it answers. Its calls may take longer than those of a gateway.</summary>
    public static async Task<StoreReplica> StartAsync(params (string Key, string? Value)[] settings)
    {
        var replica = Create(TimeProvider.System, TimeSpan.FromSeconds(5), settings);
        await Eventually.TrueAsync(() => replica.Store.IsUp, "Redis is not in use");
        return replica;
    }

    /// <summary>Creates a store that may have no Redis to talk to.</summary>
    /// <param name="clock">The clock of the replica.</param>
    /// <param name="limit">The time limit of a call.</param>
    /// <param name="settings">Its settings. Later ones replace earlier ones, and null takes them back.</param>
    public static StoreReplica Create(TimeProvider clock, TimeSpan limit, params (string Key, string? Value)[] settings)
    {
        (string Key, string? Value)[] all = [("Upstream:Username", Login), ("Upstream:Password", "demo-password"), .. settings];
        var last = all.GroupBy(setting => setting.Key).Select(group => KeyValuePair.Create(group.Key, group.Last().Value));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(last.Where(setting => setting.Value is not null)).Build();
        return new(configuration, limit, clock, new LogLines());
    }

    /// <summary>Changes the WEBSMS password, as a file that is replaced does.</summary>
    public void ChangePassword(string password)
    {
        configuration["Upstream:Password"] = password;
        upstream.Read();
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        logging.Dispose();
    }
}
