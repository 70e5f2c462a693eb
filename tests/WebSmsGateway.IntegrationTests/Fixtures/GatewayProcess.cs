using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A gateway as operators run it: a process of its own, that can be told to stop and can be killed.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private GatewayProcess(Process process, Uri address)
    {
        this.process = process;
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = address };
        Client.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);
    }

    /// <summary>A client with <see cref="RunningGateway.Key"/>.</summary>
    public HttpClient Client { get; }

    [GeneratedRegex(@"Now listening on: (?<address>http://[^\s""]+)")]
    private static partial Regex Listening { get; }

    public static async Task<GatewayProcess> StartAsync(
        RunningSimulator simulator, SimulatedAccount account, params (string Key, string Value)[] settings)
    {
        // The same configuration (Debug, Release) as these tests: bin/<configuration>/<framework>.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!;
        var program = Path.Combine(root.FullName, "src", "WebSmsGateway", "bin", here.Parent.Name, here.Name, "WebSmsGateway.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in ((string, string)[])[
            ("Upstream:BaseAddress", simulator.BaseAddress.ToString()),
            ("Upstream:Username", account.Name),
            ("Upstream:Password", account.Password),
            ("Authentication:ApiKeys:0:Name", "all"),
            ("Authentication:ApiKeys:0:Sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RunningGateway.Key)))),
            ("Authentication:ApiKeys:0:Numbers", "*"),
            .. settings])
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Deadline);
        var output = "";
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            output += line + "\n";
            if (Listening.Match(line) is { Success: true } match)
            {
                // Its pipe has to be emptied, or it stops at its next lines.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new GatewayProcess(process, new Uri(match.Groups["address"].Value));
            }
        }

        throw new InvalidOperationException($"The gateway did not start: {output}");
    }

    /// <summary>Kills it as the kernel does: nothing is finished, nobody is told.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an orchestrator does.</summary>
    public async Task<int> StopAsync()
    {
        using var patience = new CancellationTokenSource(Deadline);
        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
