using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Simulator;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// A gateway with the memory of the shipped manifest, a hostile client on one core, and a well-behaved one. The memory has to stay flat, the
/// gateway must not end, and the well-behaved client has to get its answers.
/// </summary>
internal static class HostileSoak
{
    private const int ManifestMegabytes = 512;

    // Three quarters of the 512 MiB of the manifest: what the runtime lets a container of this size have. In a control group with this
    // limit it finds that by itself.
    private const string HeapLimit = "0x18000000";
    private const double LargestRatio = 5;
    private const double LongEnoughMinutes = 10;

    // Ten times the default, so that the limit of requests hides none of the other limits.
    private const int RequestsOfAttacker = 6000;

    /// <summary>The control group with the memory of the manifest, or null where none can be made. See <c>bench/soak.sh</c>.</summary>
    private static readonly string? Container = Environment.GetEnvironmentVariable("WEBSMS_SOAK_CGROUP");

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
        var days = HostileDays.Before(TimeProvider.System.GetUtcNow());
        account.AddMessages(days.Messages());

        // WEBSMS does not answer about long ranges, so they are halved.
        account.Behaviour = new SimulatorBehaviour { Faults = [SimulatorFault.Hang() with { LongerThanDays = 14 }] };

        // The shipped gateway collects with the server's collector, too.
        Dictionary<string, string> environment = new() { ["DOTNET_gcServer"] = "1" };
        if (Container is null)
        {
            environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        }

