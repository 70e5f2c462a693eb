using System.Diagnostics;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>The libraries of receivers verify what the gateway sends: that of .NET in every test of webhooks, those of npm here.</summary>
public sealed class LibraryTests(SimulatorFixture fixture, ITestOutputHelper output) : IClassFixture<SimulatorFixture>
{
    private static readonly string Folder = Repository.PathOf("eng", "webhooks");

    [Fact]
    public async Task Webhooks_WithTwoSecrets_AreVerifiedByBothLibrariesOfNpm()
    {
        if (!await HasLibrariesAsync())
        {
            return;
        }

        var next = WebhookReceiver.NewSecret();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver.Address, receiver.Secret, ("Webhooks:Endpoints:0:Secrets:1", next));
        gateway.Account.Receive("Код 482913", "Emoji 🙂 \u2028 \"кавычки\" <b>&amp;");
        await Eventually.TrueAsync(() => receiver.Taken.Count == 2, "two messages came", 30);
        await gateway.Running.Client.PostAsync("/webhooks/shop/test", null);

        var sent = receiver.Received.ToList();
        var asked = sent.SelectMany(webhook => (object[])
        [
            Asked(receiver.Secret, webhook, webhook.Body), Asked(next, webhook, webhook.Body), Asked(next, webhook, webhook.Body + " "),
            Asked(WebhookReceiver.NewSecret(), webhook, webhook.Body),
        ]);
        var (exitCode, text) = await RunAsync("node", ["verify.mjs"], JsonSerializer.Serialize(asked));

        Assert.True(exitCode == 0, text);
        var verdicts = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] expected =
            ["standardwebhooks verified", "svix verified", "standardwebhooks verified", "svix verified", "standardwebhooks refused", "svix refused",
                "standardwebhooks refused", "svix refused"];
        Assert.Equal(sent.SelectMany(_ => expected), verdicts.Select(verdict => verdict.Split(':')[0]));
    }

    [Fact]
    public async Task TypeScriptReceiver_OfTheDocs_TakesEachMessageOnce()
    {
        if (!await HasLibrariesAsync())
        {
            return;
        }

        var (port, secret) = (RedisServer.FreePort(), WebhookReceiver.NewSecret());
        var start = new ProcessStartInfo("node", ["sample.mjs"]) { WorkingDirectory = Folder, RedirectStandardOutput = true };
        start.Environment["WEBHOOK_SECRET"] = secret;
        start.Environment["PORT"] = $"{port}";
        using var node = Process.Start(start)!;
        try
        {
            Assert.Equal("listening", await node.StandardOutput.ReadLineAsync());
            await using var gateway = await StartAsync(new Uri($"http://127.0.0.1:{port}/sms"), secret);
            gateway.Account.Receive("Привет");
            await Eventually.TrueAsync(
                async () => (await gateway.Running.GetAsync("/webhooks/shop")).GetProperty("lastStatus").ValueKind == JsonValueKind.Number, "it was delivered", 30);
            var webhook = await gateway.Running.GetAsync("/webhooks/shop");
            Assert.Equal(204, webhook.GetProperty("lastStatus").GetInt32());
        }
        finally
        {
            node.Kill();
        }

        Assert.Contains("Привет", await node.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static object Asked(string secret, ReceivedWebhook webhook, string body) => new
    {
        secret,
        body,
        headers = webhook.Headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)).ToDictionary(),
    };

    private async Task<Started> StartAsync(Uri address, string secret, params (string, string?)[] settings)
    {
        var account = fixture.Simulator.NewAccount();
        var gateway = WatchedGateway.Start(fixture.Simulator, account, null, [.. WebhookSettings.Of(address, secret, 0, "shop"), .. settings]);
        await Eventually.TrueAsync(
            () => gateway.Logs.Lines.Any(line => line.Contains("Webhook shop sends from here", StringComparison.Ordinal)), "the endpoint sends", 30);
        return new Started(gateway, account);
    }

    private async Task<bool> HasLibrariesAsync()
    {
        try
        {
            if (Directory.Exists(Path.Combine(Folder, "node_modules", "svix")))
            {
                return true;
            }

            var (exitCode, text) = await RunAsync("npm", ["ci", "--loglevel=error"]);
            Assert.True(exitCode == 0, text);
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            output.WriteLine("Not run: there is no Node here.");
            return false;
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, text + await error);
    }

    private sealed record Started(RunningGateway Running, SimulatedAccount Account) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }
}
