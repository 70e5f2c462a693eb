using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Hosting;

/// <summary>Ten thousand malformed requests on a socket.</summary>
public sealed class HostileRequestsTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const int Requests = 10_000;

    // HTTP/9.9 is a fault of the client, but its status is 505.
    private const string UnknownVersion = "505";

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task HostileRequests_OnTheSocket_GetNoServerErrorNoHangNoSecondAnswerAndShortLogLines()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage(RunningGateway.Number, "79161234567", "Тест") { LocalTime = new(2013, 3, 11, 12, 9, 1) });
        await using var gateway = RunningGateway.Start(
            fixture.Simulator, account, clock: null, ("RateLimiting:UnauthenticatedPerMinute", "1000000"),
            ("Logging:LogLevel:Default", "Information"));
        var linesBefore = gateway.Logs.Lines.Count;
        var random = new Random(4711);
        var requests = Enumerable.Range(0, Requests).Select(_ => HostileRequest.Next(random)).ToList();
        var faults = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<string, int>();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 48 }, async (request, _) =>
        {
            var (answer, isClosed) = await SendAsync(gateway.BaseAddress.Port, request.Bytes);
            var status = answer.Length > 12 ? answer[9..12] : "";
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (!isClosed
                || (status.StartsWith('5') && status != UnknownVersion)
                || (request.IsLastOnConnection && answer.Split("HTTP/1.1 ").Length > 2))
            {
                faults.Enqueue($"{Encoding.Latin1.GetString(request.Bytes)}\n-> {answer} {(isClosed ? "" : "(hangs)")}");
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} faults, the first: {faults.FirstOrDefault()}");
        Assert.All(["200", "400", "401", "403", "404", "405"], status => Assert.True(statuses.ContainsKey(status), status));
        var lines = gateway.Logs.Lines.Skip(linesBefore).ToList();
        Assert.InRange(lines.Count, 0, Requests);
        Assert.All(lines, line => Assert.True(line.Length < 300 && !line.Contains("   at ", StringComparison.Ordinal), line));
        var page = await gateway.GetAsync("/messages?from=2013-03-11&to=2013-03-11");
        Assert.Single(page.GetProperty("items").EnumerateArray());
    }

    private static async Task<(string Answer, bool IsClosed)> SendAsync(int port, byte[] request)
    {
        using var client = new TcpClient();
        using var deadline = new CancellationTokenSource(Deadline);
        var answer = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            await client.ConnectAsync("127.0.0.1", port, deadline.Token);
            await client.Client.SendAsync(request, deadline.Token);
            var reading = client.Client.ReceiveAsync(buffer, SocketFlags.None, deadline.Token).AsTask();
            while (true)
            {
                // A client with an incomplete request closes the connection after a while.
                if (await Task.WhenAny(reading, Task.Delay(Timeout, TimeProvider.System, deadline.Token)) != reading)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                }

                var count = await reading;
                if (count == 0)
                {
                    return (Encoding.Latin1.GetString(answer.ToArray()), true);
                }

                answer.Write(buffer, 0, count);
                reading = client.Client.ReceiveAsync(buffer, SocketFlags.None, deadline.Token).AsTask();
            }
        }
        catch (SocketException)
        {
            // A reset by the gateway also closes the connection.
            return (Encoding.Latin1.GetString(answer.ToArray()), true);
        }
        catch (OperationCanceledException)
        {
            return (Encoding.Latin1.GetString(answer.ToArray()), false);
        }
    }
}