        using var gateway = Start(
            environment,
            Container is null ? [] : ["sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", $"{Container}/cgroup.procs"],
            [
                "gateway", "--urls", "http://127.0.0.1:0", $"--Upstream:BaseAddress={simulator.Urls.First()}/", "--Upstream:Username=hostile",
                "--Upstream:Password=hostile", "--Upstream:Scope=Number", "--Inbox:Enabled=true", .. CallerKey.Arguments(0, "good"), .. CallerKey.Arguments(1, "bad"),
                $"--Authentication:ApiKeys:1:RequestsPerMinute={RequestsOfAttacker}",
            ]);
        var figures = new ProcessMemory(gateway);
        try
        {
            var address = new Uri((await LineAsync(gateway))!);
            var cursor = await CursorAsync(address);
            account.AddMessages(HostileDays.Burst());
            await MeasureAsync(address, account, days, TimeSpan.FromSeconds(3), figures);
            var alone = await MeasureAsync(address, account, days, TimeSpan.FromMinutes(Math.Max(0.2, minutes / 10)), figures);
            figures.Clear();
            using var hostile = Start(
                [], OperatingSystem.IsLinux() ? ["taskset", "-c", $"{Environment.ProcessorCount - 1}"] : [],
                ["hostile-client", address.ToString(), "bad", days.ToString(), cursor]);
            var beside = await MeasureAsync(address, account, days, TimeSpan.FromMinutes(minutes), figures);
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

    /// <summary>Starts a command of this program with another one in front.</summary>
    private static Process Start(Dictionary<string, string> environment, string[] before, string[] command)
    {
        string[] whole = [.. before, "dotnet", typeof(HostileSoak).Assembly.Location, .. command];
        var start = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<string?> LineAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await process.StandardOutput.ReadLineAsync(timeout.Token);
    }

    /// <summary>The place at which everything that comes later is new.</summary>
    private static async Task<string> CursorAsync(Uri gateway)
    {
        using var client = new HttpClient { BaseAddress = gateway };
        client.DefaultRequestHeaders.Add("X-Api-Key", "good");
        using var page = JsonDocument.Parse(await client.GetByteArrayAsync("/messages?order=asc&cursor=now"));
        return page.RootElement.GetProperty("nextCursor").GetString()!;
    }

    /// <summary>A well-behaved client: a new page each 200 ms from the open day, a known day or the list of numbers, and a health check.</summary>
    private static async Task<Answers> MeasureAsync(Uri gateway, SimulatedAccount account, HostileDays days, TimeSpan time, ProcessMemory figures)
    {
        using var client = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Add("X-Api-Key", "good");
        var today = TimeProvider.System.GetUtcNow().AddHours(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var known = days.First.AddDays(13).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] paths = ["/messages?limit=10", $"/messages?from={known}&to={known}", $"/rented-numbers?from={today}", "/health/live"];
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
        var isLong = minutes >= LongEnoughMinutes;
        var ratio = beside.Percentile(0.99) / alone.Percentile(0.99);
        var (first, second) = (memory.Average(0.25, 0.6), memory.Average(0.6, 1));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {minutes} minutes; attacker on one of {Environment.ProcessorCount} cores, with {RequestsOfAttacker} requests a minute; {(Container is null ? "heap limit as in a container" : "in a control group")} of {ManifestMegabytes} MiB

            | a well-behaved client | requests | median ms | p99 ms | not 200 |
            |---|---:|---:|---:|---:|
            | alone | {alone.Count} | {alone.Percentile(0.5):0.0} | {alone.Percentile(0.99):0.0} | {alone.Failures} |
            | beside the attacker | {beside.Count} | {beside.Percentile(0.5):0.0} | {beside.Percentile(0.99):0.0} | {beside.Failures} |

            p99 beside the attacker: {ratio:0.0} times that alone{(beside.Failures > 0 ? $"; not 200: {beside.Surprises}" : "")}
            memory: {first:0} MB in the first part, {second:0} MB in the last, {memory.Peak:0} MB at most; restarts: {(hasEnded ? 1 : 0)}

            | the attacker's | answer | times |
            |---|---|---:|
            {answers.TrimEnd()}
            """));
        string[] faults =
        [
            .. hasEnded ? ["the gateway ended"] : Array.Empty<string>(),
            .. memory.Peak > ManifestMegabytes ? [$"it took {memory.Peak:0} MB"] : Array.Empty<string>(),
            .. isLong && second > (first * 1.25) + 30 ? [$"its memory grew from {first:0} to {second:0} MB"] : Array.Empty<string>(),
            .. beside.Failures > 0 && (isLong || beside.HasWrongStatus) ? [$"the well-behaved client got {beside.Surprises}"] : Array.Empty<string>(),
            .. SurprisesOf(answers),
            .. isLong && ratio > LargestRatio ? [$"p99 is {ratio:0.0} times that alone"] : Array.Empty<string>(),
        ];
        Array.ForEach(faults, fault => Console.Error.WriteLine($"FAILED: {fault}"));
        return faults.Length > 0 ? 1 : 0;
    }

    /// <summary>What must not be among the answers of the attacker: a defect of ours. And each of its attacks has to have been one.</summary>
    private static IEnumerable<string> SurprisesOf(string table)
    {
        var rows = table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Trim('|', ' ', '\r').Split(" | ")).ToList();
        return rows.Where(row => row[1] == "500").Select(row => $"the attacker got 500 for its {row[0]}, {row[2]} times")
            .Concat(HostileClient.Kinds.Except(rows.Where(row => row[1] != HostileClient.Failed).Select(row => row[0]))
                .Select(kind => $"the attacker got nowhere with its {kind}"));
    }

    /// <summary>Answers and their times.</summary>
    private sealed class Answers
    {
        private readonly ConcurrentBag<double> times = [];
        private readonly ConcurrentDictionary<string, int> failures = new();

        public int Count => times.Count;

        public int Failures => failures.Values.Sum();

        /// <summary>Whether an answer had another status. That one did not come in time says little in a short run.</summary>
        public bool HasWrongStatus => failures.Keys.Any(failure => !failure.StartsWith("no answer", StringComparison.Ordinal));

        public string Surprises => string.Join(", ", failures.Select(failure => $"{failure.Key} x {failure.Value}"));

        public double Percentile(double part)
        {
            var sorted = times.Order().ToList();
            return sorted[(int)((sorted.Count - 1) * part)];
        }

        public async Task AskAsync(HttpClient client, string path)
        {
            var began = Stopwatch.GetTimestamp();
            var (status, why) = ("no answer", "");
            try
            {
                using var response = await client.GetAsync(path);
                var body = await response.Content.ReadAsStringAsync();
                status = $"{(int)response.StatusCode}";
                why = response.IsSuccessStatusCode ? "" : $" ({body})";
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                why = $" ({exception.GetBaseException().Message})";
            }

            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (status != "200")
            {
                failures.AddOrUpdate($"{status} of {path}{why}", 1, (_, count) => count + 1);
            }
        }
    }

    /// <summary>The memory of the gateway's process over the time, without the files that it maps: the system takes those back.</summary>
    private sealed class ProcessMemory(Process process)
    {
        private readonly List<(double Part, double Megabytes)> looks = [];

        /// <summary>Forgets what was before.</summary>
        public void Clear() => looks.Clear();

        public double Peak => looks.Max(look => look.Megabytes);

        public void Look(double part)
        {
            if (!process.HasExited)
            {
                process.Refresh();
                looks.Add((part, Megabytes()));
            }
        }

        private double Megabytes()
        {
            const string Name = "RssAnon:";
            var file = $"/proc/{process.Id}/status";
            var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
            return line is null
                ? process.WorkingSet64 / 1024.0 / 1024
                : double.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }

        public double Average(double from, double to) =>
            looks.Where(look => look.Part >= from && look.Part <= to).Select(look => look.Megabytes).DefaultIfEmpty().Average();
    }
}
