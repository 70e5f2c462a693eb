using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Authentication;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Tickets.TicketClient;

namespace WebSmsGateway.IntegrationTests.Tickets;

/// <summary>A ticket ends at its time, with the credentials that made it and with the key that signed it, and what it opened ends too.</summary>
public sealed class TicketEndTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Numbers = $"/rented-numbers?{Day}";
    private const string Page = $"{WatchedGateway.PagePath}&cursor=now&wait=50";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly (string, string)[] KeyGone = [("Authentication:ApiKeys:1:Sha256", RunningGateway.Hash("another"))];

    [Fact]
    public async Task Read_AtItsEnd_Is401AndNotBefore()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = Start(clock);
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var ticket = await MakeAsync(narrow, """{"expiresIn":60}""");

        clock.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Equal(200, await StatusOfAsync(gateway, Numbers, ticket));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        var (status, problem) = await GetAsync(gateway, Numbers, ticket);

        Assert.Equal(401, status);
        Assert.Contains("The ticket has expired.", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time")]
    [InlineData("maker's key")]
    [InlineData("maker's numbers")]
    [InlineData("signing key")]
    public async Task Stream_TicketEnds_EndsWithAProblem(string what)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = Start(clock, ("Tickets:Keys:0", NewKey()));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var ticket = await MakeAsync(narrow, """{"expiresIn":600}""");
        using var client = gateway.NewClient(key: null);
        using var stream = await EventStream.OpenAsync(client, $"{WatchedGateway.StreamPath}?ticket={ticket}");
        var last = LastAsync(stream);

        End(gateway, clock, what);

        Assert.Contains("\"unauthenticated\"", (await last.WaitAsync(Limit)).Data, StringComparison.Ordinal);
        Assert.Null(await stream.NextAsync());
    }

    [Theory]
    [InlineData("time")]
    [InlineData("maker's key")]
    [InlineData("signing key")]
    public async Task Wait_TicketEnds_Is401(string what)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = Start(clock, ("Tickets:Keys:0", NewKey()));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var ticket = await MakeAsync(narrow, """{"expiresIn":30}""");
        var wait = StatusOfAsync(gateway, Page, ticket);
        await Eventually.TrueAsync(() => gateway.Polls() == 1, "nobody polls");

        End(gateway, clock, what);

        Assert.Equal(401, await wait.WaitAsync(Limit));
        Assert.Equal(401, await StatusOfAsync(gateway, Numbers, ticket));
    }

    [Fact]
    public async Task Keys_Rotated_NoTicketEndsBeforeItsKeyIsTakenAway()
    {
        var (old, fresh) = (NewKey(), NewKey());
        await using var gateway = Start(null, ("Tickets:Keys:0", old));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        var before = await MakeAsync(narrow);
        using var client = gateway.NewClient(key: null);
        using var stream = await EventStream.OpenAsync(client, $"{WatchedGateway.StreamPath}?ticket={before}");

        gateway.Reload(("Tickets:Keys:0", fresh), ("Tickets:Keys:1", old));
        var after = await MakeAsync(narrow);
        Assert.Equal(200, await StatusOfAsync(gateway, Numbers, before));
        Assert.Equal(200, await StatusOfAsync(gateway, Numbers, after));

        // The new key alone: tickets of the old one end, and those of the new one go on.
        await using var next = Start(null, ("Tickets:Keys:0", fresh));
        Assert.Equal(401, await StatusOfAsync(next, Numbers, before));
        Assert.Equal(200, await StatusOfAsync(next, Numbers, after));
        var last = LastAsync(stream);
        gateway.Reload(("Tickets:Keys:0", fresh), ("Tickets:Keys:1", NewKey()));
        Assert.Contains("\"unauthenticated\"", (await last.WaitAsync(Limit)).Data, StringComparison.Ordinal);
        Assert.Equal(200, await StatusOfAsync(gateway, Numbers, after));
    }

    [Fact]
    public async Task Start_WithoutKeys_SaysWhatThatMeansAndAnotherReplicaRefusesTheTicket()
    {
        await using var first = Start(null);
        await using var second = Start(null);
        using var narrow = first.NewClient(RunningGateway.NarrowKey);
        var ticket = await MakeAsync(narrow);

        Assert.Equal(200, await StatusOfAsync(first, Numbers, ticket));
        Assert.Equal(401, await StatusOfAsync(second, Numbers, ticket));
        Assert.Contains(
            first.Logs.Lines, line => line.Contains("they hold on this replica only and until it ends. Tickets:Keys:0", StringComparison.Ordinal));
        await using var configured = Start(null, ("Tickets:Keys:0", NewKey()));
        Assert.DoesNotContain(configured.Logs.Lines, line => line.Contains("until it ends", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_IssuerRemovesTheKeyOfTheMakersToken_Ends()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var gateway = Start(null, issuer.Settings!);
        using var maker = ClientOf(gateway, issuer.Token("*"));
        var ticket = await MakeAsync(maker);
        using var client = gateway.NewClient(key: null);
        using var stream = await EventStream.OpenAsync(client, $"{WatchedGateway.StreamPath}?ticket={ticket}");
        var last = LastAsync(stream);

        issuer.ChangeKey("second");
        using var next = ClientOf(gateway, issuer.Token("*"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await next.GetAsync(Numbers)).StatusCode);

        Assert.Contains("\"unauthenticated\"", (await last.WaitAsync(Limit)).Data, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await StatusOfAsync(gateway, Numbers, ticket) == 401, "the ticket is still taken", seconds: 30);
    }

    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", "a key is 32 bytes in base64")]
    [InlineData("no base64", "a key is 32 bytes in base64")]
    public async Task Start_FaultyKey_IsRefusedWithoutShowingIt(string key, string fault)
    {
        var (exitCode, lines) = await GatewayProcess.RunAsync(
            directory: null, ("Upstream__Username", "demo"), ("Upstream__Password", "demo"), ("Authentication__AllowAnonymous", "true"), ("Tickets__Keys__0", key));

        Assert.Equal(1, exitCode);
        var line = Assert.Single(lines);
        Assert.StartsWith("Tickets:Keys:0: ", line, StringComparison.Ordinal);
        Assert.Contains(fault, line, StringComparison.Ordinal);
        Assert.DoesNotContain(key, line, StringComparison.Ordinal);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static void End(RunningGateway gateway, FakeTimeProvider clock, string what)
    {
        if (what == "time")
        {
            clock.Advance(TimeSpan.FromSeconds(601));
            return;
        }

        gateway.Reload(what switch
        {
            "maker's key" => KeyGone,
            "maker's numbers" => [("Authentication:ApiKeys:1:Numbers", "79031234567")],
            _ => [("Tickets:Keys:0", NewKey())],
        });
    }

    /// <summary>The event that says that the credentials have ended.</summary>
    private static async Task<StreamEvent> LastAsync(EventStream stream)
    {
        // A turn of the clock makes a question that is on its way time out, and the stream says so.
        StreamEvent next;
        do
        {
            next = Assert.IsType<StreamEvent>(await stream.NextAsync());
        }
        while (next.Type != "problem" || !next.Data.Contains("unauthenticated", StringComparison.Ordinal));
        return next;
    }

    private RunningGateway Start(TimeProvider? clock, params (string Key, string? Value)[] settings) =>
        WatchedGateway.Start(fixture.Simulator, fixture.Simulator.NewAccount(), clock, settings);
}
