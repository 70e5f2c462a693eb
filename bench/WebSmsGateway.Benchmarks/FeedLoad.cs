using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// Measures thousands of streams and waits on one gateway: memory of each, time from arrival at WEBSMS to delivery, time until a burst has
/// reached all readers, and calls to WEBSMS. The readers are a separate process, so that the memory of the gateway can be measured.
/// </summary>
internal static class FeedLoad
{
    private const string Number = "79021234567";
    private const string Key = "load";
    private const int Burst = 50;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>Runs the gateway and the simulator, and the readers as a second process.</summary>
    public static async Task<int> RunAsync(bool once = false)
    {
        Console.WriteLine(
            $"""
            Freshness {Freshness.TotalSeconds:0} s, a message about every 1.5 s, then a burst of {Burst}. Readers on the same machine.

            | streams | waits | kB each | arrival to delivery, median ms | p99 ms | first to last reader, worst ms | burst, first to last event, ms | calls/s |
            |---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var (streams, waits) in ((int, int)[])(once ? [(20, 0), (20, 20)] : [(1, 0), (100, 0), (2000, 0), (0, 2000), (2000, 2000)]))
        {
            await RunAsync(streams, waits, rounds: once ? 1 : 12);
        }

        return 0;
    }

    private static async Task RunAsync(int streams, int waits, int rounds)
    {
        await using var simulator = SimulatorApplication.Create([], builder => Quiet(builder));
        await simulator.StartAsync();
        var account = simulator.Services.GetRequiredService<SimulatorState>().AddAccount("load", "load");
        await using var gateway = GatewayApplication.Create(
            [
                $"--Upstream:BaseAddress={simulator.Urls.First()}/", "--Upstream:Username=load", "--Upstream:Password=load",
                $"--Cache:Freshness={Freshness}",
                "--Authentication:ApiKeys:0:Name=load", "--Authentication:ApiKeys:0:Numbers=*",
                $"--Authentication:ApiKeys:0:Sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}",
                "--Authentication:ApiKeys:0:RequestsPerMinute=1000000", $"--RateLimiting:LongRequestsPerCaller={Math.Max(1, streams + waits)}",
            ],
            builder => Quiet(builder));
        await gateway.StartAsync();
        await WarmAsync(gateway);
        var before = Memory();
        using var readers = StartReaders(new Uri(gateway.Urls.First()).Port, streams, waits);
        await HearAsync(readers);
        await Task.Delay(2 * Freshness, TimeProvider.System);
        var each = (Memory() - before) / 1024.0 / (streams + waits);
        account.ClearRequests();
        var started = Stopwatch.GetTimestamp();
        var delays = new List<double>();
        var spreads = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            // Messages arrive at all phases of the poll.
            await Task.Delay(Freshness + TimeSpan.FromMilliseconds(Random.Shared.Next(1000)), TimeProvider.System);
            var sent = Stopwatch.GetTimestamp();
            account.AddMessages(new SimulatorMessage(Number, "Sberbank", $"Ваш код {round}"));
            await readers.StandardInput.WriteLineAsync($"{streams + waits}");
            var arrivals = (await HearAsync(readers)).Split(' ').Select(long.Parse).ToList();
            delays.AddRange(arrivals.Select(at => Stopwatch.GetElapsedTime(sent, at).TotalMilliseconds));
            spreads.Add(Stopwatch.GetElapsedTime(arrivals.Min(), arrivals.Max()).TotalMilliseconds);
        }

        var calls = account.Requests().Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        delays.Sort();
        var burst = waits == 0 ? $"{await BurstAsync(account, readers, streams):0}" : "";

        // With fewer than a thousand readers the process itself would dominate the figure.
        var memory = streams + waits >= 1000 ? $"{each:0.0}" : "";
        Console.WriteLine(
            $"| {streams} | {waits} | {memory} | {delays[delays.Count / 2]:0} | {delays[delays.Count * 99 / 100]:0} | {spreads.Max():0} | {burst} | {calls:0.0} |");
        readers.Kill();
        await readers.WaitForExitAsync();
        await gateway.StopAsync();
        await simulator.StopAsync();
    }

    /// <summary>The time from the first event at the first reader to the last event at the last, for one long answer.</summary>
    private static async Task<double> BurstAsync(SimulatedAccount account, Process readers, int streams)
    {
        account.AddMessages(Enumerable.Range(0, Burst).Select(i => new SimulatorMessage(Number, "Sberbank", $"Ваш код {i:000000}")));
        await readers.StandardInput.WriteLineAsync($"{streams * Burst}");
        var arrivals = (await HearAsync(readers)).Split(' ').Select(long.Parse).ToList();
        return Stopwatch.GetElapsedTime(arrivals.Min(), arrivals.Max()).TotalMilliseconds;
    }

    private static async Task<string> HearAsync(Process readers)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        if (await readers.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            return line;
        }

        await readers.WaitForExitAsync();
        throw new InvalidOperationException($"The readers ended with {readers.ExitCode}: {await readers.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Runs the readers. A line on the input is a number of deliveries, and they print the time of each.</summary>
    public static async Task<int> ReadAsync(int port, int streams, int waits)
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

    private static async Task WarmAsync(WebApplication gateway)
    {
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        for (var i = 0; i < 50; i++)
        {
            await client.GetStringAsync($"/rented-numbers/{Number}/messages?order=asc&cursor=now&wait=0.01");
        }
    }

    // The memory of the whole process, because a stream also needs native buffers and handles.
    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static Process StartReaders(int port, int streams, int waits) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(FeedLoad).Assembly.Location, "feed-readers", $"{port}", $"{streams}", $"{waits}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static void Quiet(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
    }
}
