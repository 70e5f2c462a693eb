using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// A client that does at once what once brought the gateway down: strangers that do not read, silent connections, unread pages and downloads,
/// waits with different beginnings, spellings of one request, made-up days and numbers, months, years and searches. It never stops.
/// </summary>
internal sealed class HostileClient(Uri gateway, string key) : IDisposable
{
    private const int Addresses = 200;
    private const string Day = "2024-05-14";

    private readonly ConcurrentDictionary<string, int> answers = new();
    private readonly SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 400, UseProxy = false };
    private int made;

    /// <summary>Runs in a process of its own until its input ends. Then it prints how often it got which answer.</summary>
    public static async Task<int> RunAsync(Uri gateway, string key)
    {
        using var ended = new CancellationTokenSource();
        using var client = new HostileClient(gateway, key);
        var attacks = client.Start(ended.Token);
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await ended.CancelAsync();
        await Task.WhenAll(attacks);
        foreach (var (answer, count) in client.answers.OrderBy(answer => answer.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{answer}: {count}");
        }

        return 0;
    }

    public void Dispose() => handler.Dispose();

    private Task[] Start(CancellationToken ended) =>
    [
        .. Many(60, () => IgnoreAsync("script", () => "/swagger/swagger-ui-bundle.js", isCaller: false, "", ended)),
        .. Many(30, () => IgnoreAsync("document", () => "/openapi/websms-gateway.json", isCaller: false, "", ended)),
        .. Many(100, () => StaySilentAsync(ended)),
        .. Many(60, () => IgnoreAsync("page", () => $"/messages?from={Day}&to={Day}&limit=1000", isCaller: true, "", ended)),
        .. Many(30, () => IgnoreAsync("download", () => "/messages?from=2024-05-01&to=2024-05-31", isCaller: true, "Accept: text/csv\r\n", ended)),
        .. Many(60, () => IgnoreAsync("stream", () => $"{OfMadeUpNumber}/stream", isCaller: true, "", ended)),
        .. Many(120, () => AskAsync("wait", () => $"/messages?order=asc&from=2024-05-01T{Next(24):00}:{Next(60):00}:{Next(60):00}&wait=30", ended)),
        .. Many(4, () => AskAsync("spelling", () => $"/messages?from={Day}&to={Day}&limit={1 + Next(1000)}", ended, () => $"application/json, text/x{Next(4000)}")),
        .. Many(20, () => AskAsync("day", () => $"{OfMadeUpNumber}?from=2023-{1 + Next(12):00}-{1 + Next(28):00}&to=2023-12-31&limit=1", ended)),
        .. Many(4, () => AskAsync("month", () => $"/messages?from=2022-{1 + Next(12):00}-01&to=2022-12-31&order=asc", ended)),
        .. Many(4, () => AskAsync("year", () => "/rented-numbers?from=2024-01-01&to=2024-12-30", ended)),
        .. Many(20, () => AskAsync("search", () => $"/messages?from=2024-05-01&to=2024-05-31&contains=nothing-{Next(1_000_000)}", ended)),
    ];

    private string OfMadeUpNumber => $"/rented-numbers/7902{Next(10_000_000):0000000}/messages";

    private int Next(int below) => (int)((uint)(Interlocked.Increment(ref made) * 2_654_435_761u) % (uint)below);

    private static IEnumerable<Task> Many(int count, Func<Task> attack) => Enumerable.Range(0, count).Select(_ => attack());

    /// <summary>Asks again and again, at most a few times a second.</summary>
    private async Task AskAsync(string name, Func<string> path, CancellationToken ended, Func<string>? accept = null)
    {
        using var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        while (!ended.IsCancellationRequested)
        {
            await CountAsync(name, async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path());
                request.Headers.TryAddWithoutValidation("Accept", accept?.Invoke() ?? "application/json");
                using var response = await client.SendAsync(request, ended);
                return $"{(int)response.StatusCode}";
            }, ended);
        }
    }

    /// <summary>Sends a request and takes nothing of its answer but the status.</summary>
    private async Task IgnoreAsync(string name, Func<string> path, bool isCaller, string headers, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await CountAsync(name, async () =>
            {
                using var socket = await ConnectAsync(ended);
                var credentials = isCaller ? $"X-Api-Key: {key}\r\n" : "";
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path()} HTTP/1.1\r\nHost: x\r\n{credentials}{headers}\r\n"), ended);
                var head = new byte[12];
                var length = await socket.ReceiveAsync(head, ended);
                var status = Encoding.ASCII.GetString(head, 0, length);
                await UntilClosedAsync(socket, TimeSpan.FromSeconds(status.EndsWith("200", StringComparison.Ordinal) ? 60 : 1), ended);
                return length == 0 ? "closed" : status[^3..];
            }, ended);
        }
    }

    private async Task StaySilentAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await CountAsync("silent", async () =>
            {
                using var socket = await ConnectAsync(ended);
                await UntilClosedAsync(socket, TimeSpan.FromSeconds(60), ended);
                return "closed";
            }, ended);
        }
    }

    private async Task CountAsync(string name, Func<Task<string>> attack, CancellationToken ended)
    {
        var answer = "failed";
        try
        {
            answer = await attack();
        }
        catch (Exception exception) when (exception is IOException or SocketException or HttpRequestException or OperationCanceledException)
        {
            // The gateway cut the connection, or the run ends.
        }

        answers.AddOrUpdate($"{name} {answer}", 1, (_, count) => count + 1);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Socket> ConnectAsync(CancellationToken ended)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.1.{1 + Next(Addresses)}"), 0));
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Port, ended);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Holds a connection without reading until the other side has closed it or the time is over.</summary>
    private static async Task UntilClosedAsync(Socket socket, TimeSpan longest, CancellationToken ended)
    {
        var waited = TimeSpan.Zero;
        for (var step = TimeSpan.FromSeconds(1); waited < longest && !ended.IsCancellationRequested; waited += step)
        {
            if (socket.Poll(TimeSpan.Zero, SelectMode.SelectError) || (socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0))
            {
                return;
            }

            await Task.Delay(step, TimeProvider.System, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
