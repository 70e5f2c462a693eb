using System.Net;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Budgets;

/// <summary>The bounds on connections: of all listeners together, of one address, and the reserve for health.</summary>
public sealed class ConnectionsTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    // Three quarters of 448 open files without the kept ones are 80 connections; one address has half of them.
    private const int OpenFiles = 448;
    private const int All = 80;
    private const int OfOneAddress = 40;

    private readonly SimulatedAccount account = fixture.Simulator.NewAccount();

    [Fact]
    public async Task Connections_SilentOnesOfOneAddress_MakeRoomOldestFirst()
    {
        await using var gateway = await StartAsync();
        using var silent = new Crowd();
        for (var i = 0; i < OfOneAddress + 5; i++)
        {
            await silent.ConnectAsync(gateway);
        }

        await Eventually.TrueAsync(() => silent.Clients.Count(client => client.IsClosed) == 5, "the bound of an address is kept");

        // The gateway may have got to know neighbours in another order than that in which they connected.
        Assert.All(silent.Clients.Skip(OfOneAddress / 2), client => Assert.False(client.IsClosed));
        using var page = await gateway.Client.GetAsync("/messages");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Connections_ThatServeACaller_KeepTheirPlaces()
    {
        await using var gateway = await StartAsync();
        using var streams = new Crowd();
        for (var i = 0; i < OfOneAddress - 1; i++)
        {
            Assert.StartsWith("HTTP/1.1 200", await streams.AskAsync(gateway, "/messages/stream", RunningGateway.Key), StringComparison.Ordinal);
        }

        using var silent = new Crowd();
        for (var i = 0; i < 10; i++)
        {
            await silent.ConnectAsync(gateway);
        }

        await Eventually.TrueAsync(() => silent.Clients.Count(client => !client.IsClosed) == 1, "only the newest silent one is left");
        Assert.All(streams.Clients, client => Assert.False(client.IsClosed));
    }

    [Fact]
    public async Task Connections_OfAKnownProxy_AreNotCountedByAddress()
    {
        await using var gateway = await StartAsync(("ForwardedHeaders:KnownProxies:0", "127.0.0.0/8"));
        using var silent = new Crowd();
        for (var i = 0; i < OfOneAddress + 20; i++)
        {
            await silent.ConnectAsync(gateway);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/health/live")).StatusCode);
        Assert.All(silent.Clients, client => Assert.False(client.IsClosed));
    }

    [Fact]
    public async Task Connections_AllTakenByCallers_LeaveHealthAnswered()
    {
        await using var gateway = await StartAsync(("RateLimiting:LongRequestsPerCaller", $"{All}"));
        using var streams = new Crowd();
        for (var i = 0; i < All; i++)
        {
            var head = await streams.AskAsync(gateway, "/messages/stream", RunningGateway.Key, $"127.0.0.{2 + (i % 4)}");
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        }

        using var late = new Crowd();
        for (var i = 0; i < 50; i++)
        {
            var head = await late.AskAsync(gateway, "/messages", RunningGateway.Key, "127.0.0.9");
            Assert.StartsWith("HTTP/1.1 503", head, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close", head, StringComparison.Ordinal);
            Assert.Contains("\r\nRetry-After: ", head, StringComparison.Ordinal);
        }

        Assert.StartsWith("HTTP/1.1 200", await late.AskAsync(gateway, "/health/live", key: null, "127.0.0.9"), StringComparison.Ordinal);
        Assert.All(streams.Clients, client => Assert.False(client.IsClosed));
    }

    [Fact]
    public async Task Connections_SilentOnesOfManyAddresses_MakeRoomForCallers()
    {
        await using var gateway = await StartAsync();
        using var silent = new Crowd();
        for (var i = 0; i < 3 * All; i++)
        {
            await silent.ConnectAsync(gateway, $"127.0.{2 + (i % 50)}.1");
        }

        using var page = await gateway.Client.GetAsync("/messages");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        await Eventually.TrueAsync(() => silent.Clients.Count(client => !client.IsClosed) < All, "the bound of all is kept");
    }

    [Fact]
    public async Task Connection_SilentForFifteenSeconds_Ends()
    {
        var clock = new FakeTimeProvider(GatewayAtNoon.Noon);
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, clock);
        using var silent = await UnreadClient.ConnectAsync(gateway.BaseAddress);
        using var unauthenticated = await UnreadClient.ConnectAsync(gateway.BaseAddress);
        Assert.StartsWith("HTTP/1.1 401", await unauthenticated.AskAsync("/messages"), StringComparison.Ordinal);
        using var caller = await UnreadClient.ConnectAsync(gateway.BaseAddress);
        Assert.StartsWith("HTTP/1.1 200", await caller.AskAsync("/messages", RunningGateway.Key), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => gateway.OpenConnections >= 3, "all are counted");
        Assert.False(silent.IsClosed);

        clock.Advance(TimeSpan.FromSeconds(16));

        Assert.InRange(await unauthenticated.DrainAsync(), 1, 2000);
        await Eventually.TrueAsync(() => silent.IsClosed, "the silent one ends");
        Assert.StartsWith("HTTP/1.1 200", await SecondAsync(caller), StringComparison.Ordinal);
    }

    // The body of the first answer stands before the head of the second one.
    private static async Task<string> SecondAsync(UnreadClient caller)
    {
        var head = await caller.AskAsync("/health/live");
        return head[Math.Max(0, head.IndexOf("HTTP/1.1", StringComparison.Ordinal))..];
    }

    private Task<GatewayProcess> StartAsync(params (string, string)[] settings) =>
        GatewayProcess.StartAsync(fixture.Simulator.BaseAddress, account, OpenFiles, settings);

    /// <summary>Connections that stay open until the end of a test.</summary>
    private sealed class Crowd : IDisposable
    {
        public List<UnreadClient> Clients { get; } = [];

        public async Task ConnectAsync(GatewayProcess gateway, string from = "127.0.0.1") =>
            Clients.Add(await UnreadClient.ConnectAsync(gateway.Address, from));

        public async Task<string> AskAsync(GatewayProcess gateway, string path, string? key, string from = "127.0.0.1")
        {
            await ConnectAsync(gateway, from);
            return await Clients[^1].AskAsync(path, key);
        }

        public void Dispose() => Clients.ForEach(client => client.Dispose());
    }
}