/// <summary>A request with a few malformed parts.</summary>
internal sealed record HostileRequest(byte[] Bytes, bool IsLastOnConnection)
{
    private const string SecondRequest = "GET /problems HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly string[] Methods =
        ["GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "G\0T", "CONNECT"];

    private static readonly string[] Paths =
    [
        "/messages", "/messages?from=2013-03-11&to=2013-03-11&order=asc&limit=1", "/rented-numbers",
        "/rented-numbers?from=2013-03-11&to=2013-03-11",
        "/rented-numbers/79021234567/messages?from=2013-03-11&to=2013-03-11", "/rented-numbers/79031234567/messages",
        "/rented-numbers/79041234567/messages", "/rented-numbers/79031234567/messages/stream",
        "/rented-numbers/79021234567/messages/20130311-7K3M9Q2X4C8N", "/messages/20130311-7K3M9Q2X4C8N", "/messages/99999999-000000000000",
        "/messages/00010101-0000000000000", "/messages/%00", "/messages/stream",
        "/rented-numbers/+79021234567/messages/stream?contains=%D0%9A",
        "/messages?from=0001-01-01", "/messages?from=9999-12-31T23:59:59%2B14:00", "/messages?from=2013-03-11T00:00:00-99:99",
        "/messages?to=0001-01-01",
        "/messages?limit=99999999999999999999", "/messages?limit=-1&wait=NaN&order=%00", "/messages?order=asc&wait=0.1&cursor=now",
        "/messages?cursor=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "/messages?cursor=%FF%FE",
        "/messages?sender=%F0%9F%98%80&contains=%ED%A0%80",
        "/messages/stream?cursor=now&cursor=now", "/messages?contains=%D0%BA&contains[]=1", "/rented-numbers/8902/messages",
        "/rented-numbers/%D9%A3/messages",
        "/rented-numbers/%00/messages", "/rented-numbers/79021234567%2Fmessages", "/rented-numbers/79021234567;/messages", "/health/ready",
        "/health/live",
        "/openapi/websms-gateway.json", "/openapi/..%2f..%2fappsettings.json", "/swagger/index.html", "/swagger/..%2f..%2fetc/passwd",
        "/problems",
        "/problems/../messages", "/problems/%2e%2e/%2e%2e/etc/passwd", "//rented-numbers//x", "/%", "/%zz", "/?%", "*", "http://x/messages",
        "/problems/<script>", "/rented-numbers/79021234567%0d%0aX: y", "/messages?a=1&a=2&a[]=3&=", "/messages/\u00ff", "", "/nowhere?\0",
    ];

    private static readonly string[] Headers =
    [
        "X-Api-Key: test-key", "X-Api-Key: test-key", "X-Api-Key: test-key", "X-Api-Key: narrow-key", "X-Api-Key: narrow-key",
        "X-Api-Key: wrong",
        "X-Api-Key: \u00ff\u00fe",
        "Authorization: Bearer a.b.c", "Authorization: Bearer", "Authorization: ", "Accept: \u0001", "Accept: text/csv;q=9",
        "Accept: text/csv",
        "Accept: application/x-ndjson", "Last-Event-ID: \u0001", "Last-Event-ID: AQAAAA", "Origin: null",
        "If-None-Match: \"", "Range: bytes=-", "Expect: 100-continue", "Upgrade: websocket\r\nConnection: Upgrade", "Host: y", "X Y: z",
        ": empty", "X-Forwarded-For: , ,", "Cookie: a=b; c", "traceparent: 00-00-00-00", "Accept-Encoding: *;q=x", "X-Long: " + "a",
        "Content-Length: 5", "Content-Length: +5", "Content-Length: -5", "Content-Length: 5\r\nContent-Length: 7", "Content-Length: 5, 5",
        "Content-Length: 99999999999999999999", "Content-Length: 20000", "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip", "Transfer-Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding:\u000bchunked",
    ];

    private static readonly string[] Bodies =
    [
        "", "", "hello", "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFF\r\n", "5;x=\"\r\nhello\r\n0\r\n\r\n", "-1\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n", "0\r\nX: y\r\n\r\n",
    ];

    public static HostileRequest Next(Random random)
    {
        var end = random.Next(40) == 0 ? "\n" : "\r\n";
        var version = random.Next(25) == 0 ? Pick(random, ["HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP/1.1 ", "", "ICY"]) : "HTTP/1.1";
        var text = new StringBuilder($"{Pick(random, Methods)} {Pick(random, Paths)} {version}{end}Host: x{end}Connection: close{end}");
        for (var count = random.Next(4); count > 0; count--)
        {
            text.Append(Pick(random, Headers)).Append(end);
        }

        text.Append(end).Append(Pick(random, Bodies)).Append(random.Next(2) == 0 ? SecondRequest : "");
        var bytes = Encoding.Latin1.GetBytes(text.ToString());
        if (random.Next(4) == 0)
        {
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
        }

        if (random.Next(100) == 0)
        {
            bytes = bytes[..random.Next(1, bytes.Length)];
        }

        // With an intact Connection: close no further request may follow. If a flipped bit damaged the header, further bytes are a request.
        var isLast = Encoding.Latin1.GetString(bytes).Contains($"{end}Connection: close{end}", StringComparison.Ordinal);
        return new HostileRequest(bytes, isLast);
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];
}
