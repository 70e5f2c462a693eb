using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// Measures thousands of streams and waits on one gateway: memory of each, time from arrival at WEBSMS to delivery, time until a burst has
/// reached all readers, processor time of a delivery, and calls to WEBSMS. Gateway and readers are processes of their own.
/// </summary>
internal static class FeedLoad
{
    public const string Number = "79021234567";
    public const string Key = "load";
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private const int Burst = 50;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Runs the simulator, and the gateway and the readers as processes.</summary>
    /// <param name="once">Whether a short pass is enough.</param>
    /// <param name="program">A published gateway, which may be another version; null: the gateway of this source.</param>
    public static async Task<int> RunAsync(bool once = false, string? program = null)
    {
        Console.WriteLine(
            $"""
            Freshness {Freshness.TotalSeconds:0} s, a message about every 1.5 s, then a burst of {Burst}. Readers on the same machine.

            | streams | waits | kB each | arrival to delivery, median ms | p99 ms | first to last reader, mean ms | worst ms | burst, first to last event, ms | gateway's processor time of a delivery, µs | calls/s |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var (streams, waits) in ((int, int)[])(once ? [(20, 0), (20, 20)] : [(1, 0), (100, 0), (2000, 0), (0, 2000), (2000, 2000)]))
        {
            await RunAsync(program, streams, waits, rounds: once ? 1 : 12);
        }

        return 0;
    }

    private static async Task RunAsync(string? program, int streams, int waits, int rounds)
    {
        await using var simulator = SimulatorApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        });
        await simulator.StartAsync();
        var account = simulator.Services.GetRequiredService<SimulatorState>().AddAccount("load", "load");
        using var gateway = await FeedGateway.StartAsync(program, new Uri(simulator.Urls.First()), streams + waits);
        var before = await gateway.MemoryAsync();
        using var readers = StartReaders(gateway.Port, streams, waits);
        await HearAsync(readers);
        await Task.Delay(2 * Freshness, TimeProvider.System);
        var each = (await gateway.MemoryAsync() - before) / 1024.0 / (streams + waits);
        await WarmAsync(account, readers, streams, waits, rounds);
        account.ClearRequests();
        var (started, processor) = (Stopwatch.GetTimestamp(), gateway.ProcessorTime);
        var delays = new List<double>();
        var spreads = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            // A poll has just brought the last message. So messages arrive at all phases of the poll, and each phase counts as much.
            await Task.Delay(Freshness * (1 + ((round + 0.5) / rounds)), TimeProvider.System);
            var sent = Stopwatch.GetTimestamp();
            account.AddMessages(new SimulatorMessage(Number, "Sberbank", $"Ваш код {round}"));
            var arrivals = await ArrivalsAsync(readers, streams + waits);
            delays.AddRange(arrivals.Select(at => Stopwatch.GetElapsedTime(sent, at).TotalMilliseconds));
            spreads.Add(Stopwatch.GetElapsedTime(arrivals.Min(), arrivals.Max()).TotalMilliseconds);
        }

        var cost = (gateway.ProcessorTime - processor) / delays.Count;
        var calls = account.Requests().Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        delays.Sort();
        var burst = waits == 0 ? $"{await BurstAsync(account, readers, streams):0}" : "";

        // With fewer than a thousand readers the process itself and the poll would dominate these figures.
        var (memory, processorTime) = streams + waits >= 1000 ? ($"{each:0.0}", $"{cost.TotalMicroseconds:0}") : ("", "");
        Console.WriteLine(
            $"| {streams} | {waits} | {memory} | {delays[delays.Count / 2]:0} | {delays[delays.Count * 99 / 100]:0} "
            + $"| {spreads.Average():0} | {spreads.Max():0} | {burst} | {processorTime} | {calls:0.0} |");
        readers.Kill();
        await readers.WaitForExitAsync();
        await simulator.StopAsync();
    }

    /// <summary>What runs for the first times is compiled again and again, which takes more than the deliveries.</summary>
    private static async Task WarmAsync(SimulatedAccount account, Process readers, int streams, int waits, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            // A wait that gets a part of a burst gets the rest with the next one, so only streams can count a burst.
            var messages = waits == 0 ? Burst : 1;
            account.AddMessages(Enumerable.Range(0, messages).Select(i => new SimulatorMessage(Number, "Sberbank", $"Ваш код {i:000000}")));
            await ArrivalsAsync(readers, (streams + waits) * messages);
            await Task.Delay(Freshness / 2, TimeProvider.System);
        }

        await Task.Delay(2 * Freshness, TimeProvider.System);
    }

    /// <summary>The time from the first event at the first reader to the last event at the last, for one long answer: the median of some bursts.</summary>
    private static async Task<double> BurstAsync(SimulatedAccount account, Process readers, int streams)
    {
        var times = new List<double>();
        for (var burst = 0; burst < 5; burst++)
        {
            await Task.Delay(Freshness, TimeProvider.System);
            account.AddMessages(Enumerable.Range(0, Burst).Select(i => new SimulatorMessage(Number, "Sberbank", $"Ваш код {i:000000}")));
            var arrivals = await ArrivalsAsync(readers, streams * Burst);
            times.Add(Stopwatch.GetElapsedTime(arrivals.Min(), arrivals.Max()).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static async Task<List<long>> ArrivalsAsync(Process readers, int count)
    {
        await readers.StandardInput.WriteLineAsync($"{count}");
        return [.. (await HearAsync(readers)).Split(' ').Select(long.Parse)];
    }

    private static async Task<string> HearAsync(Process readers)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        if (await readers.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            return line;
        }

        await readers.WaitForExitAsync();
        throw new InvalidOperationException($"The readers ended with {readers.ExitCode}: {await readers.StandardError.ReadToEndAsync()}");
    }

    private static Process StartReaders(int port, int streams, int waits) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(FeedLoad).Assembly.Location, "feed-readers", $"{port}", $"{streams}", $"{waits}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
