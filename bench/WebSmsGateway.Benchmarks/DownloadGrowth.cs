using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// Measures downloads of an uncached year with up to a million messages. The gateway is a separate process, so that its memory can be
/// measured.
/// </summary>
internal static class DownloadGrowth
{
    /// <summary>The line that asks the gateway for its memory.</summary>
    public const string Memory = "memory";

    private const int Days = 365;
    private const int MemoryTierMegabytes = 16;
    private static readonly DateTime LastDay = new(2025, 12, 31);

    public static async Task<int> RunAsync(bool once = false)
    {
        Console.WriteLine(
            $"""

            | download of a year, memory tier of {MemoryTierMegabytes} MB | MB | first byte, ms | seconds | messages/s | gateway's peak memory, MB |
            |---|---:|---:|---:|---:|---:|
            """);
        await using var simulator = SimulatorApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration["Simulator:MaxMessages"] = "2000000";
        });
        await simulator.StartAsync();
        foreach (var count in (int[])(once ? [10_000] : [10_000, 100_000, 1_000_000]))
        {
            var account = simulator.Services.GetRequiredService<SimulatorState>().AddAccount($"year{count}", "growth");
            account.AddMessages(Enumerable.Range(0, count).Select(i => new SimulatorMessage(
                "79021234567", "Sberbank", $"Ваш код {i:000000}. Никому его не сообщайте.")
            {
                LocalTime = LastDay.AddDays(1).AddSeconds(-1) - (TimeSpan.FromDays(Days) / count * i),
            }));
            foreach (var (name, type) in ((string, string)[])[("NDJSON", "application/x-ndjson"), ("CSV", "text/csv")])
            {
                Console.WriteLine($"| {count:#,0} messages, {name} | {await DownloadAsync(simulator.Urls.First(), account.Name, type, count)} |");
            }

            account.ClearMessages();
        }

        return 0;
    }

    /// <summary>
    /// Runs the gateway: <c>gateway</c> on the command line of this program. It prints its address, and for each line <c>memory</c> on its input
    /// the bytes that the process takes after a collection.
    /// </summary>
    public static async Task<int> HostAsync(string[] args)
    {
        await using var gateway = GatewayApplication.Create(args, builder => builder.Logging.ClearProviders());
        await gateway.StartAsync();
        Console.WriteLine(gateway.Urls.First());
        _ = Task.Run(AnswerAsync);
        await ((IHost)gateway).WaitForShutdownAsync();
        return 0;
    }

    private static async Task AnswerAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Memory)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                Console.WriteLine(Environment.WorkingSet);
            }
        }
    }

    private static async Task<string> DownloadAsync(string upstream, string account, string type, int count)
    {
        using var gateway = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                typeof(DownloadGrowth).Assembly.Location, "gateway", "--urls", "http://127.0.0.1:0", "--Authentication:AllowAnonymous=true",
                $"--Upstream:BaseAddress={upstream}/", $"--Upstream:Username={account}", "--Upstream:Password=growth",
                "--Upstream:Timeout=00:01:00", $"--Cache:MemoryLimitMegabytes={MemoryTierMegabytes}",
            ])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var client = new HttpClient { BaseAddress = new Uri((await gateway.StandardOutput.ReadLineAsync(timeout.Token))!) };
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"/rented-numbers/79021234567/messages?order=asc&from={LastDay.AddDays(1 - Days):yyyy-MM-dd}&to={LastDay:yyyy-MM-dd}");
            request.Headers.Accept.ParseAdd(type);
            var began = Stopwatch.GetTimestamp();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(timeout.Token);
            var buffer = new byte[64 * 1024];
            var (bytes, lines) = (0L, 0);
            TimeSpan? first = null;
            for (int read; (read = await body.ReadAsync(buffer, timeout.Token)) > 0; bytes += read)
            {
                first ??= Stopwatch.GetElapsedTime(began);
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
            }

            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return lines < count
                ? throw new InvalidOperationException($"{lines} of {count} messages came.")
                : $"{bytes / 1e6:0.0} | {first!.Value.TotalMilliseconds:0} | {seconds:0.0} | {count / seconds:#,0} | {PeakMegabytes(gateway.Id):0}";
        }
        finally
        {
            gateway.Kill();
            await gateway.WaitForExitAsync();
        }
    }

    private static double PeakMegabytes(int process) => File.ReadLines($"/proc/{process}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024)
        .Single();
}
