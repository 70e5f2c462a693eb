using System.Collections.Concurrent;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>Callers of every kind, well-behaved and not, who connect and disconnect.</summary>
internal sealed class SoakLoad(Uri address, SimulatedAccount account, CancellationToken ended)
{
    private const string Number = "/rented-numbers/79021234567/messages";

    private readonly HttpClient client = new() { BaseAddress = address };
    private int requests;
    private int day;

    /// <summary>Unexpected answers.</summary>
    public ConcurrentBag<string> Surprises { get; } = [];

    public int Requests => requests;

    public Task Start() => Task.WhenAll(
        ReceiveAsync(),
        LoopAsync(() => $"{Number}?from=2024-05-10&to=2024-05-10", 200),
        LoopAsync(() => $"{Number}?from=2024-05-10&to=2024-05-12&limit=10&order=asc", 200),
        LoopAsync(() => "/messages", 200, 502),
        LoopAsync(() => $"/rented-numbers?from=2024-05-{1 + (Next() % 28):00}&to=2024-05-28", 200, 502),
        LoopAsync(() => $"{Number}?from=2024-05-{1 + (Next() % 28):00}&to=2024-05-28&contains=9", 200, 502),
        LoopAsync(() => $"{Number}?from=2024-05-01&to=2024-05-28", "application/x-ndjson", 200, 502),
        LoopAsync(() => $"{Number}?from=2024-05-01&to=2024-05-28", "text/csv", 200, 502),
        LoopAsync(() => "/messages?order=asc&cursor=now&wait=1", 200, 502),
        LoopAsync(() => "/messages?form=2024-05-01", 400),
        LoopAsync(() => $"/messages/20240510-7K3M9Q2X4C8N", 404),
        LoopAsync(() => "/nowhere", 404),
        UnauthenticatedAsync(),
        StreamsAsync(leaveAfter: TimeSpan.FromMilliseconds(700)),
        StreamsAsync(leaveAfter: TimeSpan.FromSeconds(3)),
        NewConnectionsAsync());

    private int Next() => Interlocked.Increment(ref day);

    private Task LoopAsync(Func<string> path, params int[] expected) => LoopAsync(path, "application/json", expected);

    private async Task LoopAsync(Func<string> path, string accept, params int[] expected)
    {
        while (!ended.IsCancellationRequested)
        {
            await GetAsync(client, path(), accept, RunningGateway.Key, expected);
            await PauseAsync(20);
        }
    }

    private async Task UnauthenticatedAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            await GetAsync(client, "/messages", "application/json", $"wrong-{Next()}", [401]);
            await PauseAsync(20);
        }
    }

    /// <summary>Clients that never use a connection twice.</summary>
    private async Task NewConnectionsAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            using var fresh = new HttpClient { BaseAddress = address };
            await GetAsync(fresh, $"{Number}?from=2024-05-10&to=2024-05-10", "application/json", RunningGateway.Key, [200]);
            await PauseAsync(50);
        }
    }

    private async Task StreamsAsync(TimeSpan leaveAfter)
    {
        while (!ended.IsCancellationRequested)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ended);
            timeout.CancelAfter(leaveAfter);
            using var request = Request("/messages/stream", "text/event-stream", RunningGateway.Key);
            try
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
                Judge("/messages/stream", (int)response.StatusCode, [200]);
                await response.Content.CopyToAsync(Stream.Null, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                // The client disconnected in the middle of the answer.
            }
        }
    }

    private async Task ReceiveAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            account.AddMessages(new SimulatorMessage("79021234567", "Sberbank", $"Код {Next()}"));
            await PauseAsync(500);
        }
    }

    private async Task GetAsync(HttpClient caller, string path, string accept, string key, int[] expected)
    {
        using var request = Request(path, accept, key);
        try
        {
            using var response = await caller.SendAsync(request, ended);
            await response.Content.CopyToAsync(Stream.Null, ended);
            Judge(path, (int)response.StatusCode, expected);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The load has ended.
        }
    }

    private void Judge(string path, int status, int[] expected)
    {
        Interlocked.Increment(ref requests);
        if (!expected.Contains(status))
        {
            Surprises.Add($"{path} gave {status}");
        }
    }

    private static HttpRequestMessage Request(string path, string accept, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.Add("X-Api-Key", key);
        return request;
    }

    private Task PauseAsync(int milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, ended)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
