using System.Diagnostics;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>The gateway as operators run it: a process of its own, that can be killed, told to stop, and looked at from outside.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private GatewayProcess(Process process, Uri address)
    {
        this.process = process;
        Client = NewClient(address);

        // What nobody reads would fill the pipe and stop the process.
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>A client with a key for all numbers, whose requests may take long.</summary>
    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public bool HasExited => process.HasExited;

    [GeneratedRegex(@"Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex ListeningLine { get; }

    /// <param name="simulator">Where WEBSMS is.</param>
    /// <param name="account">Whose credentials to use.</param>
    /// <param name="openFiles">The process's limit of open files; null: as it comes.</param>
    /// <param name="settings">Configuration, such as <c>("Cache:Freshness", "00:00:01")</c>.</param>
    public static async Task<GatewayProcess> StartAsync(
        Uri simulator, SimulatedAccount account, int? openFiles = null, params (string Key, string Value)[] settings)
    {
        // The same configuration (Debug, Release) as these tests: bin/<configuration>/<framework>.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!;
        var program = Path.Combine(root.FullName, "src", "WebSmsGateway", "bin", here.Parent.Name, here.Name, "WebSmsGateway.dll");
        var start = new ProcessStartInfo("sh", ["-c", $"{(openFiles is null ? "" : $"ulimit -n {openFiles};")} exec dotnet \"$0\"", program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        (string Key, string Value)[] all =
        [
            ("urls", "http://127.0.0.1:0"),
            ("Upstream:BaseAddress", simulator.ToString()),
            ("Upstream:Username", account.Name),
            ("Upstream:Password", account.Password),
            ("Authentication:ApiKeys:0:Name", "all"),
            ("Authentication:ApiKeys:0:Sha256", RunningGateway.Hash(RunningGateway.Key)),
            ("Authentication:ApiKeys:0:Numbers", "*"),
            ("Authentication:ApiKeys:0:RequestsPerMinute", "1000000"),
            .. settings,
        ];
        foreach (var (key, value) in all)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Deadline);
        var output = "";
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            output += line + "\n";
            if (ListeningLine.Match(line) is { Success: true } match)
            {
                return new GatewayProcess(process, new Uri(match.Groups["address"].Value));
            }
        }

        process.Kill();
        throw new InvalidOperationException($"The gateway did not start: {output}{await process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    /// <summary>Ends it without a warning, as a crash or a lost machine does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an orchestrator does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        using var patience = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>What the operating system says that it holds.</summary>
    public ProcessFigures Look()
    {
        var status = File.ReadAllLines($"/proc/{process.Id}/status");
        return new ProcessFigures(
            Figure(status, "VmRSS:") / 1024.0, Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length, (int)Figure(status, "Threads:"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        process.Dispose();
    }

    private static HttpClient NewClient(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);
        return client;
    }

    private static long Figure(string[] status, string name) =>
        long.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
}

/// <summary>What a process holds at one moment.</summary>
internal readonly record struct ProcessFigures(double Megabytes, int Handles, int Threads);
