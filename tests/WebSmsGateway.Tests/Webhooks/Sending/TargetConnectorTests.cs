using System.Net;
using System.Net.Sockets;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Tests.Webhooks.Sending;

/// <summary>Connections of webhooks over real sockets: 127.0.0.2 is opened by the operator, 127.0.0.1 is not.</summary>
public sealed class TargetConnectorTests
{
    private const string Open = "127.0.0.2";
    private const string Forbidden = "127.0.0.1";

    [Fact]
    public async Task Send_NameWithAnOpenAddress_ArrivesThere()
    {
        await using var receiver = new Receiver(Open);
        var connector = Connector((_, _) => Answer(Open));

        Assert.Null(await connector.RefusesAsync(At("hooks.example", receiver), default));
        Assert.Equal(HttpStatusCode.NoContent, await StatusOf(connector, At("hooks.example", receiver)));
        Assert.Contains($"Host: hooks.example:{receiver.Port}", Assert.Single(receiver.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NameThatChangesBetweenCheckAndConnection_IsRefused()
    {
        await using var open = new Receiver(Open);
        await using var forbidden = new Receiver(Forbidden, port: open.Port);
        var answers = new Queue<string>([Open, Forbidden]);
        var connector = Connector((_, _) => Answer(answers.Dequeue()));
        var url = At("rebinds.example", open);

        Assert.Null(await connector.RefusesAsync(url, default));
        var refused = await RefusedBy(connector, url);

        Assert.Contains("rebinds.example leads to 127.0.0.1: 127.0.0.1 is a loopback address", refused, StringComparison.Ordinal);
        Assert.Empty(open.Heads);
        Assert.Empty(forbidden.Heads);
    }

    [Fact]
    public async Task Send_NameThatChangesAtEveryQuestion_NeverReachesTheForbiddenAddress()
    {
        await using var open = new Receiver(Open);
        await using var forbidden = new Receiver(Forbidden, port: open.Port);
        var random = new Random(19);
        var questions = 0;
        var connector = Connector((_, _) =>
        {
            Interlocked.Increment(ref questions);
            return Answer(random.Next(2) == 0 ? Open : Forbidden);
        });
        using var client = new HttpClient(connector.CreateHandler());
        var (arrived, refused) = (0, 0);
        for (var request = 0; request < 200; request++)
        {
            try
            {
                using var response = await client.GetAsync(At("rebinds.example", open));
                arrived++;
            }
            catch (HttpRequestException exception)
            {
                Assert.NotNull(TargetForbiddenException.Behind(exception));
                refused++;
            }
        }

        // A second question for one connection would be the gap.
        Assert.Equal(200, questions);
        Assert.Equal(arrived, open.Heads.Count);
        Assert.True(arrived > 0 && refused > 0);
        Assert.Empty(forbidden.Heads);
    }

    [Theory]
    [InlineData(Open, Forbidden)]
    [InlineData(Forbidden, Open)]
    [InlineData(Open, "10.0.0.1")]
    [InlineData(Open, "::ffff:127.0.0.1")]
    [InlineData(Open, "::1")]
    [InlineData("93.184.216.34", "169.254.169.254")]
    [InlineData("93.184.216.34", "64:ff9b::7f00:1")]
    public async Task Send_MixedAnswer_IsRefusedAsAWhole(params string[] addresses)
    {
        await using var open = new Receiver(Open);
        var connector = Connector((_, _) => Answer(addresses));
        var url = At("mixed.example", open);

        Assert.NotNull(await connector.RefusesAsync(url, default));
        Assert.Contains("mixed.example leads to", await RefusedBy(connector, url), StringComparison.Ordinal);
        Assert.Empty(open.Heads);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433.")]
    [InlineData("0x7f.1.")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Send_ForbiddenAddressWithoutAnyCheckBefore_OpensNoConnection(string host)
    {
        await using var forbidden = new Receiver(Forbidden);
        var connector = new TargetConnector(Networks("127.0.0.2/32"), null);

        Assert.Contains("a loopback address", await RefusedBy(connector, At(host, forbidden)), StringComparison.Ordinal);
        Assert.Empty(forbidden.Heads);
    }

    [Fact]
    public async Task Send_PlainHttpToAPublicAddress_IsRefusedAtTheConnection()
    {
        var connector = Connector((_, _) => Answer("93.184.216.34"));

        Assert.Contains("only there http", await RefusedBy(connector, new Uri("http://plain.example/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        await using var forbidden = new Receiver(Forbidden);
        await using var open = new Receiver(
            Open, $"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{Forbidden}:{forbidden.Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, await StatusOf(Connector((_, _) => Answer(Open)), At("hooks.example", open)));
        Assert.Empty(forbidden.Heads);
    }

    [Fact]
    public async Task Send_Twice_SendsNoCookieAndNoTraceBack()
    {
        await using var open = new Receiver(Open, "HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\nConnection: close\r\n\r\n");
        using var client = new HttpClient(Connector((_, _) => Answer(Open)).CreateHandler());
        using var activity = new System.Diagnostics.Activity("delivery").Start();
        for (var request = 0; request < 2; request++)
        {
            using var response = await client.GetAsync(At("hooks.example", open));
        }

        Assert.Equal(2, open.Heads.Count);
        Assert.All(open.Heads, head => Assert.DoesNotMatch("(?i)cookie|traceparent", head));
    }

    [Fact]
    public async Task Send_HeadersWithoutEnd_FailsAfterABoundedLength()
    {
        await using var open = new Receiver(Open, "HTTP/1.1 200 OK\r\nX-A: " + new string('a', 4000) + "\r\nX-B: b" + "…");
        using var client = new HttpClient(Connector((_, _) => Answer(Open)).CreateHandler());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(At("hooks.example", open)));
    }

    [Fact]
    public async Task Send_FirstAddressRefusesTheConnection_GoesToTheNextCheckedOne()
    {
        await using var receiver = new Receiver("127.0.0.3");
        var connector = new TargetConnector(Networks("127.0.0.2/31"), null) { Resolve = (_, _) => Answer("127.0.0.2", "127.0.0.3") };

        Assert.Equal(HttpStatusCode.NoContent, await StatusOf(connector, At("hooks.example", receiver)));
    }

    [Fact]
    public async Task Send_NameWithoutAddress_FailsAndIsNoMatterOfRules()
    {
        var connector = Connector((_, _) => throw new SocketException((int)SocketError.HostNotFound));
        var url = new Uri("https://gone.example/");
        using var client = new HttpClient(connector.CreateHandler());

        Assert.Null(await connector.RefusesAsync(url, default));
        Assert.Null(TargetForbiddenException.Behind(await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url))));
    }

    [Fact]
    public async Task Send_WithAProxy_GoesThereWithoutResolvingTheName()
    {
        await using var proxy = new Receiver(Forbidden);
        var connector = new TargetConnector(Networks("127.0.0.2/32"), new Uri($"http://name:pass%20word@{Forbidden}:{proxy.Port}"))
        {
            Resolve = (_, _) => throw new InvalidOperationException("The proxy resolves."),
        };

        Assert.Null(await connector.RefusesAsync(new Uri("http://hooks.internal/sms"), default));
        Assert.Equal(HttpStatusCode.NoContent, await StatusOf(connector, new Uri("http://hooks.internal/sms")));
        Assert.StartsWith("GET http://hooks.internal/sms HTTP/1.1", Assert.Single(proxy.Heads), StringComparison.Ordinal);

        // What the URL itself says is refused all the same.
        Assert.NotNull(await connector.RefusesAsync(new Uri("https://169.254.169.254/"), default));
        Assert.Contains("metadata", await RefusedBy(connector, new Uri("http://169.254.169.254/")), StringComparison.Ordinal);
    }

    private static TargetConnector Connector(Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        new(Networks("127.0.0.2/32"), null) { Resolve = resolve };

    private static TargetNetworks Networks(params string[] listed)
    {
        Assert.True(TargetNetworks.TryParse(listed, out var networks, out var fault), fault);
        return networks!;
    }

    private static Task<IPAddress[]> Answer(params string[] addresses) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private static Uri At(string host, Receiver receiver) => new($"http://{host}:{receiver.Port}/sms");

    private static async Task<HttpStatusCode> StatusOf(TargetConnector connector, Uri url)
    {
        using var client = new HttpClient(connector.CreateHandler());
        using var response = await client.GetAsync(url);
        return response.StatusCode;
    }

    private static async Task<string> RefusedBy(TargetConnector connector, Uri url)
    {
        using var client = new HttpClient(connector.CreateHandler());
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url));
        return Assert.IsType<TargetForbiddenException>(TargetForbiddenException.Behind(failure)).Message;
    }
}
