using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>The sandbox as a process on free ports, as a developer starts it.</summary>
public sealed partial class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process process;

    private SandboxProcess(Process process, string welcome)
    {
        this.process = process;
        Welcome = welcome;
        Gateway = new Uri(GatewayLine.Match(welcome).Groups["address"].Value + "/");
        Simulator = new Uri(SimulatorLine.Match(welcome).Groups["address"].Value + "/");
    }

    /// <summary>Its output.</summary>
    public string Welcome { get; }

    public Uri Gateway { get; }

    public Uri Simulator { get; }

    [GeneratedRegex(@"^Gateway\s+(?<address>http\S+)", RegexOptions.Multiline)]
    private static partial Regex GatewayLine { get; }

    [GeneratedRegex(@"^Simulator\s+(?<address>http\S+)", RegexOptions.Multiline)]
    private static partial Regex SimulatorLine { get; }

    public static async Task<SandboxProcess> StartAsync(params string[] args)
    {
        var process = Launch(["--gateway-port", "0", "--simulator-port", "0", .. args]);
        using var timeout = new CancellationTokenSource(Deadline);
        var welcome = "";
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            welcome += line + "\n";
            if (line.StartsWith("Ctrl+C", StringComparison.Ordinal))
            {
                return new SandboxProcess(process, welcome);
            }
        }

        var error = await process.StandardError.ReadToEndAsync(timeout.Token);
        throw new InvalidOperationException($"The sandbox did not start: {error}");
    }

    /// <summary>Starts it with these options only, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Launch(args);
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, output, await error);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Asks it to stop, as Ctrl+C does.</summary>
    /// <returns>The exit code, and its output.</returns>
    public async Task<(int ExitCode, string Output)> StopAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static Process Launch(IEnumerable<string> args)
    {
        // The configuration (Debug, Release) is that of these tests: bin/<configuration>/<framework>.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!;
        var program = Path.Combine(
            root.FullName, "src", "WebSmsGateway.Sandbox", "bin", here.Parent.Name, here.Name, "WebSmsGateway.Sandbox.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
    }
}
