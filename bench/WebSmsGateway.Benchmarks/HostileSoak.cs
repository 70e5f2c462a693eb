using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// A gateway with the memory of the shipped manifest, a hostile client on one core, and a well-behaved one. The memory has to stay flat, the
/// gateway must not end, and the well-behaved client has to get its answers.
/// </summary>
internal static class HostileSoak
{
    // Three quarters of the 512 MiB of the manifest: what the runtime lets a container of this size have.
    private const string HeapLimit = "0x18000000";
    private const int ManifestMegabytes = 512;
    private const double LargestRatio = 5;
    private const double LongEnoughMinutes = 10;

    private static readonly DateTime FirstDay = new(2024, 5, 1);

    public static async Task<int> RunAsync(double minutes)
    {
        await using var simulator = SimulatorApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration["Simulator:MaxMessages"] = "1000000";
        });
        await simulator.StartAsync();
        var account = simulator.Services.GetRequiredService<SimulatorState>().AddAccount("hostile", "hostile");
        account.AddMessages(Enumerable.Range(0, 60_000).Select(i => new SimulatorMessage($"7902{i % 50:0000000}", "Sberbank", $"Ваш код {i:000000}.")
        {
            LocalTime = FirstDay.AddSeconds(i * 44.0),
        }));
        using var gateway = Start(
            new() { ["DOTNET_GCHeapHardLimit"] = HeapLimit },
            [
                "gateway", "--urls", "http://127.0.0.1:0", $"--Upstream:BaseAddress={simulator.Urls.First()}/", "--Upstream:Username=hostile",
                "--Upstream:Password=hostile", .. Key(0, "good"), .. Key(1, "bad"),
            ]);
        var figures = new ProcessMemory(gateway);
        try
        {
            var address = new Uri((await LineAsync(gateway))!);
            var alone = await MeasureAsync(address, account, TimeSpan.FromMinutes(Math.Max(0.25, minutes / 10)), figures);
            using var hostile = Start([], ["taskset", "hostile-client", address.ToString(), "bad"]);
            var beside = await MeasureAsync(address, account, TimeSpan.FromMinutes(minutes), figures);
            hostile.StandardInput.Close();
            var answers = await hostile.StandardOutput.ReadToEndAsync();
            await hostile.WaitForExitAsync();
            return Report(minutes, alone, beside, figures, gateway.HasExited, answers);
        }
        finally
        {
            if (!gateway.HasExited)
            {
                gateway.Kill();
            }

            await gateway.WaitForExitAsync();
        }
    }

    /// <summary>Starts a command of this program; with <c>taskset</c> in front on the last core only.</summary>
    private static Process Start(Dictionary<string, string> environment, string[] command)
    {
        var isPinned = command[0] == "taskset";
        string[] program = ["dotnet", typeof(HostileSoak).Assembly.Location, .. isPinned ? command[1..] : command];
        string[] whole = isPinned && OperatingSystem.IsLinux() ? ["taskset", "-c", $"{Environment.ProcessorCount - 1}", .. program] : program;
        var start = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string[] Key(int index, string name) =>
    [
        $"--Authentication:ApiKeys:{index}:Name={name}", $"--Authentication:ApiKeys:{index}:Numbers=*",
        $"--Authentication:ApiKeys:{index}:Sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}",
    ];

    private static async Task<string?> LineAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await process.StandardOutput.ReadLineAsync(timeout.Token);
    }

    /// <summary>A well-behaved client: a new page each 200 ms from the open day, a known day or the list of numbers, and a health check.</summary>
    private static async Task<Answers> MeasureAsync(Uri gateway, SimulatedAccount account, TimeSpan time, ProcessMemory figures)
    {
        using var client = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Add("X-Api-Key", "good");
        var today = TimeProvider.System.GetUtcNow().AddHours(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] paths = ["/messages?limit=10", "/messages?from=2024-05-14&to=2024-05-14", $"/rented-numbers?from={today}", "/health/live"];
        var answers = new Answers();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        var asking = new List<Task>();
        for (var (began, i) = (Stopwatch.GetTimestamp(), 0); Stopwatch.GetElapsedTime(began) < time; i++)
        {
            await ticks.WaitForNextTickAsync();
            if (i % 25 == 0)
            {
                account.AddMessages(new SimulatorMessage("79020000001", "Sberbank", $"Ваш код {i:000000}."));
                figures.Look(Stopwatch.GetElapsedTime(began) / time);
            }

            asking.Add(answers.AskAsync(client, paths[i % paths.Length]));
        }

        await Task.WhenAll(asking);
        return answers;
    }

    private static int Report(double minutes, Answers alone, Answers beside, ProcessMemory memory, bool hasEnded, string answers)
    {
        var ratio = beside.Percentile(0.99) / alone.Percentile(0.99);
        var (first, second) = (memory.Average(0.25, 0.6), memory.Average(0.6, 1));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {minutes} minutes; attacker on one of {Environment.ProcessorCount} cores; heap limit as in a container of {ManifestMegabytes} MiB

            | a well-behaved client | requests | median ms | p99 ms | not 200 |
            |---|---:|---:|---:|---:|
            | alone | {alone.Count} | {alone.Percentile(0.5):0.0} | {alone.Percentile(0.99):0.0} | {alone.Failures} |
            | beside the attacker | {beside.Count} | {beside.Percentile(0.5):0.0} | {beside.Percentile(0.99):0.0} | {beside.Failures} |

            p99 beside the attacker: {ratio:0.0} times that alone
            memory (RSS): {first:0} MB in the first part, {second:0} MB in the last, {memory.Peak:0} MB at most; restarts: {(hasEnded ? 1 : 0)}

            What the attacker got:
            {answers}
            """));
        string[] faults =
        [
            .. hasEnded ? ["the gateway ended"] : Array.Empty<string>(),
            .. memory.Peak > ManifestMegabytes ? [$"it took {memory.Peak:0} MB"] : Array.Empty<string>(),
            .. second > (first * 1.25) + 30 ? [$"its memory grew from {first:0} to {second:0} MB"] : Array.Empty<string>(),
            .. beside.Failures > 0 ? [$"the well-behaved client got {beside.Surprises}"] : Array.Empty<string>(),
            .. minutes >= LongEnoughMinutes && ratio > LargestRatio ? [$"p99 is {ratio:0.0} times that alone"] : Array.Empty<string>(),
        ];
        Array.ForEach(faults, fault => Console.Error.WriteLine($"FAILED: {fault}"));
        return faults.Length > 0 ? 1 : 0;
    }

    /// <summary>Answers and their times.</summary>
    private sealed class Answers
    {
        private readonly ConcurrentBag<double> times = [];
        private readonly ConcurrentDictionary<string, int> failures = new();

        public int Count => times.Count;

        public int Failures => failures.Values.Sum();

        public string Surprises => string.Join(", ", failures.Select(failure => $"{failure.Key} x {failure.Value}"));

        public double Percentile(double part)
        {
            var sorted = times.Order().ToList();
            return sorted[(int)((sorted.Count - 1) * part)];
        }

        public async Task AskAsync(HttpClient client, string path)
        {
            var began = Stopwatch.GetTimestamp();
            var status = "no answer";
            try
            {
                using var response = await client.GetAsync(path);
                await response.Content.ReadAsByteArrayAsync();
                status = $"{(int)response.StatusCode}";
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // It counts as a failure.
            }

            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (status != "200")
            {
                failures.AddOrUpdate($"{status} of {path}", 1, (_, count) => count + 1);
            }
        }
    }

    /// <summary>The memory of the gateway's process over the time.</summary>
    private sealed class ProcessMemory(Process process)
    {
        private readonly List<(double Part, double Megabytes)> looks = [];

        public double Peak => looks.Max(look => look.Megabytes);

        public void Look(double part)
        {
            if (!process.HasExited)
            {
                process.Refresh();
                looks.Add((part, process.WorkingSet64 / 1024.0 / 1024));
            }
        }

        public double Average(double from, double to) =>
            looks.Where(look => look.Part >= from && look.Part <= to).Select(look => look.Megabytes).DefaultIfEmpty().Average();
    }
}
