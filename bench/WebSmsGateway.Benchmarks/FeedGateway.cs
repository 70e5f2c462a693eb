using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WebSmsGateway.Benchmarks;

/// <summary>The gateway of <see cref="FeedLoad"/>, as a process of its own: that of this source, or a published one of any version.</summary>
internal sealed class FeedGateway : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private readonly bool isOwn;

    private FeedGateway(Process process, int port, bool isOwn) => (this.process, Port, this.isOwn) = (process, port, isOwn);

    /// <summary>The port on which it answers.</summary>
    public int Port { get; }

    /// <summary>The processor time that it has taken.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<FeedGateway> StartAsync(string? program, Uri upstream, int readers)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                .. program is null ? (string[])[typeof(FeedGateway).Assembly.Location, "gateway"] : [program], "--urls", $"http://127.0.0.1:{port}",
                $"--Upstream:BaseAddress={upstream}", "--Upstream:Username=load", "--Upstream:Password=load",
                $"--Cache:Freshness={FeedLoad.Freshness}", "--Logging:LogLevel:Default=None",
                .. CallerKey.Arguments(0, FeedLoad.Key), "--Authentication:ApiKeys:0:RequestsPerMinute=1000000", $"--RateLimiting:LongRequestsPerCaller={Math.Max(1, readers)}",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_gcServer"] = "0";
        var gateway = new FeedGateway(Process.Start(start)!, port, program is null);
        try
        {
            await gateway.WarmAsync();
            return gateway;
        }
        catch
        {
            gateway.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The memory of the whole process after a collection, because a stream also needs native buffers and handles. Only the gateway of this
    /// source collects when it is asked to.
    /// </summary>
    public async Task<long> MemoryAsync()
    {
        if (!isOwn)
        {
            process.Refresh();
            return process.WorkingSet64;
        }

        using var timeout = new CancellationTokenSource(Deadline);
        await process.StandardInput.WriteLineAsync(DownloadGrowth.Memory.AsMemory(), timeout.Token);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var memory))
            {
                return memory;
            }
        }

        throw new InvalidOperationException("The gateway has ended.");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Waits until it answers, and until its code is compiled.</summary>
    private async Task WarmAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        client.DefaultRequestHeaders.Add("X-Api-Key", FeedLoad.Key);
        using var timeout = new CancellationTokenSource(Deadline);
        for (var requests = 0; requests < 50;)
        {
            try
            {
                await client.GetStringAsync($"/rented-numbers/{FeedLoad.Number}/messages?order=asc&cursor=now&wait=0.01", timeout.Token);
                requests++;
            }
            catch (HttpRequestException) when (requests == 0 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, timeout.Token);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
