using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>Callers of a cluster. They use the next replica when one fails, as the contract allows.</summary>
internal sealed class ClusterClients(GatewayCluster cluster, ClusterTruth truth, string start, CancellationToken ended)
{
    // The codes of the contract for a failure of WEBSMS and for a replica that stops.
    private static readonly Dictionary<int, string[]> Documented = new()
    {
        [502] = ["upstream-unreachable", "upstream-invalid-response"],
        [503] = ["upstream-unavailable", "stopping"],
        [504] = ["upstream-timeout"],
    };

    private int pages;

    /// <summary>The faults that were found.</summary>
    public ConcurrentBag<string> Faults { get; } = [];

    /// <summary>How many pages were compared with the truth.</summary>
    public int Pages => pages;

    /// <summary>Reads whole pages and downloads, and compares them.</summary>
    public async Task ReadAsync(string? number)
    {
        var path = $"{PathOf(number)}?from={start}&limit=1000";
        while (!ended.IsCancellationRequested)
        {
            if (await GetAsync(path) is { } page)
            {
                Interlocked.Increment(ref pages);
                if (truth.ContradictionIn(page, number) is { } contradiction)
                {
                    Faults.Add(contradiction);
                }
            }

            await PauseAsync(20);
        }
    }

    /// <summary>Follows a number by waits.</summary>
    /// <returns>The texts in the order of their arrival.</returns>
    public async Task WaitAsync(string? number, string cursor, ConcurrentQueue<string> texts)
    {
        while (!ended.IsCancellationRequested)
        {
            var path = $"{PathOf(number)}?from={start}&order=asc&limit=50&wait=5&cursor={Uri.EscapeDataString(cursor)}";
            if (await GetAsync(path) is { } page)
            {
                cursor = page.GetProperty("nextCursor").GetString()!;
                foreach (var item in page.GetProperty("items").EnumerateArray())
                {
                    texts.Enqueue(item.GetProperty("text").GetString()!);
                }
            }
            else
            {
                await PauseAsync(100);
            }
        }
    }

    /// <summary>Follows a number by streams.</summary>
    public async Task StreamAsync(string? number, string cursor, ConcurrentQueue<string> texts)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{PathOf(number)}/stream");
                request.Headers.Add("Last-Event-ID", cursor);
                using var response = await cluster.Next().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended);
                if (!response.IsSuccessStatusCode)
                {
                    Judge((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(ended));
                    continue;
                }

                await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(ended)).EnumerateAsync(ended))
                {
                    if (item.EventType == "message")
                    {
                        texts.Enqueue(JsonDocument.Parse(item.Data).RootElement.GetProperty("text").GetString()!);
                        cursor = item.EventId!;
                    }
                }
            }
            catch (Exception exception) when (IsLeft(exception))
            {
                // The replica is gone or the test is over. The client tries the next replica.
                await PauseAsync(50);
            }
        }
    }

    private static bool IsLeft(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException;

    private static string PathOf(string? number) => number is null ? "/messages" : $"/rented-numbers/{number}/messages";

    /// <summary>A page; null if the answer is a documented failure or the replica is gone.</summary>
    private async Task<JsonElement?> GetAsync(string path)
    {
        try
        {
            using var response = await cluster.Next().GetAsync(path, ended);
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(ended);
            if (response.IsSuccessStatusCode)
            {
                return body;
            }

            Judge((int)response.StatusCode, body);
        }
        catch (Exception exception) when (IsLeft(exception))
        {
            // The replica is gone.
        }

        return null;
    }

    private void Judge(int status, JsonElement problem)
    {
        var code = problem.GetProperty("code").GetString()!;
        if (!Documented.TryGetValue(status, out var codes) || !codes.Contains(code))
        {
            Faults.Add($"{status} {code}: {problem}");
        }
    }

    private Task PauseAsync(int milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, ended)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
