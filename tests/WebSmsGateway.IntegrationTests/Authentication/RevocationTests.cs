using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>What credentials have opened ends with them.</summary>
public sealed class RevocationTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Day = "from=2024-05-20&to=2024-05-20";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The narrow key is gone; another section of the same reload is faulty.</summary>
    private static readonly (string, string)[] KeyGone =
        [("Authentication:ApiKeys:1:Sha256", RunningGateway.Hash("another")), ("Upstream:Timeout", "soon")];

    private static readonly (string, string)[] NumbersChanged = [("Authentication:ApiKeys:1:Numbers", "79031234567")];

    public static TheoryData<string> Changes => ["key gone", "numbers changed", "numbers added", "codes only"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Stream_CredentialsChange_EndsWithAProblemAndGetsNothingMore(string change)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = WatchedGateway.Start(fixture.Simulator, account);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        using var stream = await EventStream.OpenAtNowAsync(narrow, "/messages/stream");
        account.Receive("before");
        Assert.Equal("before", (await stream.NextAsync("message")).Text);

        gateway.Reload(change switch
        {
            "key gone" => KeyGone,
            "numbers changed" => NumbersChanged,
            "codes only" => [("Authentication:ApiKeys:1:Fields", "code")],
            _ => [("Authentication:ApiKeys:1:Numbers", "79021234567,79031234567")],
        });
        account.Receive("after");

        using var limit = new CancellationTokenSource(Limit);
        var last = await NextEventAsync(stream, limit.Token);
        Assert.Equal("problem", last.Type);
        Assert.Equal("unauthenticated", JsonDocument.Parse(last.Data).RootElement.GetProperty("code").GetString());
        Assert.Null(await stream.NextAsync(limit.Token));
        if (change == "key gone")
        {
            using var again = await narrow.GetAsync(new Uri($"/messages/stream?cursor={stream.LastId}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        }
    }

    [Fact]
    public async Task Stream_AnotherKeyGoesAndItsLimitChanges_GoesOn()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = WatchedGateway.Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, "/messages/stream");

        gateway.Reload([.. KeyGone, ("Authentication:ApiKeys:0:RequestsPerMinute", "7")]);
        account.Receive("after");

        Assert.Equal("after", (await stream.NextAsync("message")).Text);
    }

    [Theory]
    [InlineData($"{WatchedGateway.PagePath}&cursor=now&wait=50")]
    [InlineData("/messages/code?wait=50")]
    public async Task Wait_KeyGone_Is401(string path)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = WatchedGateway.Start(fixture.Simulator, account);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var wait = narrow.GetAsync(new Uri(path, UriKind.Relative));
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");

        gateway.Reload(KeyGone);

        await AssertRefusedAsync(await wait.WaitAsync(Limit));
    }

    [Theory]
    [InlineData("/messages?" + Day)]
    [InlineData("/messages/20240520-7K3M9Q2X4C8N")]
    [InlineData("/rented-numbers?" + Day)]
    public async Task Request_KeyGoneWhileWebSmsIsAsked_Is401(string path)
    {
        var account = fixture.Simulator.NewAccount();
        account.Behaviour = new SimulatorBehaviour { Faults = [new SimulatorFault { Kind = FaultKind.Hang }] };
        await using var gateway = RunningGateway.Start(fixture.Simulator, account);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var answer = narrow.GetAsync(new Uri(path, UriKind.Relative));
        await account.WaitForCallsAsync(1);

        gateway.Reload(KeyGone);

        await AssertRefusedAsync(await answer.WaitAsync(Limit));
    }

    [Fact]
    public async Task Download_KeyGone_IsCut()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(Enumerable.Range(0, 12_000).Select(i =>
            new SimulatorMessage(RunningGateway.Number, "900", $"{i} {new string('Ж', 500)}") { LocalTime = new DateTime(2024, 5, 20).AddSeconds(i) }));
        await using var gateway = RunningGateway.Start(fixture.Simulator, account);
        using var narrow = SlowClient(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/messages?" + Day) { Headers = { { "Accept", "text/csv" } } };
        using var response = await narrow.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        gateway.Reload(KeyGone);

        using var limit = new CancellationTokenSource(Limit);
        await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, limit.Token));
    }

    [Fact]
    public async Task Stream_OfAToken_EndsThirtySecondsAfterItsTime()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Clock = clock;
        var account = fixture.Simulator.NewAccount();
        await using var gateway = WatchedGateway.Start(fixture.Simulator, account, clock, issuer.Settings!);
        using var client = ClientOf(gateway, issuer.Token("*", token => token.Expires = clock.GetUtcNow().UtcDateTime.AddMinutes(5)));
        using var stream = await EventStream.OpenAsync(client, "/messages/stream");

        var almost = clock.GetUtcNow().AddSeconds(325);
        clock.Advance(TimeSpan.FromSeconds(301));
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "900", "late") { ReceivedAt = clock.GetUtcNow() });
        var message = NextEventAsync(stream, CancellationToken.None);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(clock.GetUtcNow() < almost ? TimeSpan.FromSeconds(0.3) : TimeSpan.Zero);
                return message.IsCompleted;
            },
            "the stream has ended or stands still");
        Assert.Equal("message", (await message).Type);

        var last = NextEventAsync(stream, CancellationToken.None);
        clock.SetUtcNow(almost.AddSeconds(6));

        Assert.Equal("problem", (await last.WaitAsync(Limit)).Type);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Stream_OfATokenWhoseKeyTheIssuerRemoves_Ends()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var gateway = WatchedGateway.Start(fixture.Simulator, fixture.Simulator.NewAccount(), clock: null, issuer.Settings!);
        using var client = ClientOf(gateway, issuer.Token("*"));
        using var stream = await EventStream.OpenAsync(client, "/messages/stream");
        var last = NextEventAsync(stream, CancellationToken.None);

        issuer.ChangeKey("second");
        using var next = ClientOf(gateway, issuer.Token("*"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await next.GetAsync("/rented-numbers")).StatusCode);

        Assert.Equal("problem", (await last.WaitAsync(Limit)).Type);
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/rented-numbers")).StatusCode);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.NotEmpty(response.Headers.WwwAuthenticate);
            Assert.Contains("\"unauthenticated\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>The next event with a type.</summary>
    // A turn of the clock makes a question that is on its way time out, and the stream says so.
    private static async Task<StreamEvent> NextEventAsync(EventStream stream, CancellationToken cancellationToken)
    {
        StreamEvent next;
        do
        {
            next = Assert.IsType<StreamEvent>(await stream.NextAsync(cancellationToken));
        }
        while (next.Type is null || (next.Type == "problem" && !next.Data.Contains("unauthenticated", StringComparison.Ordinal)));
        return next;
    }

    private static HttpClient ClientOf(RunningGateway gateway, string token)
    {
        var client = gateway.NewClient(key: null);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>A client with a small buffer, so that the gateway is still writing when it reads the first bytes.</summary>
    private static HttpClient SlowClient(RunningGateway gateway) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = gateway.BaseAddress,
        DefaultRequestHeaders = { { "X-Api-Key", RunningGateway.NarrowKey } },
    };
}
