using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.IntegrationTests.Commands;

/// <summary>The process from start to end, as an orchestrator sees it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GatewayProcessTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private const string Page = "/rented-numbers/79021234567/messages";

    private readonly SimulatedAccount account = fixture.Simulator.NewAccount();

    [Fact]
    public async Task Process_ReadOnlyDirectoryOtherUserNoHome_ServesLogsJsonAndStopsUnderLoadWithEverythingAnswered()
    {
        account.AddMessages(new SimulatorMessage("79021234567", "79161234567", "Тест"));
        await using var gateway = await GatewayImage.StartAsync(Upstream());
        await gateway.WaitForLineAsync(" serves ");
        string[] startup = [.. gateway.Output];
        Assert.All(startup, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.Contains(startup, line => line.Contains($"WebSmsGateway {ProductVersion.Text} serves", StringComparison.Ordinal));

        using var client = new HttpClient { BaseAddress = gateway.Address };
        Assert.Contains("\"items\":[{", await client.GetStringAsync(Page), StringComparison.Ordinal);
        var healthy = await GatewayImage.RunAsync(["health", $"{gateway.Address}health/ready"]);
        Assert.Equal((0, ""), (healthy.ExitCode, healthy.Error));
        Assert.Contains("\"ready\"", healthy.Output, StringComparison.Ordinal);

        // Forty requests that wait for WEBSMS, and a stream, are in flight when the signal comes.
        account.Behaviour = new() { Faults = [SimulatorFault.Hang()] };
        using var stream = await client.GetAsync(Page + "/stream?cursor=now", HttpCompletionOption.ResponseHeadersRead);
        var requests = Enumerable.Range(1, 40)
            .Select(day => client.GetAsync(
                $"{Page}?from=2024-{1 + (day / 28):00}-{1 + (day % 28):00}&to=2024-{1 + (day / 28):00}-{1 + (day % 28):00}"))
            .ToList();
        await account.WaitForCallsInFlightAsync(4);
        gateway.Terminate();
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        account.Behaviour = new();

        Assert.All(await Task.WhenAll(requests), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        await stream.Content.ReadAsStringAsync();
        Assert.Equal(0, await gateway.EndAsync());
        Assert.Empty(gateway.Errors);
        var output = string.Join('\n', gateway.Output);
        Assert.Contains("Stopping: no new requests", output, StringComparison.Ordinal);
        Assert.DoesNotContain("79021234567", output, StringComparison.Ordinal);

        var gone = await GatewayImage.RunAsync(["health", $"{gateway.Address}health/ready"]);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("No answer from", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_FaultsAndSecrets_ShowsSourcesAndEveryFaultAndNoSecret()
    {
        var (exitCode, output, error) = await GatewayImage.RunAsync(
            ["check-config", "--Cache:Freshness=00:00:09", "--Cache:ClosedLifetime=2.0:0:0", "--Limits:MaxRange=48:00:00"],
            [.. Upstream(), ("Upstream__Retries", "99"), ("Upstream__Pasword", "hidden-1"),
                ("Cache__Redis", "cache:6379,password=hidden-2"),
                ("RentedNumbers__0__Number", "79025551234"), ("RentedNumbers__0__Label", "Shop")]);

        Assert.Equal(1, exitCode);
        var lines = output.Split('\n');
        Assert.Contains("Cache:Freshness = 00:00:09   (command line)", lines);
        Assert.Contains("Cache:MaxStale = 01:00:00   (default)", lines);
        Assert.Contains("Cache:ClosedLifetime = 2.00:00:00   (command line)", lines);
        Assert.Contains("Limits:MaxRange = 48:00:00   (command line)", lines);
        Assert.Contains(
            "Limits:MaxRange: '48:00:00' could be 48 hours or 48 days; write 2.00:00:00 or 48.00:00:00", error, StringComparison.Ordinal);
        Assert.Contains("Cache:Redis = cache:6379,password=***   (environment Cache__Redis)", lines);
        Assert.Contains("Upstream:Password = ***   (environment Upstream__Password)", lines);
        Assert.Contains("Upstream:Format = json   (default)", lines);
        Assert.Contains("RentedNumbers:0:Number = 7902*****34   (environment RentedNumbers__0__Number)", lines);
        Assert.Contains("Upstream:Pasword: unknown key; did you mean Upstream:Password?", error, StringComparison.Ordinal);
        Assert.Contains("Upstream:Retries: ", error, StringComparison.Ordinal);
        Assert.All(
            ["hidden-1", "hidden-2", account.Password, account.Name, "79025551234"],
            secret => Assert.DoesNotContain(secret, output + error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://cab.websms.ru/", "https://cab.websms.ru/")]
    [InlineData("https://user:hidden-1@cab.websms.ru/hidden-2@x/", "https://***")]
    [InlineData("https://cab.websms.ru/?http_username=hidden-1&http_password=hidden-2", "https://cab.websms.ru/***")]
    [InlineData("https://cab.websms.ru/?http%5Fpassword%3Dhidden-1", "https://cab.websms.ru/***")]
    [InlineData("https://cab.websms.ru/#hidden-1", "https://cab.websms.ru/***")]
    [InlineData("https://user:hidden-1#hidden-2@cab.websms.ru/", "***")]
    [InlineData("user:hidden-1@cab.websms.ru", "***")]
    [InlineData("cab.websms.ru/?password=hidden-1", "***")]
    public async Task CheckConfig_PasswordInsideTheAddress_IsNotPrinted(string address, string shown)
    {
        var (_, output, error) = await GatewayImage.RunAsync(["check-config"], [.. Upstream(), ("Upstream__BaseAddress", address)]);

        var line = output.Split('\n').Single(line => line.StartsWith("Upstream:BaseAddress = ", StringComparison.Ordinal));
        Assert.Equal($"Upstream:BaseAddress = {shown}   (environment Upstream__BaseAddress)", line);
        Assert.DoesNotContain("hidden", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_MemoryOfTheProcess_PrintsHowItIsDivided()
    {
        (string, string)[] environment = [.. Upstream(), ("Authentication__AllowAnonymous", "true"), ("DOTNET_GCHeapHardLimit", "0x18000000")];
        var shipped = await GatewayImage.RunAsync(["check-config"], environment);
        Assert.Equal((0, ""), (shipped.ExitCode, shipped.Error));
        var lines = shipped.Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("Limits:MemoryMegabytes = 288   (default)", lines);
        Assert.Contains("Memory: 288 MiB of the 384 MiB that the process may have.", lines);
        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["unsent", "36", "9"]);
        Assert.Contains("Cache:MemoryLimitMegabytes = 102   (default)", lines);
        Assert.Contains(lines, line => line.StartsWith("Cache:MemoryLimitMegabytes is 102 and not 128: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("At most ", StringComparison.Ordinal) && line.Contains("= 54 MiB / 56 kB = 987", StringComparison.Ordinal));

        var many = await GatewayImage.RunAsync(
            ["check-config", "--RateLimiting:LongRequestsPerCaller=2500", "--Cache:MemoryLimitMegabytes=128"], environment);
        Assert.Equal(1, many.ExitCode);
        Assert.Contains("RateLimiting:LongRequestsPerCaller: 1 to ", many.Error, StringComparison.Ordinal);
        Assert.Contains("Limits:MemoryMegabytes 288 x 3/16 for connections = 54 MiB / 56 kB = 987", many.Error, StringComparison.Ordinal);
        Assert.Contains("Cache:MemoryLimitMegabytes: accepted are 1 to 102 MiB", many.Error, StringComparison.Ordinal);

        var beyond = await GatewayImage.RunAsync(["check-config", "--Limits:MemoryMegabytes=400"], environment);
        Assert.Equal(1, beyond.ExitCode);
        Assert.Contains(
            "Limits:MemoryMegabytes: accepted are 64 to 384 MiB, for example 288: the process may have 384 MiB", beyond.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_RedisPasswordWithAComma_SaysSoAndShowsNoPartOfIt()
    {
        var (exitCode, output, error) = await GatewayImage.RunAsync(
            ["check-config"],
            [.. Upstream(), ("Authentication__AllowAnonymous", "true"), ("Cache__Redis", "cache:6379,password=hidden-1,hidden-2,ssl=true")]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Cache:Redis: an address stands behind password=; ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("Cache:Redis = ***   (environment Cache__Redis)", output.Split('\n'));
        Assert.DoesNotContain("hidden", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_Probe_TriesBothMethodsAndSaysWhatWebSmsAnswered()
    {
        account.AddMessages(new SimulatorMessage("79021234567", "79161234567", "Тест"));
        var good = await ProbeAsync();
        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Contains("Get, WEBSMS at ", good.Output, StringComparison.Ordinal);
        Assert.Contains("Post, WEBSMS at ", good.Output, StringComparison.Ordinal);
        Assert.Contains("all numbers, last hour: 1 messages, 0 unreadable", good.Output, StringComparison.Ordinal);
        Assert.Contains("Both methods work. Upstream:Method=Post keeps the password out of URLs.", good.Output, StringComparison.Ordinal);
        Assert.Equal(["GET", "POST"], account.Requests().Select(request => request.Method));
    }

    [Theory]
    [InlineData("Get", 0, 1, "Upstream:Method=Post works, and Get, which is in force, does not.")]
    [InlineData("Get", 1, 0, "Upstream:Method=Get, which is in force, works, and Post does not.")]
    [InlineData("Post", 1, 0, "Upstream:Method=Post, which is in force, works, and Get does not.")]
    public async Task CheckConfig_Probe_OneMethodIsRefused_SaysWhichOneWorks(string method, int after, int exitCode, string said)
    {
        account.Behaviour = new() { Faults = [SimulatorFault.StatusCode(405) with { After = after, Times = 1 }] };

        var probed = await ProbeAsync(("Upstream__Method", method));

        Assert.Equal(exitCode, probed.ExitCode);
        Assert.Contains(said, probed.Output, StringComparison.Ordinal);
        Assert.Contains("InvalidResponse", probed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_Probe_WrongPassword_IsTriedOnce()
    {
        account.Behaviour = new() { Faults = [SimulatorFault.Error(2)] };

        var bad = await ProbeAsync();

        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("CredentialsRejected. WEBSMS rejected the gateway's login or password.", bad.Error, StringComparison.Ordinal);
        Assert.Contains("Upstream:Method=Post was not tried", bad.Error, StringComparison.Ordinal);
        Assert.Single(account.Requests());
    }

    private Task<(int ExitCode, string Output, string Error)> ProbeAsync(params (string, string)[] settings) =>
        GatewayImage.RunAsync(["check-config", "--probe"], [.. Upstream(), ("Authentication__AllowAnonymous", "true"), .. settings]);

    private (string Key, string Value)[] Upstream() =>
    [
        ("Upstream__BaseAddress", fixture.Simulator.BaseAddress.ToString()), ("Upstream__Username", account.Name),
        ("Upstream__Password", account.Password),
    ];
}
