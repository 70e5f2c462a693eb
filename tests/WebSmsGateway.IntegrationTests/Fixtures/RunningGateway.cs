using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Archive;
using WebSmsGateway.Hosting;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>
/// A gateway on its own port, in front of one account of a simulator. Its clock can be a test clock. Everything else is as in production.
/// </summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    /// <summary>A key that may read all numbers.</summary>
    public const string Key = "test-key";

    /// <summary>A key that may read <see cref="Number"/> only.</summary>
    public const string NarrowKey = "narrow-key";

    /// <summary>The number of <see cref="NarrowKey"/>.</summary>
    public const string Number = "79021234567";

    private static readonly (string Key, string? Value)[] Callers =
    [
        ("Authentication:ApiKeys:0:Name", "all"),
        ("Authentication:ApiKeys:0:Sha256", Hash(Key)),
        ("Authentication:ApiKeys:0:Numbers", "*"),
        ("Authentication:ApiKeys:0:RequestsPerMinute", "1000000"),
        ("Authentication:ApiKeys:1:Name", "narrow"),
        ("Authentication:ApiKeys:1:Sha256", Hash(NarrowKey)),
        ("Authentication:ApiKeys:1:Numbers", Number),
        ("Authentication:ApiKeys:1:RequestsPerMinute", "1000000"),
    ];

    private readonly Factory factory;

    private RunningGateway(Factory factory)
    {
        this.factory = factory;

        // UseKestrel(port) would set the port after the program is built, when it may already be starting.
        factory.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        factory.StartServer();
        var server = factory.Services.GetRequiredService<IServer>();
        BaseAddress = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = NewClient(Key);
    }

    public Uri BaseAddress { get; }

    /// <summary>A client with <see cref="Key"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>The log, at every level.</summary>
    public LogLines Logs => factory.Logs;

    public IServiceProvider Services => factory.Services;

    /// <summary>Connections that it holds.</summary>
    public int OpenConnections => Services.GetRequiredService<OpenConnections>().Count;

    /// <param name="simulator">The simulator of WEBSMS.</param>
    /// <param name="account">The account whose credentials it uses.</param>
    /// <param name="clock">The clock of the gateway; null for that of the system.</param>
    /// <param name="settings">Configuration, such as <c>("Cache:Freshness", "00:00:01")</c>; it wins over the settings here.</param>
    public static RunningGateway Start(
        RunningSimulator simulator, SimulatedAccount account, TimeProvider? clock = null, params (string Key, string? Value)[] settings) =>
        Start(clock, [.. OfUpstream(simulator, account), .. settings]);

    /// <summary>Starts a gateway whose configuration has only callers.</summary>
    public static RunningGateway Start(TimeProvider? clock, params (string Key, string? Value)[] settings) =>
        new(new Factory(clock, [.. Callers, .. settings]));

    public HttpClient NewClient(string? key)
    {
        // A response that a test abandons closes its connection at once, because a stream has no end to which it could be drained.
        var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = BaseAddress };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        return client;
    }

    /// <summary>Reads JSON, whatever the status.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Changes the configuration. These settings replace earlier changes and win over the settings of the start.</summary>
    public void Reload(params (string Key, string Value)[] settings) => factory.Settings.Change(settings);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await factory.DisposeAsync();
    }

    internal static string Hash(string key) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));

    /// <summary>
    /// Starts a gateway whose sockets have small buffers. Otherwise the buffers of the system take whole answers, and a reader that does not
    /// read goes unnoticed.
    /// </summary>
    public static RunningGateway StartWithSmallBuffers(
        RunningSimulator simulator, SimulatedAccount account, TimeProvider? clock = null, params (string Key, string? Value)[] settings) =>
        new(new Factory(clock, [.. Callers, .. OfUpstream(simulator, account), .. settings], hasSmallBuffers: true));

    private static (string Key, string? Value)[] OfUpstream(RunningSimulator simulator, SimulatedAccount account) =>
    [
        ("Upstream:BaseAddress", simulator.BaseAddress.ToString()),
        ("Upstream:Username", account.Name),
        ("Upstream:Password", account.Password),
    ];

    private sealed class Factory(TimeProvider? clock, (string Key, string? Value)[] settings, bool hasSmallBuffers = false)
        : WebApplicationFactory<MessageArchive>
    {
        public LogLines Logs { get; } = new();

        public ChangingSettings Settings { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureAppConfiguration(configuration => configuration.Add(Settings));
            builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
            if (hasSmallBuffers)
            {
                builder.ConfigureTestServices(services => services.Configure<SocketTransportOptions>(
                    sockets => sockets.CreateBoundListenSocket = SmallBuffers));

                // The server's own watch over slow readers knows real time only, so on a busy machine it cuts readers for whom the clock of
                // the test stands still.
                builder.ConfigureTestServices(services => services.PostConfigure<KestrelServerOptions>(
                    kestrel => kestrel.Limits.MinResponseDataRate = null));
            }

            if (clock is not null)
            {
                builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton(clock)));
            }
        }

        // Sockets inherit the size from the one that listens.
        private static Socket SmallBuffers(EndPoint address)
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            socket.SendBufferSize = 4096;
            return socket;
        }
    }

    /// <summary>A configuration source that reloads like a file, but without delay.</summary>
    private sealed class ChangingSettings : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Change((string Key, string Value)[] settings)
        {
            Data = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);
            OnReload();
        }
    }
}
