using System.Globalization;
using System.Net.Sockets;
using System.Text;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>Requests that no honest client sends. Each gets exactly one answer, and never a 5xx.</summary>
public sealed class HostileRequestTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string Id = "20260310-7K3M9Q2X4C8N";

    [Theory]
    [InlineData("GET", "/messages/", 200)]
    [InlineData("GET", "//messages", 404)]
    [InlineData("GET", "/messages//", 404)]
    [InlineData("GET", "/Messages", 200)]
    [InlineData("GET", "/messages;a=1", 404)]
    [InlineData("GET", "/messages/..", 200)]
    [InlineData("GET", "/rented-numbers/../messages", 200)]
    [InlineData("GET", "/rented-numbers/%2e%2e/messages", 200)]
    [InlineData("GET", "/rented-numbers/..%2F..%2Fetc%2Fpasswd/messages", 400)]
    [InlineData("GET", "/rented-numbers/79021234567/messages/..%2F..%2F..%2Fetc%2Fpasswd", 404)]
    [InlineData("GET", "/rented-numbers//messages", 404)]
    [InlineData("GET", "/rented-numbers/%20/messages", 400)]
    [InlineData("GET", "/rented-numbers/79021234567%0d%0aX:1/messages", 400)]
    [InlineData("GET", "/rented-numbers/%FF%FE/messages", 400)]
    [InlineData("GET", "/rented-numbers/%zz/messages", 400)]
    [InlineData("GET", "/messages/%ED%A0%80", 404)]
    [InlineData("GET", "/messages/" + Id + "/", 404)]
    [InlineData("GET", "/messages/" + Id + ".json", 404)]
    [InlineData("GET", "/messages?", 200)]
    [InlineData("GET", "/messages?&&&", 200)]
    [InlineData("GET", "/messages?=", 400)]
    [InlineData("GET", "/messages?=x", 400)]
    [InlineData("GET", "/messages?%00=1", 400)]
    [InlineData("GET", "/messages?%FF=1", 400)]
    [InlineData("GET", "/messages?contains=%FF%FE", 400)]
    [InlineData("GET", "/messages?contains=%ED%A0%80", 400)]
    [InlineData("GET", "/messages?contains=%00", 200)]
    [InlineData("GET", "/messages?contains=%zz", 400)]
    [InlineData("GET", "/messages?contains=%", 400)]
    [InlineData("GET", "/messages?contains=%0d%0aSet-Cookie:%20a=b", 200)]
    [InlineData("GET", "/messages?sender=%00", 200)]
    [InlineData("GET", "/messages?sender='%20OR%201=1--", 200)]
    [InlineData("GET", "/messages?sender=7%26http_username%3Devil", 200)]
    [InlineData("GET", "/messages?from=%00", 400)]
    [InlineData("GET", "/messages?from=0000-00-00", 400)]
    [InlineData("GET", "/messages?from=0001-01-01", 400)]
    [InlineData("GET", "/messages?from=9999-12-31", 400)]
    [InlineData("GET", "/messages?to=9999-12-31T23:59:59.9999999-14:00", 400)]
    [InlineData("GET", "/messages?from=1900-01-01&to=1900-01-01", 200)]
    [InlineData("GET", "/messages?from=1900-01-01T00:00:00%2B14:00&to=1900-01-02", 200)]
    [InlineData("GET", "/messages?to=9990-12-31", 400)]
    [InlineData("GET", "/messages?limit=00000000000000000000000000000000001", 200)]
    [InlineData("GET", "/messages?limit=%D9%A1", 400)]
    [InlineData("GET", "/messages?cursor=%20", 400)]
    [InlineData("GET", "/messages?cursor=AAAA%20AAA", 400)]
    [InlineData("GET", "/messages?cursor=AQ%3D%3D", 400)]
    [InlineData("GET", "/messages?cursor=%D1%84", 400)]
    [InlineData("GET", "/messages?order=asc&wait=NaN", 400)]
    [InlineData("GET", "/messages?order=asc&wait=1e1", 400)]
    [InlineData("GET", "/messages?order=asc&wait=-0", 400)]
    [InlineData("GET", "/messages?order=asc&wait=61", 400)]
    [InlineData("GET", "/messages?contains[]=1", 400)]
    [InlineData("GET", "/messages#fragment", 404)]
    [InlineData("POST", "/messages", 405)]
    [InlineData("PUT", "/messages/" + Id, 405)]
    [InlineData("PATCH", "/rented-numbers", 405)]
    [InlineData("DELETE", "/rented-numbers/79021234567/messages", 405)]
    [InlineData("TRACE", "/messages", 405)]
    [InlineData("OPTIONS", "/messages", 405)]
    [InlineData("PROPFIND", "/messages", 405)]
    [InlineData("get", "/messages", 200)]
    [InlineData("HEAD", "/messages", 200)]
    [InlineData("HEAD", "/nowhere", 404)]
    [InlineData("HEAD", "/messages?limit=0", 400)]
    [InlineData("HEAD", "/messages/stream", 200)]
    [InlineData("HEAD", "/rented-numbers", 200)]
    public async Task Request_OddButWellFormed_GetsTheAnswerThatItDeserves(string method, string target, int status)
    {
        var answer = await SendAsync(
            $"{method} {target} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {RunningGateway.Key}\r\nConnection: close\r\n\r\n");

        Assert.Equal($"{status}", answer.Split(' ')[1]);
        Assert.True(method != "HEAD" || answer.EndsWith("\r\n\r\n", StringComparison.Ordinal));
        if (status >= 400)
        {
            Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("X-HTTP-Method: POST")]
    [InlineData("X-Original-URL: /rented-numbers/79021234568/messages")]
    [InlineData("X-Forwarded-Prefix: /x")]
    [InlineData("Accept: text/csv;q=2, ,;;q, */")]
    [InlineData("Accept: \u0001")]
    [InlineData("If-None-Match: W/")]
    [InlineData("If-None-Match: \"\"\"\"")]
    [InlineData("If-Modified-Since: yesterday")]
    [InlineData("If-Match: \"x\"")]
    [InlineData("Range: bytes=0-1")]
    [InlineData("Accept-Encoding: gzip;q=x")]
    [InlineData("Cookie: a=b")]
    [InlineData("Expect: 200-maybe")]
    public async Task Header_OfNoMeaningHere_ChangesNothing(string header)
    {
        var answer = await SendAsync(
            "GET /messages?from=2026-03-10 HTTP/1.1\r\nHost: x\r\n"
            + $"X-Api-Key: {RunningGateway.Key}\r\n{header}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(25)]
    [InlineData(33)]
    [InlineData(41)]
    public async Task Cursor_ForgedWithARightChecksum_IsAnAnswerOrARefusal(int offset)
    {
        var page = await noon.Gateway.GetAsync("/messages?order=asc&cursor=now");
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(page.GetProperty("nextCursor").GetString()!);
        foreach (var value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
        {
            foreach (var length in (int[])[1, 4, 8])
            {
                var forged = bytes.ToArray();
                var body = forged.AsSpan(0, forged.Length - 4);
                body.Slice(Math.Min(offset, body.Length - length), length).Fill(value);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
                    forged.AsSpan(body.Length), System.IO.Hashing.Crc32.HashToUInt32(body));
                var cursor = System.Buffers.Text.Base64Url.EncodeToString(forged);
                using var response = await noon.Client.GetAsync($"/messages?order=asc&cursor={cursor}");

                Assert.True((int)response.StatusCode is 200 or 400, $"{(int)response.StatusCode} for {cursor}");
            }
        }
    }

    [Fact]
    public async Task Mutations_OfGoodRequests_AreNeverADefect()
    {
        string[] good =
        [
            "/messages?from=2026-03-10T10:00:00%2B03:00&to=2026-03-10&sender=%2B79161234567&contains=%D0%BA%D0%BE%D0%B4&order=asc&limit=10",
            $"/rented-numbers/79021234567/messages/{Id}", "/rented-numbers?from=2026-03-01&to=2026-03-10",
            "/rented-numbers/+79021234567/messages?cursor=now&order=asc",
        ];
        const string Noise = "%0Aé&=?/\\;:+-. \0T9Zz[]{}\"'<>|#😀";
        var random = new Random(11);
        for (var i = 0; i < 1500; i++)
        {
            var target = new StringBuilder(good[random.Next(good.Length)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(1, target.Length);
                var noise = random.Next(3) == 0
                    ? $"%{random.Next(256):X2}"
                    : Uri.EscapeDataString(Noise[random.Next(Noise.Length - 2)].ToString(CultureInfo.InvariantCulture));
                _ = random.Next(3) switch
                {
                    0 => target.Remove(at, 1),
                    1 => target.Insert(at, noise),
                    _ => target.Insert(at, target.ToString(at, Math.Min(5, target.Length - at))),
                };
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, target.ToString());
            request.Headers.Add("Accept", random.Next(2) == 0 ? "text/csv" : "application/json");
            using var response = await noon.Client.SendAsync(request);
            Assert.True((int)response.StatusCode < 500, $"{(int)response.StatusCode} for {target}");
        }

        Assert.DoesNotContain(noon.Gateway.Logs.Lines, line => line.Contains("Defect in", StringComparison.Ordinal));
    }

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(noon.Gateway.BaseAddress.Host, noon.Gateway.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
