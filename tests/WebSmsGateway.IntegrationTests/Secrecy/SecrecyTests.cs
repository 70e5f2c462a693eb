using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Authentication;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Upstream;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Secrecy;

/// <summary>
/// Searches for the WEBSMS password, keys, texts and full numbers wherever an operator or an unauthenticated caller could find them,
/// without failures and with every failure. Each run has its own secrets, so that it does not find those of other tests.
/// </summary>
public sealed class SecrecyTests : IClassFixture<SimulatorFixture>, IDisposable
{
    private const string Day = "from=2024-05-20&to=2024-05-20";

    private readonly string core = Guid.NewGuid().ToString("N");
    private readonly string number = $"7902{Random.Shared.Next(1_000_000, 9_999_999)}";
    private readonly string sender = $"7916{Random.Shared.Next(1_000_000, 9_999_999)}";
    private readonly SimulatorFixture fixture;
    private readonly SecretSearch search;
    private readonly ProcessEars ears;
    private readonly ConcurrentQueue<string> found = new();
    private readonly ConcurrentDictionary<string, int> codes = new();

    public SecrecyTests(SimulatorFixture fixture)
    {
        this.fixture = fixture;
        search = new SecretSearch(
            ("password", Password), ("core of password and key", core), ("key", Key), ("text", Text), ("number", number),
            ("sender", sender));
        ears = new ProcessEars(search);
    }

    private string Password => $"Пароль <{core}>&=+%\"'";

    private string Key => $"key-{core}";

    private string Text => $"Код {core[..8]}: никому не говорите & не <пересылайте>";

    public void Dispose() => ears.Dispose();

    [Fact]
    public async Task AllGoesWell_EverythingSaid_HoldsNoSecret()
    {
        await using (var gateway = Start(NewAccount(), clock: null))
        {
            await UseAsync(gateway, RunOf.All);
            await EndAsync(gateway);
            Assert.Contains(
                gateway.Logs.Lines,
                line => line.Contains($"caller read 1 messages of {number[..4]}*****{number[^2..]}", StringComparison.Ordinal));
        }

        Assert.Contains("Microsoft.AspNetCore", ears.Heard);
        Assert.Contains("Microsoft.AspNetCore.Hosting", ears.Heard);
        AssertNothingFound();
    }

    [Fact]
    public async Task UpstreamFails_InEveryWay_NothingSaidHoldsASecret()
    {
        SimulatorFault[] faults =
        [
            SimulatorFault.StatusCode(500, echoQuery: true), SimulatorFault.StatusCode(403, echoQuery: true), SimulatorFault.Html(),
            SimulatorFault.Hang(), SimulatorFault.Reset(), SimulatorFault.Reset(atByte: 40), SimulatorFault.Truncate(40),
            SimulatorFault.Garbage(), SimulatorFault.Empty(), SimulatorFault.Redirect(
                $"/?http_password={Uri.EscapeDataString(Password)}&{number}"),
            SimulatorFault.Error(1), SimulatorFault.Error(2), SimulatorFault.Error(3), SimulatorFault.Error(4), SimulatorFault.Error(77),
        ];
        foreach (var fault in faults)
        {
            var account = NewAccount();
            account.Behaviour = new SimulatorBehaviour { Faults = [fault] };
            await using var gateway = Start(account, clock: null);
            await UseAsync(gateway, RunOf.Failures);
            await EndAsync(gateway);
        }

        using var certificate = Certificates.Server();
        await using var secure = new ScriptedServer(certificate, Reply.Ok(Reply.Message));
        foreach (var address in (string[])[secure.Address("localhost"), "http://127.0.0.1:1/", "https://no-such-host.invalid/"])
        {
            await using var gateway = Start(NewAccount(), clock: null, ("Upstream:BaseAddress", address));
            await UseAsync(gateway, RunOf.Failures);
            await EndAsync(gateway);
        }

        Assert.Superset(
            new HashSet<string>
            {
                "upstream-unreachable", "upstream-timeout", "upstream-invalid-response", "upstream-error", "upstream-invalid-date",
                "upstream-credentials-missing", "upstream-credentials-rejected", "unauthenticated", "invalid-request", "not-found",
            },
            codes.Keys.ToHashSet());
        AssertNothingFound();
    }

