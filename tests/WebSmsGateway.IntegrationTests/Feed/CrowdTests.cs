using System.Net;
using System.Net.Sockets;
using System.Text;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class CrowdTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task HundredsOfWaitsAndStreams_MessagesArrive_EachGetsEachOnceInOrderFromOnePoll()
    {
        const int Crowd = 300;
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Cache:Freshness", $"{Freshness}"));
        var start = (await gateway.GetAsync($"{PagePath}&cursor=now")).Next();
        var streams = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => EventStream.OpenAtNowAsync(gateway.Client, StreamPath)));
        var sent = Enumerable.Range(0, 6).Select(i => $"message {i}").ToList();
        var waits = Enumerable.Range(0, Crowd).Select(_ => Task.Run(() => FollowAsync(gateway, start, sent.Count))).ToList();
        var reads = streams.Select(stream => Task.Run(() => stream.TextsAsync(sent.Count))).ToList();
        await Eventually.TrueAsync(() => account.Requests().Count > 2, "nobody polls");
        Assert.Equal(1, gateway.Polls());
        account.ClearRequests();
        var began = TimeProvider.System.GetTimestamp();

        var now = MoscowNow();
        foreach (var (i, text) in sent.Index())
        {
            account.AddMessages(new SimulatorMessage(Number, "900", text) { LocalTime = now.AddSeconds(i) });
            await account.WaitForCallsAsync(i + 1);
        }

        foreach (var texts in await Task.WhenAll([.. waits, .. reads]))
        {
            Assert.Equal(sent, texts);
        }

        var intervals = TimeProvider.System.GetElapsedTime(began) / Freshness;
        Assert.InRange(account.Requests().Count, 1, intervals + 2);
        Assert.Equal(1, account.MostCallsInFlight);
        foreach (var stream in streams)
        {
            stream.Dispose();
        }

        await Eventually.TrueAsync(() => gateway.Polls() == 0, "it polls for nobody", seconds: 2);
    }

    [Fact]
    public async Task Burst_ReadersOfDifferentThings_EachGetsItsOwnOnce()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Cache:Freshness", $"{Freshness}"));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var all = await OpenAsync(gateway.Client, "/messages/stream");
        var own = await OpenAsync(narrow, "/messages/stream");
        var filtered = await OpenAsync(gateway.Client, $"{StreamPath}?contains=7");

        var now = MoscowNow();
        var sent = Enumerable.Range(0, 300).Select(i => (Number: i % 3 == 0 ? OtherNumber : Number, Text: $"message {i}")).ToList();
        account.AddMessages(sent.Select(message => new SimulatorMessage(message.Number, "900", message.Text) { LocalTime = now }));

        var ofNumber = sent.Where(message => message.Number == Number).Select(message => message.Text).ToList();
        await ExpectAsync(all, sent.Select(message => message.Text));
        await ExpectAsync(own, ofNumber);
        await ExpectAsync(filtered, ofNumber.Where(text => text.Contains('7', StringComparison.Ordinal)));

        static Task<EventStream[]> OpenAsync(HttpClient client, string path) =>
            Task.WhenAll(Enumerable.Range(0, 15).Select(_ => EventStream.OpenAtNowAsync(client, path)));

        static async Task ExpectAsync(EventStream[] streams, IEnumerable<string> expected)
        {
            var texts = expected.Order(StringComparer.Ordinal).ToList();
            foreach (var stream in streams)
            {
                Assert.Equal(texts, (await stream.TextsAsync(texts.Count)).Order(StringComparer.Ordinal));
                stream.Dispose();
            }
        }
    }

    [Fact]
    public async Task SlowReader_DoesNotReadItsSocket_IsCutOffAndDelaysNobody()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Upstream:Scope", "Number"));
        using var good = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(new IPEndPoint(IPAddress.Loopback, gateway.BaseAddress.Port));
        await slow.SendAsync(
            Encoding.ASCII.GetBytes($"GET /messages/stream HTTP/1.1\r\nHost: x\r\nX-Api-Key: {RunningGateway.Key}\r\n\r\n"));
        await Eventually.TrueAsync(() => gateway.Polls() == 2, "the slow reader's stream does not open");
        var text = new string('ы', 4000);
        var now = MoscowNow().AddMinutes(-1);
        var sent = 0;

        // The messages exceed what the sockets and the buffer between them can hold.
        for (var round = 0; round < 20; round++)
        {
            account.AddMessages(Enumerable.Range(0, 50).Select(
                _ => new SimulatorMessage(Number, "900", text + sent) { LocalTime = now.AddSeconds(sent++ / 20) }));
            var began = TimeProvider.System.GetTimestamp();
            Assert.Equal(50, (await good.TextsAsync(50)).Distinct().Count());
            Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 9);
        }

        await Eventually.TrueAsync(() => gateway.Polls() == 1, "the slow reader is still there", seconds: 20);
    }

    private static async Task<List<string>> FollowAsync(RunningGateway gateway, string cursor, int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            var page = await gateway.GetAsync($"{PagePath}&cursor={cursor}&wait=20");
            texts.AddRange(page.Texts());
            cursor = page.Next();
        }

        return texts;
    }
}
