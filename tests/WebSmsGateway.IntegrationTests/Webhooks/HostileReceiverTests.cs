using System.Net;
using System.Net.Sockets;
using System.Text;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Tests;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>Receivers that take the time, the memory or the connection of the gateway. Each attempt ends in time, and nobody else is late.</summary>
public sealed class HostileReceiverTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    // What each one answers, and how an attempt ends with it.
    public static readonly TheoryData<string, bool> Receivers = new()
    {
        { "a gigabyte", true },
        { "a byte a second", true },
        { "headers without end", false },
        { "a header of a byte a second", false },
        { "closes at once", false },
        { "closes after the request", false },
        { "never answers", false },
        { "no HTTP", false },
        { "continues for ever", false },
        { "never reads", false },
        { "a negative length", false },
    };

    [Theory]
    [MemberData(nameof(Receivers))]
    public async Task Receiver_ThatIsHostile_EndsInTimeAndHoldsUpNobody(string kind, bool isDelivered)
    {
        var account = fixture.Simulator.NewAccount();
        await using var hostile = new HostileReceiver(kind);
        await using var good = await WebhookReceiver.StartAsync();
        await using var gateway = WatchedGateway.Start(
            fixture.Simulator, account, null,
            [
                .. WebhookSettings.Of(hostile.Address, WebhookReceiver.NewSecret(), 0, "hostile"), .. WebhookSettings.Of(good, 1, "good"),
                ("Webhooks:Timeout", "00:00:02"),
            ]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        account.Receive("первое");
        await Eventually.TrueAsync(() => good.Taken.Count == 1, "the good receiver got the first message", 30);
        account.Receive("второе");
        await Eventually.TrueAsync(() => good.Taken.Count == 2, "the good receiver got the second message", 30);

        await Eventually.TrueAsync(
            async () => (await gateway.GetAsync("/webhooks/hostile")) is var webhook
                && (isDelivered
                    ? webhook.GetProperty("lastSuccessAt").ValueKind != System.Text.Json.JsonValueKind.Null
                    : webhook.GetProperty("state").GetString() == "failing"),
            $"the attempt ended {(isDelivered ? "well" : "as a failure")}", 30);

        Assert.True(hostile.Sent < 64 * 1024 * 1024, $"{hostile.Sent} bytes were taken");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 64 * 1024 * 1024);
        Assert.Equal(["первое", "второе"], good.Taken.Select(webhook => webhook.Text));
    }

    /// <summary>Answers each connection in its own way.</summary>
    private sealed class HostileReceiver : IAsyncDisposable
    {
        private readonly AcceptedConnections connections;
        private readonly string kind;
        private long sent;

        public HostileReceiver(string kind)
        {
            this.kind = kind;
            connections = new AcceptedConnections(IPAddress.Loopback, 0, ServeAsync);
        }

        public Uri Address => new($"http://127.0.0.1:{connections.Port}/hook");

        public long Sent => Volatile.Read(ref sent);

        public ValueTask DisposeAsync() => connections.DisposeAsync();

        private async Task ServeAsync(Socket socket, CancellationToken ended)
        {
            await using (var stream = new NetworkStream(socket, ownsSocket: true))
            {
                try
                {
                    await AnswerAsync(stream, ended);
                }
                catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
                {
                    // The gateway left, or the test ends.
                }
            }
        }

        private async Task AnswerAsync(NetworkStream stream, CancellationToken ended)
        {
            if (kind == "closes at once")
            {
                return;
            }

            if (kind != "never reads")
            {
                _ = await stream.ReadAsync(new byte[65536], ended);
            }

            switch (kind)
            {
                case "a gigabyte":
                    await SendAsync(stream, $"{Head}Content-Length: 1073741824\r\n\r\n", ended);
                    await ForeverAsync(stream, new string('x', 65536), TimeSpan.Zero, ended);
                    break;
                case "a byte a second":
                    await SendAsync(stream, $"{Head}Content-Length: 1000\r\n\r\n", ended);
                    await ForeverAsync(stream, "x", TimeSpan.FromSeconds(1), ended);
                    break;
                case "headers without end":
                    await SendAsync(stream, Head, ended);
                    await ForeverAsync(stream, $"X-More: {new string('x', 1000)}\r\n", TimeSpan.Zero, ended);
                    break;
                case "a header of a byte a second":
                    await SendAsync(stream, $"{Head}X-More: ", ended);
                    await ForeverAsync(stream, "x", TimeSpan.FromSeconds(1), ended);
                    break;
                case "no HTTP":
                    await SendAsync(stream, "220 mail.example.com ESMTP\r\n", ended);
                    break;
                case "a negative length":
                    await SendAsync(stream, "HTTP/1.1 2xx OK\r\nContent-Length: -1\r\n\r\n", ended);
                    break;
                case "continues for ever":
                    await ForeverAsync(stream, "HTTP/1.1 100 Continue\r\n\r\n", TimeSpan.FromMilliseconds(1), ended);
                    break;
                case "never answers" or "never reads":
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended);
                    break;
            }
        }

        private async Task ForeverAsync(NetworkStream stream, string text, TimeSpan pause, CancellationToken ended)
        {
            while (true)
            {
                await SendAsync(stream, text, ended);
                await Task.Delay(pause, TimeProvider.System, ended);
            }
        }

        private async Task SendAsync(NetworkStream stream, string text, CancellationToken ended)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), ended);
            Interlocked.Add(ref sent, text.Length);
        }
    }
}