    [Fact]
    public async Task GatewayHasADefect_AtAnyPoint_NothingSaidHoldsASecretAndNobodyWaitsForEver()
    {
        var clock = new DefectiveClock($"{Password} {number} {sender} {Text} {Key}");
        await using var gateway = Start(NewAccount(), clock, ("Cache:Freshness", "00:00:00.1"));
        for (var call = 1; call <= 60; call++)
        {
            clock.Arm(call);
            var day = new DateOnly(2024, 1, 1).AddDays(call);
            await RequestAsync(gateway, $"/rented-numbers/{number}/messages?from={day:O}&to={day:O}&order=asc");
            if (!clock.HasStruck)
            {
                break;
            }
        }

        clock.Disarm();
        Assert.Contains("internal-error", codes.Keys);
        Assert.Contains(gateway.Logs.Lines, line => line.Contains("Defect in ", StringComparison.Ordinal));
        Assert.Contains(gateway.Logs.Lines, line => line.Contains("ended a question for messages: ", StringComparison.Ordinal));
        Assert.Equal(200, (int)(await gateway.Client.GetAsync(new Uri($"/messages?{Day}", UriKind.Relative))).StatusCode);
        await EndAsync(gateway);
        AssertNothingFound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redis_UpAndThenDown_ItsKeysAndEverythingSaidHoldNoSecret(bool encrypting)
    {
        await using var redis = await RedisServer.StartAsync(core);
        await using var gateway = Start(
            NewAccount(), clock: null,
            [("Cache:Redis", redis.ConnectionString),
                .. encrypting ? [("Cache:EncryptionKeys:0", Convert.ToBase64String(new byte[32]))] : Array.Empty<(string, string?)>()]);
        await WaitForLineAsync(gateway, "Redis answers");
        await UseAsync(gateway, RunOf.All);

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await redis.KeysAsync()).Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }

        foreach (var key in await redis.KeysAsync())
        {
            Search("Redis key", key);
            if (encrypting)
            {
                Search("encrypted value in Redis", await redis.RunAsync("--raw", "GET", key));
            }
        }

