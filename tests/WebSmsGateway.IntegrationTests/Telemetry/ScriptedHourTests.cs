using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Archive;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Webhooks;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.IntegrationTests.Telemetry;

/// <summary>The meters are shared by the process, so no other test may run at the same time.</summary>
[CollectionDefinition(nameof(Telemetry), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>
/// An hour of traffic, faults and recoveries on a test clock: each metric changes as documented, and no personal data leaves.
/// </summary>
[Collection(nameof(Telemetry))]
public sealed class ScriptedHourTests : IAsyncLifetime
{
    private const string Number = RunningGateway.Number;
    private const string Page = $"/rented-numbers/{Number}/messages";
    private const string Sender = "79161234567";
    private const string Text = "Код 483920, никому не говорите";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 3, 11, 12, 0, 0, TimeSpan.FromHours(3)));
    private readonly Measurements seen = new();
    private RunningSimulator? simulator;
    private SimulatedAccount? account;
    private Process? redis;
    private int redisPort;
    private RunningGateway? gateway;

    private SimulatedAccount Account => account!;

    private RunningGateway Gateway => gateway!;

    public async Task InitializeAsync()
    {
        simulator = await RunningSimulator.StartAsync(clock);
        account = simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, Sender, Text) { LocalTime = new(2025, 3, 11, 11, 59, 0) });
        redisPort = RedisServer.FreePort();
        StartRedis();
        gateway = RunningGateway.Start(
            simulator, account, clock, ("Upstream:Retries", "0"), ("Upstream:Scope", "Number"), ("Cache:Redis", $"127.0.0.1:{redisPort}"),
            ("RentedNumbers:0:Number", Number),
            ("RentedNumbers:0:ExpectWithin", "00:20:00"), ("Authentication:ApiKeys:1:RequestsPerMinute", "1"));
        await UntilAsync(() => seen.Gauge("websms.redis.up") == 1);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await simulator!.DisposeAsync();
        redis!.Kill();
        redis.Dispose();
        seen.Dispose();
    }

    [Fact]
    public async Task Hour_TrafficFaultsAndRecoveries_MovesEveryMetricAndLeaksNothing()
    {
        await ReadingAsync();
        await CoalescingAsync();
        await WaitingAndStreamingAsync();
        await DamageAsync();
        await OutageAsync();
        await WrongPasswordAsync();
        await RedisOutageAsync();
        await TooManyRequestsAsync();
        await SilenceAsync();
        await WebhookAsync();

        TracesHangTogether();
        NothingPersonalLeft();
        EveryInstrumentMovedAndIsDocumented();
    }

    private async Task ReadingAsync()
    {
        // The silence alarm has already fetched today, so the page comes from memory, and only refreshes call WEBSMS.
        await UntilAsync(() => seen.CountOf("websms.day_record.refreshes", "websms.kind=open") == 1);
        await ReadAsync(Page);
        Assert.True(seen.SumOf("websms.day_record.reads", "websms.source=upstream") >= 1);
        Assert.Equal(
            1,
            seen.CountOf("http.server.request.duration", "http.route=/rented-numbers/{number}/messages", "http.response.status_code=200"));
        Assert.True(seen.CountOf("websms.upstream.call.duration", "websms.outcome=ok") >= 1);
        Assert.True(seen.SumOf("websms.upstream.answer.size") > 100);
        Assert.True(seen.SumOf("websms.codes", "websms.confidence=high") >= 1);

        var before = seen.SumOf("websms.day_record.reads", "websms.source=memory");
        await ReadAsync(Page + "?limit=3");
        Assert.True(seen.SumOf("websms.day_record.reads", "websms.source=memory") > before);

        clock.Advance(TimeSpan.FromSeconds(6));
        await ReadAsync(Page);
        Assert.True(seen.CountOf("websms.day_record.refreshes", "websms.kind=tail") >= 1);
        await ReadAsync(Page + "?from=2025-03-01&to=2025-03-03");
        Assert.True(seen.CountOf("websms.day_record.refreshes", "websms.kind=closed") >= 1);
        await UntilAsync(() => new[] { "get", "set", "lease", "release" }.All(name =>
            seen.CountOf("websms.redis.call.duration", $"db.operation.name={name}", "websms.outcome=ok") >= 1));
        Assert.Equal(1, seen.Gauge("websms.ready"));
        Assert.True(seen.Gauge("websms.cache.memory.day_records") >= 4);
        Assert.True(seen.Gauge("websms.cache.memory.size") > 100);
        Assert.Equal(0, seen.Gauge("websms.upstream.last_good.age"));
    }

    private async Task CoalescingAsync()
    {
        Account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        var first = Gateway.GetAsync(Page + "?from=2025-02-01&to=2025-02-01");
        await Account.WaitForCallsInFlightAsync(1);
        var coalesced = seen.SumOf("websms.day_record.coalesced");
        var second = Gateway.GetAsync(Page + "?from=2025-02-01&to=2025-02-01&limit=7");
        await UntilAsync(() => seen.SumOf("websms.day_record.coalesced") > coalesced);
        Account.Behaviour = new();
        await first;
        await second;
    }

    private async Task WaitingAndStreamingAsync()
    {
        var wait = Gateway.GetAsync(Page + "?order=asc&cursor=now&wait=60");
        using var other = Gateway.NewClient(RunningGateway.Key);
        using var stream = await other.GetAsync(Page + "/stream", HttpCompletionOption.ResponseHeadersRead);
        await UntilAsync(() => seen.SumOf("websms.feed.waits") == 1 && seen.SumOf("websms.feed.streams") == 1);
        Assert.Equal(1, seen.SumOf("websms.feed.polls"));

        Account.AddMessages(new SimulatorMessage(Number, Sender, Text) { ReceivedAt = clock.GetUtcNow() + TimeSpan.FromSeconds(1) });
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return wait.IsCompleted && seen.CountOf("websms.feed.lag", "websms.way=stream") == 1;
        });
        Assert.Equal(1, seen.CountOf("websms.feed.lag", "websms.way=wait"));
        Assert.InRange(seen.SumOf("websms.feed.lag", "websms.way=wait"), 0.001, 20);
        stream.Dispose();
        await UntilAsync(
            () => seen.SumOf("websms.feed.waits") == 0 && seen.SumOf("websms.feed.streams") == 0 && seen.SumOf("websms.feed.polls") == 0);
    }

    private async Task DamageAsync()
    {
        Account.AddMessages(
            new SimulatorMessage(Number, Sender, "\"},{\"") { LocalTime = new(2025, 1, 10, 9, 0, 0) },
            new SimulatorMessage(Number, Sender, "Скажите \"да\"") { LocalTime = new(2025, 1, 10, 10, 0, 0) },
            new SimulatorMessage("79039999999", Sender, Text) { LocalTime = new(2025, 1, 12, 9, 0, 0) },
            new SimulatorMessage(Number, Sender, "ок") { LocalTime = new(2025, 1, 12, 9, 0, 0) });
        Account.Behaviour = new() { Format = new() { Unescaped = true } };
        await ReadAsync(Page + "?from=2025-01-10&to=2025-01-10");
        Account.Behaviour = new() { Format = new() { IgnoreNumbers = true } };
        await ReadAsync(Page + "?from=2025-01-12&to=2025-01-12");
        Account.Behaviour = new();

        Assert.Equal(1, seen.CountOf("websms.wire.recoveries", "websms.format=json"));
        Assert.True(seen.CountOf("websms.wire.problems") >= 1);
        Assert.Equal(1, seen.SumOf("websms.wire.strays"));
    }

    private async Task OutageAsync()
    {
        await ReadAsync(Page);
        Account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(503)] };
        clock.Advance(TimeSpan.FromSeconds(30));
        await ReadAsync(Page);
        Assert.True(seen.CountOf("websms.answers.stale", "websms.outcome=unreachable") >= 1);
        Assert.Equal(0, seen.Gauge("websms.ready"));
        Assert.Equal(30, seen.Gauge("websms.upstream.last_good.age"));

        for (var day = 1; day <= 10; day++)
        {
            await ReadAsync(
                $"{Page}?from=2024-11-{day:00}&to=2024-11-{day:00}", HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable);
        }

        Assert.True(seen.CountOf("websms.upstream.call.duration", "websms.outcome=unreachable") >= 8);
        Assert.True(seen.CountOf("websms.upstream.unasked", "websms.reason=unavailable") >= 1);
        Assert.Equal(1, seen.Gauge("websms.upstream.circuit.open"));
        Assert.True(seen.CountOf("http.server.request.duration", "http.response.status_code=503") >= 1);

        Account.Behaviour = new();
        clock.Advance(TimeSpan.FromSeconds(40));
        await ReadAsync($"{Page}?from=2024-11-01&to=2024-11-01");
        Assert.Equal(0, seen.Gauge("websms.upstream.circuit.open"));
        Assert.Equal(0, seen.Gauge("websms.upstream.last_good.age"));
    }

    private async Task WrongPasswordAsync()
    {
        Account.Behaviour = new() { Faults = [SimulatorFault.Error(2)] };
        await ReadAsync($"{Page}?from=2024-12-01&to=2024-12-01", HttpStatusCode.BadGateway);
        await ReadAsync($"{Page}?from=2024-12-02&to=2024-12-02", HttpStatusCode.BadGateway);
        Assert.Equal(1, seen.CountOf("websms.upstream.call.duration", "websms.outcome=credentials_rejected"));
        Assert.True(seen.CountOf("websms.upstream.unasked", "websms.reason=credentials_rejected") >= 1);
        Assert.Equal(1, seen.Gauge("websms.upstream.credentials.held_back"));

        Account.Behaviour = new();
        clock.Advance(TimeSpan.FromSeconds(31));
        await ReadAsync($"{Page}?from=2024-12-01&to=2024-12-01");
        Assert.Equal(0, seen.Gauge("websms.upstream.credentials.held_back"));
    }

    private async Task RedisOutageAsync()
    {
        // Foreign values stand under the gateway's keys.
        await UntilAsync(() => seen.Gauge("websms.redis.up") == 1);
        foreach (var key in (await RedisAsync("--scan")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await RedisAsync("SET", key, "not ours");
        }

        await ReadUntilAsync(() => seen.SumOf("websms.redis.foreign_values") >= 1);

        redis!.Kill();
        await redis.WaitForExitAsync();
        await ReadUntilAsync(() => seen.Gauge("websms.redis.up") == 0);
        Assert.True(
            seen.CountOf("websms.redis.call.duration", "websms.outcome=failed")
            + seen.CountOf("websms.redis.call.duration", "websms.outcome=timeout") >= 1);

        StartRedis();
        await UntilAsync(() => seen.Gauge("websms.redis.up") == 1);
    }

    private async Task TooManyRequestsAsync()
    {
        using var narrow = Gateway.NewClient(RunningGateway.NarrowKey);
        (await narrow.GetAsync(Page)).Dispose();
        (await narrow.GetAsync(Page)).Dispose();
        Assert.Equal(1, seen.CountOf("websms.rate_limited", "websms.caller=narrow"));
    }

    private async Task WebhookAsync()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => receiver.Received.Count > 1 ? 204 : 500;
        Gateway.Reload([.. WebhookSettings.Of(receiver).Select(setting => (setting.Key, setting.Value!))]);
        const string Tag = "websms.webhook=shop";
        await UntilAsync(() => seen.Gauge("websms.webhook.state", $"{Tag} websms.state=active") == 1);
        Account.AddMessages(new SimulatorMessage(Number, Sender, Text));
        await UntilAsync(() => Passes(() => seen.CountOf("websms.webhook.attempt.duration", Tag, "websms.outcome=status") == 1));
        await UntilAsync(() => seen.Gauge("websms.webhook.state", $"{Tag} websms.state=failing") == 1);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(seen.Gauge("websms.webhook.lag", Tag) > 0);
        Assert.True(seen.Gauge("websms.webhook.failing", Tag) > 0);
        await UntilAsync(() => Passes(() => seen.CountOf("websms.webhook.attempt.duration", Tag, "websms.outcome=delivered") >= 1));
        await UntilAsync(() => seen.Gauge("websms.webhook.lag", Tag) == 0 && seen.Gauge("websms.webhook.failing", Tag) == 0);
        Assert.Equal(0, seen.Gauge("websms.webhook.parked", Tag));

        bool Passes(Func<bool> condition)
        {
            var isMet = condition();
            clock.Advance(isMet ? TimeSpan.Zero : TimeSpan.FromSeconds(1));
            return isMet;
        }
    }

    private async Task SilenceAsync()
    {
        Assert.Equal(0, seen.Gauge("websms.silence.raised", "websms.entry=RentedNumbers:0"));
        await UntilAsync(() => TimePassesUntil(1));

        Account.AddMessages(new SimulatorMessage(Number, Sender, Text));
        await UntilAsync(() => TimePassesUntil(0));

        // A message is dated in the future, so the clocks differ.
        Account.AddMessages(new SimulatorMessage(Number, Sender, Text) { ReceivedAt = clock.GetUtcNow() + TimeSpan.FromSeconds(90) });
        clock.Advance(TimeSpan.FromSeconds(6));
        await ReadAsync(Page);
        Assert.InRange(seen.Gauge("websms.clock.behind") ?? 0, 60, 90);
    }

    // Time stands still during a fetch. On a busy machine the test clock would otherwise pass the timeout of every fetch.
    private bool TimePassesUntil(double raised)
    {
        if (Gateway.Services.GetRequiredService<MemoryTier>().Fetches == 0)
        {
            clock.Advance(TimeSpan.FromSeconds(4));
        }

        return seen.Gauge("websms.silence.raised", "websms.entry=RentedNumbers:0") == raised;
    }

    private void TracesHangTogether()
    {
        var calls = seen.Spans.Where(span => span.OperationName == "upstream call").ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal("upstream question", call.Parent!.OperationName));

        // A fetched page has spans for the request, the records, the fetch and the call.
        var page = seen.Spans.First(span => span.DisplayName == "GET /rented-numbers/{number}/messages"
            && seen.Spans.Any(call => call.OperationName == "upstream call" && call.TraceId == span.TraceId));
        Assert.Equal("200", page.GetTagItem("http.response.status_code")!.ToString());
        Assert.Contains(seen.Spans, span => span.OperationName == "day records read" && span.ParentSpanId == page.SpanId);
        Assert.Contains(seen.Spans, span => span.OperationName == "redis head" && span.TraceId == page.TraceId);

        // Polls do not belong to the request that started them.
        Assert.All(seen.Spans.Where(span => span.OperationName == "poll"), poll => Assert.Equal(default, poll.ParentSpanId));
        Assert.Contains(calls, call => call.Status == ActivityStatusCode.Error && call.GetTagItem("error.type") is "unreachable");
    }

    private void NothingPersonalLeft()
    {
        var texts = seen.Texts.ToList();
        Assert.NotEmpty(texts);
        foreach (var secret in (string[])
            [Number, Sender, "79039999999", "483920", "никому", Account.Name, Account.Password, RunningGateway.Key,
                RunningGateway.NarrowKey, "2024-1", "cursor"])
        {
            Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }

        Assert.DoesNotContain(texts, text => text.StartsWith("url.", StringComparison.Ordinal) && text != "url.scheme=http");
    }

    private void EveryInstrumentMovedAndIsDocumented()
    {
        var documented = Repository.Read("docs/operations.md");
        Assert.All(seen.Instruments.Values.Where(instrument => instrument.Meter.Name == GatewayMetrics.MeterName), instrument =>
        {
            Assert.Contains($"`{instrument.Name}`", documented, StringComparison.Ordinal);
            Assert.True(instrument.IsObservable || seen.CountOf(instrument.Name) > 0, $"{instrument.Name} did not move.");
        });
    }

    private async Task ReadAsync(string path, params HttpStatusCode[] statuses)
    {
        using var response = await Gateway.Client.GetAsync(path);
        Assert.Contains(response.StatusCode, statuses is [] ? [HttpStatusCode.OK] : statuses);
    }

    /// <summary>Reads the open day until the condition holds. On a slow machine a call to Redis may exceed its time limit.</summary>
    private async Task ReadUntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "What was waited for did not come.");
            clock.Advance(TimeSpan.FromSeconds(6));
            await ReadAsync(Page);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "What was waited for did not come.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    private void StartRedis() => redis = Process.Start(new ProcessStartInfo(
        "redis-server", ["--bind", "127.0.0.1", "--port", $"{redisPort}", "--save", "", "--dir", Path.GetTempPath()])
    {
        RedirectStandardOutput = true,
    })!;

    private async Task<string> RedisAsync(params string[] command)
    {
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", $"{redisPort}", .. command])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return output;
    }
}
