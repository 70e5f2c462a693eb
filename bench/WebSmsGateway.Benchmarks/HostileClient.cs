using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// A client that does at once what once brought the gateway down: strangers that do not read, silent connections, unread and slowly read pages,
/// unread downloads, waits with different beginnings, spellings of one request, made-up days and numbers, months that WEBSMS does not answer,
/// years, days with large answers, searches, and streams from an old cursor. It never stops.
/// </summary>
internal sealed partial class HostileClient : IDisposable
{
    private const int Addresses = 200;
    private const int SlowBytesPerSecond = 240;
    /// <summary>The answer of an attack that was cut off.</summary>
    public const string Failed = "failed";

    /// <summary>What it does.</summary>
    public static readonly string[] Kinds =
    [
        "script", "document", "inbox", "silent", "unread page", "slow page", "unread download", "made-up stream", "wait", "spelling", "made-up day",
        "month", "year", "large day", "search", "old cursor",
    ];

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, int> answers = new();
    private readonly SocketsHttpHandler handler;
    private readonly Uri gateway;
    private readonly string key;
    private readonly string oldCursor;
    private readonly DateOnly first;
    private int made;

    private HostileClient(Uri gateway, string key, HostileDays days, string oldCursor)
    {
        (this.gateway, this.key, this.oldCursor, first) = (gateway, key, oldCursor, days.First);
        handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1000,
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(small: false, cancellationToken), ownsSocket: true),
        };
    }

    /// <summary>Runs in a process of its own until its input ends. Then it prints how often it got which answer.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="key">The key of the attacker.</param>
    /// <param name="days">The days that have messages.</param>
    /// <param name="oldCursor">A place behind which many messages have arrived.</param>
    public static async Task<int> RunAsync(Uri gateway, string key, HostileDays days, string oldCursor)
    {
        using var ended = new CancellationTokenSource();
        using var client = new HostileClient(gateway, key, days, oldCursor);
        var attacks = client.Start(await client.InboxScriptAsync(), ended.Token);
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await ended.CancelAsync();
        await Task.WhenAll(attacks);
        foreach (var (answer, count) in client.answers.OrderBy(answer => answer.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"| {answer} | {count} |");
        }

        return 0;
    }

    public void Dispose() => handler.Dispose();

    private Task[] Start(string inboxScript, CancellationToken ended)
    {
        var (day, month) = (Day(13), $"/messages?from={Day(0)}&to={Day(30)}");
        return
        [
            .. Many(60, () => IgnoreAsync("script", () => "/swagger/swagger-ui-bundle.js", isCaller: false, "", ended)),
            .. Many(30, () => IgnoreAsync("document", () => "/openapi/websms-gateway.json", isCaller: false, "", ended)),
            .. Many(30, () => IgnoreAsync("inbox", () => inboxScript, isCaller: false, "", ended)),
            .. Many(700, () => StaySilentAsync(ended)),
            .. Many(120, () => IgnoreAsync("unread page", () => $"/messages?from={day}&to={day}&limit=1000", isCaller: true, "", ended)),
            .. Many(20, () => IgnoreAsync("slow page", () => $"/messages?from={day}&to={day}&limit=1000", isCaller: true, "", ended, isSlow: true)),
            .. Many(60, () => IgnoreAsync("unread download", () => month, isCaller: true, "Accept: text/csv\r\n", ended)),
            .. Many(240, () => IgnoreAsync("made-up stream", () => $"{OfMadeUpNumber}/stream", isCaller: true, "", ended)),
            .. Many(240, () => AskAsync("wait", () => $"/messages?order=asc&from={Day(Next(30))}T{Next(24):00}:{Next(60):00}:{Next(60):00}&limit=1000&wait=30", ended)),
            .. Many(4, () => AskAsync("spelling", () => $"/{Spelled("messages")}?from={Spelled(day)}&to={day}&limit={1 + Next(1000)}", ended, () => $"application/json, text/x{Next(4000)}")),
            .. Many(40, () => AskAsync("made-up day", () => OfMadeUpDay, ended)),
            .. Many(4, () => AskAsync("month", () => OfMonths, ended)),
            .. Many(4, () => AskAsync("year", () => $"/rented-numbers?from={Day(-300)}&to={Day(30)}", ended)),
            .. Many(2, () => AskAsync("large day", () => $"/messages?limit={1 + Next(1000)}&from={Day(-10 * (1 + Next(HostileDays.Large)))}&to={Day(-10)}", ended)),
            .. Many(60, () => AskAsync("search", () => $"{month}&contains=nothing-{Next(1_000_000)}", ended)),
            .. Many(4, () => FollowAsync("old cursor", ended)),
        ];
    }

    private string Day(int number) => first.AddDays(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string OfMonths
    {
        get
        {
            var year = 2010 + Next(12);
            return $"/messages?from={year}-{1 + Next(9):00}-01&to={year}-12-31&order=asc";
        }
    }

    private string OfMadeUpDay
    {
        get
        {
            var day = Day(-30 - Next(300));
            return $"{OfMadeUpNumber}?from={day}&to={day}&limit=1";
        }
    }

    private string OfMadeUpNumber => $"/rented-numbers/7902{Next(10_000_000):0000000}/messages";

    /// <summary>A text with some of its characters percent-encoded.</summary>
    private string Spelled(string text) => string.Concat(text.Select(letter => Next(2) == 0 ? $"{letter}" : $"%{(int)letter:X2}"));

    private async Task<string> InboxScriptAsync()
    {
        using var client = NewClient();
        return "/" + Script().Match(await client.GetStringAsync("/inbox")).Value;
    }

    private HttpClient NewClient()
    {
        var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    private int Next(int below) => (int)((uint)(Interlocked.Increment(ref made) * 2_654_435_761u) % (uint)below);

    private static IEnumerable<Task> Many(int count, Func<Task> attack) => Enumerable.Range(0, count).Select(_ => attack());

    /// <summary>Asks again and again, at most a few times a second.</summary>
    private async Task AskAsync(string name, Func<string> path, CancellationToken ended, Func<string>? accept = null)
    {
        using var client = NewClient();
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

    /// <summary>Reads a stream from an old cursor for a minute, again and again.</summary>
    private async Task FollowAsync(string name, CancellationToken ended)
    {
        using var client = NewClient();
        while (!ended.IsCancellationRequested)
        {
            await CountAsync(name, async () =>
            {
                using var response = await client.GetAsync($"/messages/stream?cursor={oldCursor}", HttpCompletionOption.ResponseHeadersRead, ended);
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(ended);
                enough.CancelAfter(Longest);
                await using var events = await response.Content.ReadAsStreamAsync(ended);
                await events.CopyToAsync(Stream.Null, enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return $"{(int)response.StatusCode}";
            }, ended);
        }
    }

    /// <summary>Sends a request and takes nothing of its answer but the status, or very little at a time.</summary>
    private async Task IgnoreAsync(string name, Func<string> path, bool isCaller, string headers, CancellationToken ended, bool isSlow = false)
    {
        while (!ended.IsCancellationRequested)
        {
            await CountAsync(name, async () =>
            {
                using var socket = await ConnectAsync(small: true, ended);
                var credentials = isCaller ? $"X-Api-Key: {key}\r\n" : "";
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path()} HTTP/1.1\r\nHost: x\r\n{credentials}{headers}\r\n"), ended);
                var head = new byte[12];
                var length = await socket.ReceiveAsync(head, ended);
                var status = Encoding.ASCII.GetString(head, 0, length);
                await UntilClosedAsync(socket, status.EndsWith("200", StringComparison.Ordinal) ? Longest : TimeSpan.FromSeconds(1), ended, isSlow);
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
                using var socket = await ConnectAsync(small: true, ended);
                await UntilClosedAsync(socket, Longest, ended);
                return "closed";
            }, ended);
        }
    }

    private async Task CountAsync(string name, Func<Task<string>> attack, CancellationToken ended)
    {
        var answer = Failed;
        try
        {
            answer = await attack();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            answer = "under way at the end";
        }
        catch (Exception exception) when (exception is IOException or SocketException or HttpRequestException or OperationCanceledException)
        {
            // The gateway cut the connection, or the run ends.
        }

        answers.AddOrUpdate($"{name} | {answer}", 1, (_, count) => count + 1);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Socket> ConnectAsync(bool small, CancellationToken ended)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.ReceiveBufferSize = small ? 2048 : socket.ReceiveBufferSize;
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

    /// <summary>Holds a connection until the other side has closed it or the time is over, and reads nothing, or little at a time.</summary>
    private static async Task UntilClosedAsync(Socket socket, TimeSpan longest, CancellationToken ended, bool isSlow = false)
    {
        var (waited, taken) = (TimeSpan.Zero, new byte[SlowBytesPerSecond]);
        for (var step = TimeSpan.FromSeconds(1); waited < longest && !ended.IsCancellationRequested; waited += step)
        {
            if (socket.Poll(TimeSpan.Zero, SelectMode.SelectError) || (socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0))
            {
                return;
            }

            if (isSlow && socket.Available > 0)
            {
                await socket.ReceiveAsync(taken, ended);
            }

            await Task.Delay(step, TimeProvider.System, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [GeneratedRegex("inbox/app-[^\"]+\\.js")]
    private static partial Regex Script();
}