        await redis.KillAsync();
        await RequestAsync(gateway, "/messages?from=2024-05-01&to=2024-05-02");
        await EndAsync(gateway);
        AssertNothingFound();
    }

    [Fact]
    public async Task StandardOutput_OfARealProcessAtTrace_HoldsNoSecret()
    {
        var account = NewAccount();
        await using var gateway = await GatewayProcess.StartAsync(
            directory: null,
            [
                .. Settings(account).Where(setting => setting.Value is not null).Select(
                    setting => (setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value!)),
                ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft", "Trace"), ("Logging__LogLevel__System", "Trace"),
                ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"), ("Logging__Console__LogLevel__Default", "Trace"),
                ("Logging__Console__FormatterOptions__IncludeScopes", "true"), ("Logging__Console__FormatterName", "json"),
            ]);
        string[] paths =
        [
            $"/messages?{Day}", $"/rented-numbers/{number}/messages?{Day}", $"/rented-numbers/{number}/messages/20240520-7K3M9Q2X4C8N",
            $"/rented-numbers/{number}/messages?limit=x&sender={sender}&contains={Uri.EscapeDataString(Text)}", $"/nowhere/{number}",
            "/rented-numbers",
        ];
        foreach (var fault in (SimulatorFault?[])[null, SimulatorFault.StatusCode(500, echoQuery: true), SimulatorFault.Html(),
            SimulatorFault.Hang()])
        {
            account.Behaviour = new SimulatorBehaviour { Faults = fault is null ? [] : [fault] };
            foreach (var path in paths)
            {
                await gateway.StatusOfAsync(path, Key);
                await gateway.StatusOfAsync(path, Key + "x");
            }
        }

        Assert.Contains(gateway.Output, line => line.Contains("caller read 1 messages of ", StringComparison.Ordinal));
        foreach (var line in gateway.Output)
        {
            Search("standard output", line);
        }

        AssertNothingFound();
    }

    [Fact]
    public void Secrets_PlantedInEverySpelling_AreFound()
    {
        foreach (var (name, secret) in ((string, string)[])[("password", Password), ("text", Text), ("number", number), ("key", Key)])
        {
            foreach (var (spelling, text) in SecretSearch.SpellingsOf(secret))
            {
                Assert.True(search.FindIn("planted", $"GET /?a={text}&b").Any(), $"{name}, {spelling}");
            }
        }

        Assert.NotEmpty(search.FindIn("planted", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"demo:{Password}!"))));
        Assert.Empty(search.FindIn("planted", $"{number[..4]}*****{number[^2..]} read {Day}"));
    }

    [Fact]
    public async Task Secrets_PlantedInLogTraceAndMetric_AreFound()
    {
        await using (var gateway = Start(NewAccount(), clock: null))
        {
            var logger = gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger("WebSmsGateway.Planted");
#pragma warning disable CA1848, CA1873, CA2254 // This log call is careless on purpose.
            logger.LogTrace($"asking /http_feedback.asp?http_password={Uri.EscapeDataString(Password)}");
#pragma warning restore CA1848, CA1873, CA2254
            await EndAsync(gateway);
        }

        Assert.Contains(found, finding => finding.Contains("password", StringComparison.Ordinal));
        using var source = new ActivitySource("planted");
        using (var activity = source.StartActivity("ask"))
        {
            activity!.SetTag("number", number);
            activity.AddEvent(new ActivityEvent("sent", tags: new ActivityTagsCollection { ["text"] = Text }));
        }

        using var meter = new Meter("planted");
        meter.CreateCounter<int>("asked").Add(1, KeyValuePair.Create<string, object?>("caller", Key));
        meter.CreateObservableGauge("age", () => new Measurement<double>(1, KeyValuePair.Create<string, object?>("of", sender)));
        ears.AskGauges();

        Assert.All(
            ["tag number: number, as it is", "tag text: text, as it is", "tag caller: key, as it is", "tag of: sender, as it is"],
            what => Assert.Contains(ears.Found, finding => finding.EndsWith(what, StringComparison.Ordinal)));
    }

    private SimulatedAccount NewAccount()
    {
        var account = fixture.Simulator.State.AddAccount($"user-{Guid.NewGuid():N}", Password);
        account.AddMessages(new SimulatorMessage(number, sender, Text) { LocalTime = new(2024, 5, 20, 12, 0, 0) });
        return account;
    }

    private (string Key, string? Value)[] Settings(SimulatedAccount account) =>
    [
        ("Upstream:BaseAddress", fixture.Simulator.BaseAddress.ToString()), ("Upstream:Username", account.Name),
        ("Upstream:Password", account.Password), ("Upstream:Timeout", "00:00:00.3"), ("Upstream:Retries", "0"),
        .. ProbeGateway.Key(2, "caller", Key, number), ("RateLimiting:UnauthenticatedPerMinute", "1000000"),
    ];

    private RunningGateway Start(SimulatedAccount account, TimeProvider? clock, params (string Key, string? Value)[] settings) =>
        RunningGateway.Start(clock, [.. Settings(account), .. settings]);

    private async Task UseAsync(RunningGateway gateway, RunOf run)
    {
        string[] paths =
        [
            $"/rented-numbers/{number}/messages?{Day}", $"/rented-numbers/{number}/messages/20240520-7K3M9Q2X4C8N", $"/messages?{Day}",
            $"/rented-numbers?{Day}",
            $"/rented-numbers/{number}/messages?limit=x&sender={sender}&contains={Uri.EscapeDataString(Text)}&cursor={number}",
            $"/rented-numbers/{number}0/messages", $"/rented-numbers/{sender}/messages", $"/nowhere/{number}", "/health/live",
            "/health/ready",
            "/openapi/websms-gateway.json", "/metrics",
        ];
        foreach (var path in paths)
        {
            await RequestAsync(gateway, path);
        }

        await RequestAsync(gateway, paths[0], "text/csv");
        await RequestAsync(gateway, paths[0], key: Key + "x");
        await RequestAsync(gateway, paths[0], key: null, token: $"Bearer {Key}.{Password.Length}.{number}");
        await RequestAsync(gateway, $"/rented-numbers/{number}/messages/stream");
        if (run == RunOf.All)
        {
            await RequestAsync(gateway, paths[0], "application/x-ndjson");
            await RequestAsync(gateway, paths[0] + "&order=asc");
            await RequestAsync(gateway, "/messages/stream");
        }
    }

    /// <summary>Sends a request and searches its answer, except for the messages in a good answer.</summary>
    private async Task RequestAsync(RunningGateway gateway, string path, string? accept = null, string? key = "", string? token = null)
    {
        // Without a propagator this client creates no activity. An activity would contain the requested path.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, MaxResponseDrainSize = 0 });
        client.BaseAddress = gateway.BaseAddress;
        client.Timeout = TimeSpan.FromSeconds(10);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key.Length == 0 ? Key : key);
        }

        request.Headers.Add("Accept", accept ?? "*/*");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        var place = $"answer to {path.Replace(number, "{number}", StringComparison.Ordinal).Split('?')[0]}";
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Search($"{place}, head", $"{response.Headers}{response.Content.Headers}");
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return;
        }

        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            codes.TryAdd(JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!, 0);
        }

        if (!response.IsSuccessStatusCode || !path.Contains("messages", StringComparison.Ordinal)
            && !path.StartsWith("/rented-numbers", StringComparison.Ordinal))
        {
            Search(place, body);
        }
    }

    private async Task EndAsync(RunningGateway gateway)
    {
        ears.AskGauges();
        await gateway.DisposeAsync();
        foreach (var line in gateway.Logs.Lines)
        {
            Search($"log of {line.Split(' ')[1]}", line);
        }
    }

    private static async Task WaitForLineAsync(RunningGateway gateway, string text)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!gateway.Logs.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    private void Search(string place, string text)
    {
        foreach (var finding in search.FindIn(place, text))
        {
            found.Enqueue(finding);
        }
    }

    private void AssertNothingFound() => Assert.Empty(found.Concat(ears.Found).Distinct());

    private enum RunOf
    {
        All,
        Failures,
    }
}
