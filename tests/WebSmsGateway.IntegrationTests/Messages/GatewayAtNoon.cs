using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>A gateway for the tests of a class, at noon of 11.03.2026 in Moscow. Its clock stands still until a test moves it.</summary>
public sealed class GatewayAtNoon : IAsyncLifetime
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.FromHours(3));

    public RunningSimulator Simulator { get; private set; } = null!;

    public SimulatedAccount Account { get; private set; } = null!;

    internal FakeTimeProvider Clock { get; } = new(Noon);

    internal RunningGateway Gateway { get; private set; } = null!;

    internal HttpClient Client => Gateway.Client;

    public async Task InitializeAsync()
    {
        Simulator = await RunningSimulator.StartAsync();
        Account = Simulator.NewAccount();
        Gateway = RunningGateway.Start(Simulator, Account, Clock);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    /// <summary>A message at a local time.</summary>
    internal static SimulatorMessage Sms(
        string local, string text = "Код 1234", string sender = "79161234567", string number = RunningGateway.Number) =>
        new(number, sender, text) { LocalTime = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture) };

    internal static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>();

    internal static IEnumerable<string> Texts(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!);

    internal static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    /// <summary>Sends a request with this header.</summary>
    internal static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        return await client.SendAsync(request);
    }
}
