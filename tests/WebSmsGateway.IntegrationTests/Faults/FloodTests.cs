using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>More requests and connections than a gateway is made for.</summary>
[Collection(HeavyTests.Name)]
public sealed class FloodTests : IAsyncLifetime
{
    private const string Page = "/messages?from=2024-05-14&to=2024-05-14";
    private const string OpenPage = "/messages";

    // Three quarters of the open files without the reserve are 512 connections.
    private const int OpenFiles = 1024;
    private const int MaxConnections = 512;

    private RunningSimulator simulator = null!;
    private SimulatedAccount account = null!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync();
        account = simulator.NewAccount();
        account.AddMessages(new SimulatorMessage("79021234567", "900", "Баланс 100 ₽") { LocalTime = new DateTime(2024, 5, 14, 10, 0, 0) });
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    [Fact]
    public async Task Connections_ThreeTimesTheBound_TheProcessLivesAndAnswersWithinFiveSeconds()
    {
        await using var gateway = await StartAsync(OpenFiles);
        var crowd = new List<TcpClient>();
        for (var i = 0; i < 3 * MaxConnections; i++)
        {
            crowd.Add(await ConnectAsync(gateway));
        }

        await Task.WhenAll(crowd.Select(client => TrySendAsync(client, $"GET {Page} HTTP/1.1\r\nHost: x\r\n")));
        await Eventually.TrueAsync(() => crowd.Count(client => !IsClosed(client)) <= MaxConnections, "too many connections are held");
        Assert.Contains(crowd, client => !IsClosed(client));
        Assert.InRange(gateway.Look().Handles, 1, OpenFiles);

        crowd.ForEach(client => client.Dispose());
        var started = TimeProvider.System.GetTimestamp();
        await EventuallyAnswersAsync(gateway, started);
        Assert.False(gateway.HasExited);
    }

    [Fact]
    public async Task Connections_SevenHundredSilentOnes_LeaveLivenessAnswered()
    {
        await using var gateway = await StartAsync(OpenFiles);
        var crowd = new List<TcpClient>();
        for (var i = 0; i < 700; i++)
        {
            crowd.Add(await ConnectAsync(gateway));
        }

        for (var i = 0; i < 20; i++)
        {
            using var fresh = new HttpClient { BaseAddress = gateway.Address };
            Assert.Equal(HttpStatusCode.OK, (await fresh.GetAsync("/health/live")).StatusCode);
        }

        crowd.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("/swagger/swagger-ui-bundle.js")]
    [InlineData("/openapi/websms-gateway.json")]
    public async Task StaticAnswers_AskedForBySixHundredWhoDoNotRead_LeaveTheProcessOfTheManifestAlive(string path)
    {
        // The heap that a container of 512 MiB has. Each unread script once cost 1.8 MB.
        await using var gateway = await StartAsync(settings: ("DOTNET_GCHeapHardLimit", "0x18000000"));
        await ReadAsync(gateway, Page);
        (await gateway.Client.GetAsync(path)).Dispose();
        var before = gateway.Look().Megabytes;
        var unread = new List<UnreadClient>();
        for (var i = 0; i < 600; i++)
        {
            var (client, head) = await UnreadClient.AskAsync(gateway.Address, path, from: $"127.0.0.{2 + (i % 10)}");
            unread.Add(client);
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        }

        Assert.InRange(gateway.Look().Megabytes, 0, before + 100);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(gateway, Page));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(gateway, "/health/live"));
        Assert.False(gateway.HasExited);
        unread.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task SlowClients_AThousandAtOnce_OthersNoticeNothingAndTheSlowAreLeft()
    {
        await using var gateway = await StartAsync();
        await ReadAsync(gateway, Page);
        var slow = new List<TcpClient>();
        for (var i = 0; i < 500; i++)
        {
            slow.Add(await ConnectAsync(gateway));
            await TrySendAsync(slow[^1], $"GET {Page} HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            slow.Add(await ConnectAsync(gateway));
            await TrySendAsync(slow[^1], "POST /messages HTTP/1.1\r\nHost: x\r\nX-Api-Key: test-key\r\nContent-Length: 10000\r\n\r\n");
        }

        var times = new List<TimeSpan>();
        var begun = TimeProvider.System.GetTimestamp();
        while (slow.Exists(client => !IsClosed(client)) && TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30))
        {
            await Task.WhenAll(slow.Select(client => TrySendAsync(client, "x")));
            for (var i = 0; i < 20; i++)
            {
                var started = TimeProvider.System.GetTimestamp();
                Assert.Equal(HttpStatusCode.OK, await ReadAsync(gateway, Page));
                times.Add(TimeProvider.System.GetElapsedTime(started));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, CancellationToken.None);
        }

        Assert.True(slow.TrueForAll(IsClosed), $"{slow.Count(client => !IsClosed(client))} slow clients are still held");
        times.Sort();
        Assert.True(times[times.Count * 95 / 100] < TimeSpan.FromMilliseconds(250), $"a page took {times[times.Count * 95 / 100]}");
        slow.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task ColdPage_FourHundredAtOnce_AsksWebsmsOnce()
    {
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Delay(TimeSpan.FromMilliseconds(500))] };
        await using var gateway = await StartAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => ReadAsync(gateway, Page)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Single(account.Requests());
    }

    [Fact]
    public async Task CachedPages_TwoThousandRequestsWhileWebsmsIsDead_AllAreAnswered()
    {
        await using var gateway = await StartAsync(settings: [("Cache:Freshness", "00:00:00.5"), ("Upstream:Timeout", "00:00:01")]);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(gateway, OpenPage));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(gateway, Page));
        account.ClearRequests();
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Reset()] };

        var statuses = new ConcurrentBag<HttpStatusCode>();
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) =>
        {
            statuses.Add(await ReadAsync(gateway, i % 2 == 0 ? OpenPage : Page));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        });

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(account.Requests().Count, 1, 40);
    }

    private static async Task<HttpStatusCode> ReadAsync(GatewayProcess gateway, string path)
    {
        using var response = await gateway.Client.GetAsync(path);
        await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode;
    }

    private static async Task EventuallyAnswersAsync(GatewayProcess gateway, long started)
    {
        while (true)
        {
            try
            {
                Assert.Equal(HttpStatusCode.OK, await ReadAsync(gateway, Page));
                Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 5);
                return;
            }
            catch (HttpRequestException) when (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static async Task<TcpClient> ConnectAsync(GatewayProcess gateway)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        return client;
    }

    private static async Task TrySendAsync(TcpClient client, string text)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The gateway closed the connection. The test checks this afterwards.
        }
    }

    // The other side has closed a connection that is readable and has no bytes.
    private static bool IsClosed(TcpClient client)
    {
        try
        {
            return !client.Connected
                || (client.Client.Poll(TimeSpan.Zero, SelectMode.SelectRead) && client.Client.Receive(new byte[4096]) == 0);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private Task<GatewayProcess> StartAsync(int? openFiles = null, params (string, string)[] settings) =>
        GatewayProcess.StartAsync(simulator.BaseAddress, account, openFiles, settings);
}
