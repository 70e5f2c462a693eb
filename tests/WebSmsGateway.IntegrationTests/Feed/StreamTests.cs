using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class StreamTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Stream_MessagesArrive_GivesEachOnceInOrder()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        account.ReceiveEarlier("old");
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        Assert.Equal("text/event-stream; charset=utf-8", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no", stream.Response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(stream.Response.Headers.CacheControl!.NoStore);

        var now = MoscowNow();
        foreach (var i in Enumerable.Range(0, 5))
        {
            account.AddMessages(new SimulatorMessage(Number, "900", $"Тест {i}") { LocalTime = now.AddSeconds(i) });
            Assert.Equal($"Тест {i}", (await stream.NextAsync("message")).Text);
        }
    }

    [Fact]
    public async Task Stream_EqualMessagesOfOneSecond_GivesBoth()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var twin = new SimulatorMessage(Number, "900", "код 1") { LocalTime = MoscowNow() };

        account.AddMessages(twin);
        var first = await stream.NextAsync("message");
        account.AddMessages(twin, twin with { Text = "last" });
        var second = await stream.NextAsync("message");
        var third = await stream.NextAsync("message");

        Assert.Equal(["last", "код 1", "код 1"], new[] { first.Text, second.Text, third.Text }.Order(StringComparer.Ordinal));
        Assert.Equal(3, new[] { first.Data, second.Data, third.Data }.Distinct().Count());
    }

    [Fact]
    public async Task Stream_MessageDatedLateWithinTheOverlap_GivesItOnce()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var now = MoscowNow();
        account.AddMessages(new SimulatorMessage(Number, "900", "on time") { LocalTime = now });
        Assert.Equal(["on time"], await stream.TextsAsync(1));

        account.AddMessages(new SimulatorMessage(Number, "900", "late") { LocalTime = now.AddSeconds(-100) });
        Assert.Equal(["late"], await stream.TextsAsync(1));

        account.AddMessages(new SimulatorMessage(Number, "900", "last") { LocalTime = now.AddSeconds(1) });
        Assert.Equal(["last"], await stream.TextsAsync(1));
    }

    [Fact]
    public async Task Stream_OneMessageDatedFarAhead_DoesNotHideThoseThatFollow()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var now = MoscowNow();
        var ahead = now.AddMinutes(10).Date == now.Date ? now.AddMinutes(10) : now.Date.AddDays(1).AddSeconds(-1);
        account.AddMessages(new SimulatorMessage(Number, "900", "ahead") { LocalTime = ahead });
        Assert.Equal(["ahead"], await stream.TextsAsync(1));

        account.Receive("on time");

        Assert.Equal(["on time"], await stream.TextsAsync(1));
    }

    [Fact]
    public async Task Stream_SenderAndContains_GivesMatchingOnesOnly()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, $"{StreamPath}?sender=SBERBANK&contains=код");

        account.AddMessages(new SimulatorMessage(Number, "900", "код 1"));
        account.Receive("Баланс", "Ваш КОД 2");

        Assert.Equal(["Ваш КОД 2"], await stream.TextsAsync(1));
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("Account")]
    public async Task Stream_AllNumbers_GivesWhatTheCallerMayRead(string scope)
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Upstream:Scope", scope));
        using var narrow = gateway.NewClient(RunningGateway.NarrowKey);
        using var wide = await EventStream.OpenAtNowAsync(gateway.Client, "/messages/stream");
        using var own = await EventStream.OpenAtNowAsync(narrow, "/messages/stream");
        using var single = await EventStream.OpenAtNowAsync(narrow, StreamPath);
        Assert.Equal(scope == "Account" ? 1 : 2, gateway.Polls());

        var now = MoscowNow();
        account.AddMessages(new SimulatorMessage(OtherNumber, "900", "foreign") { LocalTime = now });
        account.AddMessages(new SimulatorMessage(Number, "900", "own") { LocalTime = now.AddSeconds(1) });

        Assert.Equal(["foreign", "own"], await wide.TextsAsync(2));
        Assert.Equal(["own"], await own.TextsAsync(1));
        Assert.Equal(["own"], await single.TextsAsync(1));
        using var forbidden = await narrow.GetAsync($"/rented-numbers/{OtherNumber}/messages/stream");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Stream_ResumedWithTheLastId_GoesOnWhereItWas()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        string? last;
        var now = MoscowNow().AddSeconds(-5);
        using (var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath))
        {
            // The stream ends before the first message, so the reader has only the id of its place.
            last = stream.LastId;
        }

        foreach (var round in Enumerable.Range(0, 3))
        {
            account.AddMessages(
                new SimulatorMessage(Number, "900", $"{round}a") { LocalTime = now.AddSeconds(round) },
                new SimulatorMessage(Number, "900", $"{round}b") { LocalTime = now.AddSeconds(round).AddSeconds(1) });
            using var stream = await EventStream.OpenAsync(gateway.Client, $"{StreamPath}?cursor=now", last);
            Assert.Equal($"{round}a", (await stream.NextAsync("message")).Text);
            var cut = stream.LastId;
            Assert.Equal($"{round}b", (await stream.NextAsync("message")).Text);
            last = stream.LastId;

            // A message after the last id is given again. The cursor parameter works like the header.
            using var again = await EventStream.OpenAsync(gateway.Client, $"{StreamPath}?cursor={cut}");
            Assert.Equal($"{round}b", (await again.NextAsync("message")).Text);
            now = now.AddSeconds(2);
        }
    }

    [Fact]
    public async Task Stream_ResumedByAPolyfill_GoesOnBehindTheIdInTheQuery()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var begin = stream.LastId!;
        var now = MoscowNow().AddSeconds(-5);
        account.AddMessages(
            new SimulatorMessage(Number, "900", "one") { LocalTime = now }, new SimulatorMessage(Number, "900", "two") { LocalTime = now.AddSeconds(1) });
        Assert.Equal("one", (await stream.NextAsync("message")).Text);
        var last = stream.LastId!;

        // A polyfill keeps the address and adds its last id. Its first connection has none, or an empty one.
        using var resumed = await EventStream.OpenAsync(gateway.Client, $"{StreamPath}?cursor={begin}&lastEventId={last}");
        Assert.Equal("two", (await resumed.NextAsync("message")).Text);
        using var first = await EventStream.OpenAsync(gateway.Client, $"{StreamPath}?cursor={begin}&lastEventId=");
        Assert.Equal(["one", "two"], await first.TextsAsync(2));
        using var header = await EventStream.OpenAsync(gateway.Client, $"{StreamPath}?lastEventId={begin}", last);
        Assert.Equal("two", (await header.NextAsync("message")).Text);
        using var refused = await gateway.Client.GetAsync($"{StreamPath}?lastEventId=x");
        Assert.Contains("\"lastEventId\":[\"is damaged", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>requests of Python decodes by the charset of the header, without one as Latin-1, and splits like str.splitlines.</summary>
    [Fact]
    public async Task Stream_ReadLineByLineAsPythonDoes_KeepsEachMessageWhole()
    {
        const string text = "ход х\u0085х\u2028х\u2029х\u000Bх\u001Eх";
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var before = (await gateway.GetAsync($"{PagePath}&cursor=now")).Next();
        account.Receive(text);
        using var response = await gateway.Client.GetAsync($"{StreamPath}?cursor={before}", HttpCompletionOption.ResponseHeadersRead);
        var charset = response.Content.Headers.ContentType!.CharSet ?? "latin1";
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.GetEncoding(charset));

        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line is null || !line.StartsWith("data: ", StringComparison.Ordinal));

        var first = line.Split('\u000B', '\f', '\u001C', '\u001D', '\u001E', '\u0085', '\u2028', '\u2029')[0];
        Assert.Equal(text, JsonDocument.Parse(first["data: ".Length..]).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Stream_IdOfAnEvent_IsACursorOfPages()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        account.Receive("one");
        await stream.TextsAsync(1);
        account.Receive("two");
        await stream.TextsAsync(1);

        Assert.Empty((await gateway.GetAsync($"{PagePath}&cursor={stream.LastId}")).Texts());
        using var refused = await gateway.Client.GetAsync($"/messages/stream?cursor={stream.LastId}");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Stream_EventOnTheWire_HasItsIdBehindItsData()
    {
        // If the id came first, a reader that takes it line by line and is cut off in between would lose the message.
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        var before = (await gateway.GetAsync($"{PagePath}&cursor=now")).Next();
        account.Receive("Тест");
        using var response = await gateway.Client.GetAsync($"{StreamPath}?cursor={before}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line is not "event: message");

        Assert.StartsWith("data: {\"id\":\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("id: ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Stream_NothingArrives_SendsACommentEvery15Seconds()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.NewAccount();
        await using var gateway = RunningGateway.Start(simulator, account, clock);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, StreamPath);
        var reading = stream.NextAsync();
        foreach (var beat in Enumerable.Range(0, 3))
        {
            var (comments, started) = (stream.Comments, clock.GetUtcNow());
            while (stream.Comments == comments)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            Assert.InRange((clock.GetUtcNow() - started).TotalSeconds, 12, 18);
        }

        Assert.False(reading.IsCompleted);
    }

    [Fact]
    public async Task Stream_FilterLetsNothingPass_MovesItsPlaceAlongAllTheSame()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var simulator = await RunningSimulator.StartAsync(clock);
        var account = simulator.NewAccount();
        await using var gateway = RunningGateway.Start(simulator, account, clock);
        using var stream = await EventStream.OpenAtNowAsync(gateway.Client, $"{StreamPath}?contains=never");
        account.Receive("something else");
        var place = stream.NextAsync();

        while (!place.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Null((await place)!.Type);
    }

    [Fact]
    public async Task Streams_HoweverMany_PollOnceAndStopWhenTheLastLeaves()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account, null, ("Upstream:Scope", "Number"));
        var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EventStream.OpenAtNowAsync(gateway.Client, StreamPath)));
        Assert.Equal(1, gateway.Polls());
        account.ClearRequests();
        var started = TimeProvider.System.GetTimestamp();
        await account.WaitForCallsAsync(6);

        // The first call is followed by five further calls, with a freshness interval before each.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.8, 5);
        Assert.Equal(1, account.MostCallsInFlight);
        foreach (var stream in streams)
        {
            stream.Dispose();
        }

        await Eventually.TrueAsync(() => gateway.Polls() == 0, "it polls for nobody", seconds: 1);

        // Four polls of another number are enough time for a further call to show.
        using var other = await EventStream.OpenAtNowAsync(gateway.Client, $"/rented-numbers/{OtherNumber}/messages/stream");
        account.ClearRequests();
        await account.WaitForCallsAsync(4);
        Assert.All(account.Requests(), call => Assert.Equal(OtherNumber, call.Parameters["rentnum"]));
    }
}
