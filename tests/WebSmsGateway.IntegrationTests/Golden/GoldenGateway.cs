using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.IntegrationTests.Golden;

/// <summary>
/// A new gateway at noon and a new simulator. All requests and answers go into the file. The class uses both by HTTP and configuration
/// only, so it does not depend on their code.
/// </summary>
internal sealed class GoldenGateway : IAsyncDisposable
{
    // A problem contains the trace id of its request. A fixed id makes runs comparable.
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    private readonly GoldenFile file;
    private readonly RunningSimulator simulator;
    private readonly RunningGateway gateway;
    private readonly FakeTimeProvider clock;
    private readonly HttpClient client;

    private GoldenGateway(GoldenFile file, RunningSimulator simulator, FakeTimeProvider clock, (string Key, string? Value)[] settings)
    {
        this.file = file;
        this.simulator = simulator;
        this.clock = clock;
        gateway = RunningGateway.Start(
            clock,
            [
                ("Upstream:BaseAddress", simulator.BaseAddress.ToString()), ("Upstream:Username", "demo"), ("Upstream:Password", "demo"),
                .. settings,
            ]);
        client = gateway.NewClient(key: null);
    }

    public static async Task<GoldenGateway> StartAsync(GoldenFile file, string title, params (string Key, string? Value)[] settings)
    {
        file.Begin(title);
        var clock = new FakeTimeProvider(GatewayAtNoon.Noon);
        return new GoldenGateway(file, await RunningSimulator.StartAsync(clock), clock, settings);
    }

    /// <summary>Adds received messages.</summary>
    public async Task ReceiveAsync(params GoldenSms[] messages)
    {
        using var response = await simulator.Client.PostAsJsonAsync("simulator/messages", messages);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sets how WEBSMS behaves.</summary>
    public async Task BehaveAsync(object behaviour)
    {
        using var response = await simulator.Client.PutAsJsonAsync("simulator/behaviour", behaviour);
        response.EnsureSuccessStatusCode();
    }

    public void Advance(TimeSpan time) => clock.Advance(time);

    /// <summary>Sends a request and records it with its answer.</summary>
    /// <returns>The body.</returns>
    public async Task<string> AskAsync(
        string target, string? accept = null, string? key = RunningGateway.Key, string? ifNoneMatch = null, HttpMethod? method = null) =>
        (await SendAsync(target, accept, key, ifNoneMatch, method)).Body;

    /// <summary>Sends a request, then sends it again with the entity tag of the answer.</summary>
    public async Task AskTwiceAsync(string target, string? key = RunningGateway.Key)
    {
        var (_, tag) = await SendAsync(target, key: key);
        await SendAsync(target, key: key, ifNoneMatch: tag);
    }

    /// <summary>Follows <c>nextCursor</c> until there is none or no new message.</summary>
    /// <param name="target">The query without a cursor.</param>
    /// <param name="key">The key of the caller.</param>
    /// <param name="start">The first cursor; null to start without one.</param>
    /// <returns>The last cursor.</returns>
    public async Task<string?> WalkAsync(string target, string key = RunningGateway.Key, string? start = null)
    {
        var body = await AskAsync(start is null ? target : $"{target}&cursor={start}", key: key);
        var cursor = GoldenFile.CursorOf(body);
        while (cursor is not null)
        {
            body = await AskAsync($"{target}&cursor={cursor}", key: key);
            if (body.StartsWith("{\"items\":[]", StringComparison.Ordinal))
            {
                break;
            }

            cursor = GoldenFile.CursorOf(body);
        }

        return cursor;
    }

    /// <summary>The ids of a page.</summary>
    public static string[] IdsOf(string page)
    {
        using var json = JsonDocument.Parse(page);
        return [.. GatewayAtNoon.Ids(json.RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
        await simulator.DisposeAsync();
    }

    private async Task<(string Body, string? Tag)> SendAsync(
        string target, string? accept = null, string? key = RunningGateway.Key, string? ifNoneMatch = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, target);
        request.Headers.Add("traceparent", TraceParent);
        List<(string, string)> shown = [];
        Add("Accept", accept, isShown: true);
        Add("If-None-Match", ifNoneMatch, isShown: true);
        Add("X-Api-Key", key, isShown: key != RunningGateway.Key);
        using var response = await client.SendAsync(request);
        return (await file.AddAsync(request.Method, target, shown, response), response.Headers.ETag?.ToString());

        void Add(string name, string? value, bool isShown)
        {
            if (value is not null)
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            }

            if (isShown && (value is not null || name == "X-Api-Key"))
            {
                shown.Add((name, value ?? "(none)"));
            }
        }
    }
}

/// <summary>An SMS as the simulator's control accepts it. The time is local to the account.</summary>
internal sealed record GoldenSms(string ReceivedAt, string RentedNumber, string Sender, string Text);
