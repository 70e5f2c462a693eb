using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Authentication;
using WebSmsGateway.Commands;
using WebSmsGateway.IntegrationTests.Authentication;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Upstream;
using WebSmsGateway.Model;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Secrecy;

/// <summary>
/// Searches for the WEBSMS password, keys, texts, codes and full numbers in everything that leaves the process: logs at Trace, traces, metrics,
/// problems, health, check-config, headers, names and values in Redis, files; without failures and with every failure. Each run has its own
/// secrets, so that it does not find those of other tests.
/// </summary>
public sealed class SecrecyTests : IClassFixture<SimulatorFixture>, IDisposable
{
    private const string Day = "from=2024-05-20&to=2024-05-20";

    private readonly string core = Guid.NewGuid().ToString("N");
    private readonly string number = $"7902{Random.Shared.Next(1_000_000, 9_999_999)}";
    private readonly string sender = $"7916{Random.Shared.Next(1_000_000, 9_999_999)}";
    private readonly string code = $"{Random.Shared.NextInt64(1_000_000_000, 9_999_999_999)}";
    private readonly string idKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly string encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly byte[] ticketKey = RandomNumberGenerator.GetBytes(32);
    private readonly string ticket;
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("secrecy-test-");
    private readonly SimulatorFixture fixture;
    private readonly SecretSearch search;
    private readonly SecretSearch ofProcess;
    private readonly ProcessEars ears;
    private readonly ConcurrentQueue<string> found = new();
    private readonly ConcurrentDictionary<string, int> codes = new();

    public SecrecyTests(SimulatorFixture fixture)
    {
        this.fixture = fixture;
        ticket = NewTicket();
        search = new SecretSearch(
            [.. ProcessSecrets, ("text", Text), ("code", code), ("number", number), ("sender", sender)]);
        ofProcess = new SecretSearch(ProcessSecrets);
        ears = new ProcessEars(search);
    }

    private string Password => $"Пароль <{core}>&=+%\"'";

    private string Key => $"key-{core}";

    private string Text => $"Код {code}: никому не говорите & не <пересылайте>";

    /// <summary>The secrets of the process, which not even Redis without encryption may have.</summary>
    private (string, string)[] ProcessSecrets =>
    [
        ("password", Password), ("core of password and key", core), ("key", Key), ("id key", idKey), ("encryption key", encryptionKey),
        ("ticket", ticket[20..80]), ("ticket key", Convert.ToBase64String(ticketKey)), ("bytes of the ticket key", Encoding.Latin1.GetString(ticketKey)),
        ("bytes of the id key", Encoding.Latin1.GetString(Convert.FromBase64String(idKey))),
        ("hexadecimal of the encryption key", Convert.ToHexString(Convert.FromBase64String(encryptionKey))),
    ];

    public void Dispose()
    {
        ears.Dispose();
        directory.Delete(recursive: true);
    }

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
        foreach (var (fault, method) in faults.Select((fault, i) => (fault, i % 2 == 0 ? "Get" : "Post")).Append((faults[0], "Post")))
        {
            var account = NewAccount();
            account.Behaviour = new SimulatorBehaviour { Faults = [fault] };
            await using var gateway = Start(account, clock: null, ("Upstream:Method", method));
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
    public async Task Redis_UpAndThenDown_ItsNamesAndValuesAndEverythingSaidHoldNoSecret(bool encrypting)
    {
        await using var redis = await RedisServer.StartAsync(core);
        await using var gateway = Start(
            NewAccount(), clock: null,
            [("Cache:Redis", redis.ConnectionString),
                .. encrypting ? [("Cache:EncryptionKeys:0", encryptionKey)] : Array.Empty<(string, string?)>()]);
        await WaitForLineAsync(gateway, "Redis answers");
        await UseAsync(gateway, RunOf.All);

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await redis.KeysAsync()).Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }

