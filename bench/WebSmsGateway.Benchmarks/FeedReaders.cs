using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace WebSmsGateway.Benchmarks;

/// <summary>The readers of <see cref="FeedLoad"/>, as a process of their own.</summary>
internal static class FeedReaders
{
    private const string Number = FeedLoad.Number;
    private const string Key = FeedLoad.Key;

    /// <summary>Runs the readers. A line on the input is a number of deliveries, and they print the time of each.</summary>
    public static async Task<int> RunAsync(int port, int streams, int waits)
    {
        var arrivals = Channel.CreateUnbounded<long>();
        var opened = new CountdownEvent(streams + waits);
        for (var i = 0; i < streams; i++)
        {
            _ = FollowAsync(port, arrivals.Writer, opened);
            await Task.Delay(TimeSpan.FromMilliseconds(i % 50 == 0 ? 10 : 0), TimeProvider.System);
        }

        for (var i = 0; i < waits; i++)
        {
            _ = WaitAsync(port, arrivals.Writer, opened);
            await Task.Delay(TimeSpan.FromMilliseconds(i % 50 == 0 ? 10 : 0), TimeProvider.System);
        }

        opened.Wait();
        Console.WriteLine("open");
        while (Console.ReadLine() is { } line)
        {
            var times = new List<long>();
            while (times.Count < int.Parse(line))
            {
                times.Add(await arrivals.Reader.ReadAsync());
            }

            Console.WriteLine(string.Join(' ', times));
        }

        return 0;
    }

    private static async Task FollowAsync(int port, ChannelWriter<long> arrivals, CountdownEvent opened)
    {
        using var client = await AskAsync(port, $"/rented-numbers/{Number}/messages/stream");
        using var reader = new StreamReader(client.GetStream());
        var isOpen = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!isOpen && line.StartsWith("id: ", StringComparison.Ordinal))
            {
                isOpen = true;
                opened.Signal();
            }
            else if (line.StartsWith("event: message", StringComparison.Ordinal))
            {
                await arrivals.WriteAsync(Stopwatch.GetTimestamp());
            }
        }
    }

    private static async Task WaitAsync(int port, ChannelWriter<long> arrivals, CountdownEvent opened)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        var cursor = "now";
        for (var wait = 0; ; wait = 60)
        {
            var page = await client.GetStringAsync($"/rented-numbers/{Number}/messages?order=asc&cursor={cursor}&wait={wait}");
            var start = page.IndexOf("\"nextCursor\":\"", StringComparison.Ordinal) + 14;
            cursor = page[start..page.IndexOf('"', start)];
            if (wait == 0)
            {
                opened.Signal();
            }
            else if (page.Contains("\"text\"", StringComparison.Ordinal))
            {
                await arrivals.WriteAsync(Stopwatch.GetTimestamp());
            }
        }
    }

    private static async Task<TcpClient> AskAsync(int port, string path)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);

        // HTTP/1.0 has no chunks, whose lengths would interrupt lines.
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: x\r\nX-Api-Key: {Key}\r\n\r\n"));
        return client;
    }
}
