using System.Net;
using System.Net.Sockets;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.RateLimiting;

/// <summary>Rate limits on answers of the real endpoints.</summary>
public sealed class RealAnswersTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Day = "from=2013-03-11&to=2013-03-11";

    [Fact]
    public async Task EveryAnswer_OfEachFormatAndStatus_SaysWhatIsLeft()
    {
        await using var gateway = Start();
        using var page = await gateway.Client.GetAsync(new Uri($"/messages?{Day}", UriKind.Relative));
        (string Path, string? Accept, string? Tag, int Status)[] requests =
        [
            ($"/messages?{Day}", null, null, 200),
            ($"/messages?{Day}", null, page.Headers.ETag!.ToString(), 304),
            ($"/messages?{Day}", "text/csv", null, 200),
            ($"/messages?{Day}", "application/x-ndjson", null, 200),
            ("/messages/stream", null, null, 200),
            ("/rented-numbers", null, null, 200),
            ("/messages/20130311-7K3M9Q2X4C8N", null, null, 404),
            ("/messages?limit=many", null, null, 400),
            ("/rented-numbers/8902/messages", null, null, 400),
            ("/nowhere", null, null, 404),
        ];
        foreach (var (path, accept, tag, status) in requests)
        {
            using var response = await SendAsync(gateway.Client, path, accept, tag);

            Assert.Equal(status, (int)response.StatusCode);
            AssertSaysWhatIsLeft(response, $"{path} {accept} {status}");
        }
    }

    [Fact]
    public async Task LongRequests_OneTooMany_Is429UntilAnotherEnds()
    {
        await using var gateway = Start(("RateLimiting:LongRequestsPerCaller", "2"));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var first = await SendAsync(gateway.Client, "/messages/stream");
        using var second = await SendAsync(gateway.Client, $"/rented-numbers/{RunningGateway.Number}/messages/stream");
        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal(200, (int)second.StatusCode);

        foreach (var path in (string[])["/messages/stream", "/messages?order=asc&cursor=now&wait=30"])
        {
            using var refused = await SendAsync(gateway.Client, path);
            Assert.Equal(429, (int)refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            AssertSaysWhatIsLeft(refused, path);
        }

        using var other = await SendAsync(narrow, "/messages/stream");
        Assert.Equal(200, (int)other.StatusCode);
        using var page = await SendAsync(gateway.Client, "/messages");
        Assert.Equal(200, (int)page.StatusCode);

        first.Dispose();
        await WaitForPlaceAsync(gateway.Client);
    }

    [Fact]
    public async Task LongRequests_WithoutCredentials_AreCountedPerAddress()
    {
        await using var gateway = Start(("Authentication:AllowAnonymous", "true"), ("RateLimiting:LongRequestsPerCaller", "1"));
        using var one = ClientAt("127.0.0.1", gateway);
        using var other = ClientAt("127.0.0.2", gateway);
        using var first = await SendAsync(one, "/messages/stream");
        Assert.Equal(200, (int)first.StatusCode);

        using var refused = await SendAsync(one, "/messages/stream");
        using var neighbour = await SendAsync(other, "/messages/stream");

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(200, (int)neighbour.StatusCode);
    }

    [Fact]
    public async Task Requests_AboveTheLimit_Are429WithRetryAfterInEachFormat()
    {
        await using var gateway = Start(("Authentication:ApiKeys:0:RequestsPerMinute", "1"));
        using var last = await SendAsync(gateway.Client, $"/messages?{Day}");
        Assert.Equal(200, (int)last.StatusCode);

        foreach (var (path, accept) in ((string, string?)[])[($"/messages?{Day}", null), ($"/messages?{Day}", "text/csv"),
            ("/messages/stream", "text/event-stream")])
        {
            using var refused = await SendAsync(gateway.Client, path, accept);
            Assert.Equal(429, (int)refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
            AssertSaysWhatIsLeft(refused, path);
        }
    }

    private static HttpClient ClientAt(string address, RunningGateway gateway) => new(new SocketsHttpHandler
    {
        MaxResponseDrainSize = 0,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = gateway.BaseAddress };

    private RunningGateway Start(params (string Key, string? Value)[] settings)
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage(RunningGateway.Number, "79161234567", "Тест") { LocalTime = new(2013, 3, 11, 12, 9, 1) });
        return RunningGateway.Start(fixture.Simulator, account, clock: null, settings);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string? accept = null, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static void AssertSaysWhatIsLeft(HttpResponseMessage response, string what)
    {
        Assert.True(response.Headers.TryGetValues("RateLimit", out var left), what);
        Assert.Matches("^\"default\";r=[0-9]+;t=[0-9]+$", left.Single());
        Assert.Matches("^\"default\";q=[0-9]+;w=60$", response.Headers.GetValues("RateLimit-Policy").Single());
    }

    private static async Task WaitForPlaceAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            using var response = await SendAsync(client, "/messages/stream");
            if ((int)response.StatusCode == 200)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }
}
