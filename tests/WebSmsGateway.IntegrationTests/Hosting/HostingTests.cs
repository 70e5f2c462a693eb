using System.Net.Sockets;
using System.Text;
using WebSmsGateway.IntegrationTests.Authentication;
using static WebSmsGateway.IntegrationTests.Authentication.ProbeGateway;

namespace WebSmsGateway.IntegrationTests.Hosting;

public sealed class HostingTests : IAsyncLifetime
{
    private const string Origin = "https://shop.example.com";

    private ProbeGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await StartAsync(("Cors:Origins:0", Origin));

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Theory]
    [InlineData("/probe/caller")]
    [InlineData("/nowhere")]
    [InlineData("/problems")]
    public async Task AnyAnswer_CarriesSecurityHeadersAndNoServerName(string path)
    {
        using var response = await gateway.GetAsync(path, ("X-Api-Key", ShopKey));

        Assert.Equal("nosniff", HeaderOf(response, "X-Content-Type-Options"));
        Assert.Equal("DENY", HeaderOf(response, "X-Frame-Options"));
        Assert.Equal("no-referrer", HeaderOf(response, "Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", HeaderOf(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Empty(response.Headers.Server);
    }

    [Fact]
    public async Task Preflight_ConfiguredOrigin_IsAnsweredWithoutCredentials()
    {
        using var response = await PreflightAsync(Origin);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(Origin, HeaderOf(response, "Access-Control-Allow-Origin"));
        var headers = HeaderOf(response, "Access-Control-Allow-Headers");
        Assert.All(
            ["X-Api-Key", "Authorization", "Last-Event-ID", "If-None-Match", "Accept", "Cache-Control", "traceparent", "tracestate"],
            name => Assert.Contains(name, headers, StringComparison.OrdinalIgnoreCase));
        var methods = HeaderOf(response, "Access-Control-Allow-Methods");
        Assert.All(["GET", "HEAD", "POST"], name => Assert.Contains(name, methods, StringComparison.Ordinal));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", HeaderOf(response, "Vary"));
    }

    /// <summary>A cache that keeps the answer to a request without an origin must not give it to a page.</summary>
    [Theory]
    [InlineData("/probe/caller", null)]
    [InlineData("/probe/caller", Origin)]
    [InlineData("/probe/caller", "https://evil.example.com")]
    [InlineData("/nowhere", null)]
    [InlineData("/problems", null)]
    [InlineData("/health/live", null)]
    [InlineData("/messages?limit=0", null)]
    [InlineData("/openapi/websms-gateway.json", null)]
    public async Task AnyAnswer_OriginsAreConfigured_VariesByOriginOnce(string path, string? origin)
    {
        (string, string)[] headers = [("X-Api-Key", ShopKey), .. origin is null ? [] : new[] { ("Origin", origin) }];
        using var response = await gateway.GetAsync(path, headers);

        Assert.Single(response.Headers.Vary, "Origin");
    }

    [Fact]
    public async Task AnyAnswer_NoOriginIsConfigured_DoesNotVaryByOrigin()
    {
        await using var closed = await StartAsync();
        using var response = await closed.GetAsync("/probe/caller", ("X-Api-Key", ShopKey), ("Origin", Origin));

        Assert.DoesNotContain("Origin", response.Headers.Vary);
    }

    [Fact]
    public async Task Preflight_OtherOrigin_AllowsNothing()
    {
        using var response = await PreflightAsync("https://shop.example.com.evil.example");

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(ShopKey, 200)]
    [InlineData("wrong", 401)]
    public async Task CrossOriginRequest_AnyOutcome_CanBeReadByThePage(string key, int status)
    {
        using var response = await gateway.GetAsync("/probe/caller", ("X-Api-Key", key), ("Origin", Origin));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(Origin, HeaderOf(response, "Access-Control-Allow-Origin"));
        var exposed = HeaderOf(response, "Access-Control-Expose-Headers");
        Assert.All(
            ["RateLimit", "RateLimit-Policy", "ETag", "Cache-Status", "Retry-After", "Content-Disposition", "Next-Cursor", "WWW-Authenticate"],
            name => Assert.Contains(name, exposed, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ForwardedFor_FromAnUnknownProxy_IsIgnored()
    {
        using var response = await gateway.GetAsync("/address", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"));

        Assert.Equal("http 127.0.0.1", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task ForwardedFor_FromAConfiguredProxy_NamesTheCallerButNotWhatTheCallerMadeUp(string proxy)
    {
        await using var behind = await StartAsync(("ForwardedHeaders:KnownProxies:0", proxy));
        using var response = await behind.GetAsync(
            "/address", ("X-Forwarded-For", "198.51.100.1, 203.0.113.9"), ("X-Forwarded-Proto", "http, https"));

        Assert.Equal("https 203.0.113.9", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task RequestLine_TooLong_Is414() =>
        Assert.StartsWith(
            "HTTP/1.1 414",
            await SendRawAsync($"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Headers_TooLong_Are431() =>
        Assert.StartsWith(
            "HTTP/1.1 431",
            await SendRawAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 40_000)}\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("Content-Length: -1\r\n\r\n")]
    [InlineData("Content-Length: +5\r\n\r\nhelloGET /problems HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("Content-Length: 0\r\n\r\nGET /problems HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /problems HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\n\r\n")]
    [InlineData("X: y\nContent-Length: 0\r\n\r\n")]
    [InlineData("Content-Length: 34\n\r\nGET /problems HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\n\nGET /problems HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Framing_Ambiguous_IsRefusedAndTheConnectionEnds(string rest)
    {
        var answer = await SendRawAsync($"POST /probe/caller HTTP/1.1\r\nHost: x\r\n{rest}");

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Theory]
    [InlineData("GET /problems HTTP/1.1\nHost: x\r\n\r\n")]
    [InlineData("GET /problems HTTP/1.1\r\nHost: x\n\r\n")]
    [InlineData("GET /problems HTTP/1.1\r\nHost: x\r\nX: y\nX-Api-Key: z\r\n\r\n")]
    [InlineData("GET /problems HTTP/1.1\r\nHost: x\r\n\n")]
    [InlineData("GET /problems HTTP/1.1\r\nHost: x\rX: y\r\n\r\n")]
    public async Task LineFeed_WithoutCarriageReturn_EndsNoHeaderLine(string request)
    {
        var answer = await SendRawAsync(request + "GET /problems HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task ForwardedFor_FromAnUnknownPeer_IsOneWarningThatNamesTheSetting()
    {
        await using var behind = await StartAsync(("ForwardedHeaders:KnownProxies:0", "127.0.0.2"));
        for (var request = 0; request < 3; request++)
        {
            Assert.Equal(404, await behind.StatusOfAsync("/nowhere", ("X-Forwarded-For", "203.0.113.9")));
        }

        var line = Assert.Single(behind.Log.Lines, line => line.Contains("X-Forwarded-For", StringComparison.Ordinal));
        Assert.StartsWith("Warning ", line, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
        Assert.Contains("ForwardedHeaders:KnownProxies", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForwardedFor_FromAKnownProxy_IsNoWarning()
    {
        await using var behind = await StartAsync(("ForwardedHeaders:KnownProxies:0", "127.0.0.0/8"));
        await behind.StatusOfAsync("/nowhere", ("X-Forwarded-For", "203.0.113.9"));

        Assert.DoesNotContain(behind.Log.Lines, line => line.Contains("X-Forwarded-For", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_EverythingAtTrace_HoldNoPathsHeadersOrStacks()
    {
        await using var talkative = await StartAsync(
            ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore.Routing", "Trace"),
            ("Logging:LogLines:LogLevel:Default", "Trace"),
            ("Logging:LogLines:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"));
        await talkative.StatusOfAsync($"/probe/numbers/{Shop}/limited?limit=79039999999", ("X-Api-Key", ShopKey));
        await talkative.StatusOfAsync($"/probe/numbers/{Bank}", ("X-Api-Key", ShopKey), ("Origin", Origin));
        await talkative.StatusOfAsync("/nowhere/79039999999", ("X-Api-Key", "another-secret"), ("Authorization", "Bearer abc.def.ghi"));

        Assert.Contains(talkative.Log.Lines, line => line.StartsWith("Debug ", StringComparison.Ordinal));
        foreach (var secret in (string[])[Shop, Bank, "79039999999", ShopKey, "another-secret", "abc.def", "   at "])
        {
            Assert.DoesNotContain(talkative.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static string HeaderOf(HttpResponseMessage response, string name) => string.Join(',', response.Headers.GetValues(name));

    private async Task<HttpResponseMessage> PreflightAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/probe/caller");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "x-api-key");
        return await gateway.Client.SendAsync(request);
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", gateway.Client.BaseAddress!.Port);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var stream = socket.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), deadline.Token);
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException)
        {
            // The server may close the connection before it has read everything. Its answer counts.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
