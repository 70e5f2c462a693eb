using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Benchmarks;

/// <summary>
/// Measures many webhooks on one gateway: time from arrival at WEBSMS to the receiver, calls to WEBSMS, and processor time while nothing arrives.
/// Gateway, simulator and receiver are one process, so the processor time is an upper bound.
/// </summary>
internal static class WebhookLoad
{
    private const string Number = "79021234567";
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(bool once = false)
    {
        Console.WriteLine(
            $"""
            Freshness {Freshness.TotalSeconds:0} s, a message about every 1.5 s, one receiver for all webhooks.

            | webhooks | arrival to receiver, median ms | p99 ms | calls/s | idle, % of a core |
            |---:|---:|---:|---:|---:|
            """);
        if (!once)
        {
            // The first run compiles, which is neither delay nor idleness.
            await RunAsync(5, rounds: 10, idle: TimeSpan.FromSeconds(10));
        }

        foreach (var webhooks in (int[])(once ? [5] : [0, 1, 100]))
        {
            Console.WriteLine(await RunAsync(webhooks, rounds: once ? 1 : 20, idle: TimeSpan.FromSeconds(once ? 1 : 30)));
        }

        return 0;
    }

    private static async Task<string> RunAsync(int webhooks, int rounds, TimeSpan idle)
    {
        await using var simulator = SimulatorApplication.Create([], builder => Quiet(builder));
        await simulator.StartAsync();
        var account = simulator.Services.GetRequiredService<SimulatorState>().AddAccount("load", "load");
        var arrivals = new BlockingCollection<long>();
        await using var receiver = await ReceiveAsync(arrivals);
        await using var gateway = GatewayApplication.Create(
            [
                $"--Upstream:BaseAddress={simulator.Urls.First()}/", "--Upstream:Username=load", "--Upstream:Password=load",
                $"--Cache:Freshness={Freshness}", "--Webhooks:AllowNetworks:0=127.0.0.0/8", "--Webhooks:RecoverWithin=00:01:00",
                .. CallerKey.Arguments(0, "load"),
                .. Enumerable.Range(0, webhooks).SelectMany(index => (string[])
                [
                    $"--Webhooks:Endpoints:{index}:Name=hook{index}", $"--Webhooks:Endpoints:{index}:Url={receiver.Urls.First()}/{index}",
                    $"--Webhooks:Endpoints:{index}:Owner=load",
                    $"--Webhooks:Endpoints:{index}:Secrets:0=whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
                ]),
            ],
            builder => Quiet(builder));
        await gateway.StartAsync();
        var delays = new List<double>();
        var started = Stopwatch.GetTimestamp();
        for (var round = -1; round < rounds && webhooks > 0; round++)
        {
            // Messages arrive at all phases of the poll. The first one opens the connections.
            await Task.Delay(Freshness + TimeSpan.FromMilliseconds(Random.Shared.Next(1000)), TimeProvider.System);
            var sent = Stopwatch.GetTimestamp();
            account.AddMessages(new SimulatorMessage(Number, "Sberbank", $"Ваш код {round}"));
            for (var count = 0; count < webhooks; count++)
            {
                using var timeout = new CancellationTokenSource(Deadline);
                var delay = Stopwatch.GetElapsedTime(sent, arrivals.Take(timeout.Token)).TotalMilliseconds;
                if (round >= 0)
                {
                    delays.Add(delay);
                }
            }

            if (round < 0)
            {
                account.ClearRequests();
                started = Stopwatch.GetTimestamp();
            }
        }

        var calls = account.Requests().Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var (before, begun) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(idle, TimeProvider.System);
        process.Refresh();
        var load = (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(begun) * 100;
        delays.Sort();
        var (median, p99) = delays.Count == 0 ? ("", "") : ($"{delays[delays.Count / 2]:0}", $"{delays[delays.Count * 99 / 100]:0}");
        await gateway.StopAsync();
        await receiver.StopAsync();
        await simulator.StopAsync();
        return $"| {webhooks} | {median} | {p99} | {(webhooks == 0 ? "" : $"{calls:0.0}")} | {load:0.00} |";
    }

    private static async Task<WebApplication> ReceiveAsync(BlockingCollection<long> arrivals)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Quiet(builder);
        var app = builder.Build();
        app.MapPost("/{name}", () =>
        {
            arrivals.Add(Stopwatch.GetTimestamp());
            return Results.NoContent();
        });
        await app.StartAsync();
        return app;
    }

    private static void Quiet(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
    }
}
