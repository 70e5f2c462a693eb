using System.ComponentModel;
using System.Net;
using System.Text;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Faults;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;
using Xunit.Abstractions;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>The receivers of docs/webhooks.md take real deliveries. <see cref="LibraryTests"/> has the one in TypeScript.</summary>
[Collection(HeavyTests.Name)]
public sealed class SampleTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("webhook-sample-");
    private RunningSimulator simulator = null!;

    public async Task InitializeAsync() => simulator = await RunningSimulator.StartAsync();

    public async Task DisposeAsync()
    {
        await simulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task CSharpReceiver_OfTheDocs_TakesEachMessageOnceAndNothingForged() =>
        await TakesAsync(await SampleReceiver.StartCSharpAsync(folder));

    [Fact]
    public async Task PythonReceiver_OfTheDocs_TakesEachMessageOnceAndNothingForged()
    {
        try
        {
            await TakesAsync(await SampleReceiver.StartPythonAsync(folder));
        }
        catch (Win32Exception)
        {
            output.WriteLine("Not run: there is no Python here.");
        }
    }

    private async Task TakesAsync(SampleReceiver sample)
    {
        await using var receiver = sample;
        var account = simulator.NewAccount();
        await using var gateway = WatchedGateway.Start(simulator, account, null, WebhookSettings.Of(receiver.Address, receiver.Secret, 0, "shop"));
        account.AddMessages(new SimulatorMessage(RunningGateway.Number, "Bank", "Привет 1"), new SimulatorMessage(RunningGateway.Number, "Bank", "Привет 2"));
        var first = await DeliveredAsync(gateway);
        using var replayed = await gateway.Client.PostAsync($"/webhooks/shop/replay?from={TimeProvider.System.GetUtcNow().AddDays(-1):yyyy-MM-dd}", null);
        Assert.Equal("""{"messages":2}""", await replayed.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(async () => (await WebhookAsync(gateway)).GetProperty("lastSuccessAt").GetDateTimeOffset() > first, "it was replayed", 30);
        Assert.Equal(204, (await WebhookAsync(gateway)).GetProperty("lastStatus").GetInt32());

        using var client = new HttpClient();
        using var forged = new HttpRequestMessage(HttpMethod.Post, receiver.Address) { Content = new StringContent("""{"data":"Обман"}""", Encoding.UTF8) };
        forged.Headers.Add("webhook-id", "1");
        forged.Headers.Add("webhook-timestamp", $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}");
        forged.Headers.Add("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=");
        using var answer = await client.SendAsync(forged);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        var printed = await receiver.EndAsync();
        Assert.Equal((1, 1), (printed.Split("Привет 1").Length - 1, printed.Split("Привет 2").Length - 1));
        Assert.DoesNotContain("Обман", printed, StringComparison.Ordinal);
    }

    private static async Task<DateTimeOffset> DeliveredAsync(RunningGateway gateway)
    {
        var webhook = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                webhook = await WebhookAsync(gateway);
                return webhook.GetProperty("lastSuccessAt").ValueKind == JsonValueKind.String && webhook.GetProperty("lagSeconds").GetInt64() == 0;
            },
            () => $"the messages were delivered: {webhook}", 30);
        return webhook.GetProperty("lastSuccessAt").GetDateTimeOffset();
    }

    private static Task<JsonElement> WebhookAsync(RunningGateway gateway) => gateway.GetAsync("/webhooks/shop");
}