        Search("Redis clients and channels", await redis.RunAsync("CLIENT", "LIST") + await redis.RunAsync("PUBSUB", "CHANNELS"));
        await using (var multiplexer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString))
        {
            foreach (var key in await redis.KeysAsync())
            {
                Search("Redis key", key);
                foreach (var value in await ValuesAsync(multiplexer.GetDatabase(), key))
                {
                    // Without encryption keys texts and numbers stand in the values; what protects them does not.
                    SearchBytes(encrypting ? search : ofProcess, "value in Redis", value);
                }
            }
        }

        await redis.KillAsync();
        await RequestAsync(gateway, "/messages?from=2024-05-01&to=2024-05-02");
        await EndAsync(gateway);
        AssertNothingFound();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CheckConfig_WithEverySecretConfigured_PrintsNone(bool isRight)
    {
        var account = NewAccount();
        (string Key, string? Value)[] settings =
        [
            .. Settings(account), ("Cache:Redis", $"127.0.0.1:1,user={core},password={core}"), ("Cache:EncryptionKeys:0", encryptionKey),
            ("RentedNumbers:0:Number", number), ("RentedNumbers:0:Label", "shop"), ("RentedNumbers:0:ExpectWithin", "01:00:00"),
            .. isRight
                ? Array.Empty<(string, string?)>()
                :
                [
                    ("Upstream:BaseAddress", $"https://user:{core}@cab.websms.ru/?http_password={core}#{core}"),
                    ("Cache:EncryptionKeys:1", encryptionKey + core), ("Messages:IdKey", idKey + core), ("Upstream:Pasword", Password),
                    ("Authentication:ApiKeys:2:Sha256", core), ("RentedNumbers:1:Number", number + "1"),
                ],
        ];
        string[] args = ["check-config", "--probe", .. settings.Where(setting => setting.Value is not null).Select(setting => $"--{setting.Key}={setting.Value}")];
        using var output = new StringWriter();

        Assert.Equal(isRight ? 0 : 1, await CommandLine.Run(args, GatewayApplication.Create, output, output)!);

        Assert.Contains("Upstream:Password = ***", output.ToString(), StringComparison.Ordinal);
        Search("check-config", output.ToString());
        AssertNothingFound();
    }

    [Fact]
    public async Task StandardOutputAndFiles_OfARealProcessAtTrace_HoldNoSecret()
    {
        var account = NewAccount();
        var (home, temporary) = (directory.CreateSubdirectory("home"), directory.CreateSubdirectory("temporary"));
        await using var gateway = await GatewayProcess.StartAsync(
            home.FullName,
            [
                ("HOME", home.FullName), ("TMPDIR", temporary.FullName), ("DOTNET_EnableDiagnostics", "0"),
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
            "/rented-numbers", $"/messages?{Day}&ticket={ticket}", $"/nowhere?ticket={ticket}",
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

        foreach (var file in directory.GetFiles("*", SearchOption.AllDirectories))
        {
            Search("name of a file", file.FullName);
            SearchBytes(search, $"file {file.Name}", await File.ReadAllBytesAsync(file.FullName));
        }

        AssertNothingFound();
    }

    [Fact]
    public void Secrets_PlantedInEverySpelling_AreFound()
    {
        foreach (var (name, secret) in ((string, string)[])
            [("password", Password), ("text", Text), ("number", number), ("key", Key), ("code", code), ("id key", idKey), ("ticket", ticket[20..80])])
        {
            foreach (var (spelling, text) in SecretSearch.SpellingsOf(secret))
            {
                Assert.True(search.FindIn("planted", $"GET /?a={text}&b").Any(), $"{name}, {spelling}");
            }
        }

        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.GetEncoding(1251), Encoding.Latin1])
        {
            Assert.NotEmpty(search.FindIn("planted", [1, 2, .. encoding.GetBytes($"{number}: {code}"), 3]));
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

    /// <summary>A ticket of the caller, which is known before the gateway starts, so that everything can be searched for it.</summary>
    private string NewTicket() => new TicketKey(ticketKey).Protect(TicketBytes.Write(new Ticket(
        "0123456789ab", new TicketMaker(SHA256.HashData(Encoding.UTF8.GetBytes(Key)), TokenCaller: null), NumberSet.All, MessageFields.All,
        TimeProvider.System.GetUtcNow().AddHours(1))));

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
        ("Messages:IdKey", idKey), ("Tickets:Keys:0", Convert.ToBase64String(ticketKey)), .. ProbeGateway.Key(2, "caller", Key, number), ("RateLimiting:UnauthenticatedPerMinute", "1000000"),
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
        foreach (var path in (string[])
            [paths[0], paths[3], paths[4], paths[7], "/health/ready", "/tickets", "/?x=1", $"/rented-numbers/{number}/code?wait=0&tickets=1",
                $"/rented-numbers/{number}/messages/stream"])
        {
            // The ticket alone, in another spelling, forged, and beside a key.
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            await RequestAsync(gateway, $"{path}{separator}ticket={ticket}", key: null);
            await RequestAsync(gateway, $"{path}{separator}a&%74icket={ticket}", key: null);
            await RequestAsync(gateway, $"{path}{separator}ticket={ticket}x", key: null);
            await RequestAsync(gateway, $"{path}{separator}ticket={ticket}");
        }

        await RequestAsync(gateway, paths[0], key: null, token: $"Bearer {ticket}");
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

    private void SearchBytes(SecretSearch secrets, string place, byte[] bytes)
    {
        foreach (var finding in secrets.FindIn(place, bytes))
        {
            found.Enqueue(finding);
        }
    }

    /// <summary>What a key in Redis holds, also unpacked where it is not encrypted.</summary>
    private static async Task<List<byte[]>> ValuesAsync(IDatabase database, string key)
    {
        List<byte[]> values = await database.KeyTypeAsync(key) switch
        {
            RedisType.Hash => [.. (await database.HashGetAllAsync(key)).SelectMany(field => new[] { (byte[])field.Name!, (byte[])field.Value! })],
            _ => [(byte[])(await database.StringGetAsync(key))!],
        };
        foreach (var value in values.Where(value => value.AsSpan().StartsWith("WSG"u8)).ToList())
        {
            try
            {
                using var unpacked = new MemoryStream();
                await using var brotli = new BrotliStream(
                    new MemoryStream(value[(ValueEnvelope.IdentityLength + 16)..]), CompressionMode.Decompress);
                await brotli.CopyToAsync(unpacked);
                values.Add(unpacked.ToArray());
            }
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                // It is encrypted.
            }
        }

        return values;
    }

    private void AssertNothingFound() => Assert.Empty(found.Concat(ears.Found).Distinct());

    private enum RunOf
    {
        All,
        Failures,
    }
}
