using System.Diagnostics;
using System.Runtime.Versioning;
using WebSmsGateway.IntegrationTests.Telemetry;

namespace WebSmsGateway.IntegrationTests.Commands;

/// <summary>The gateway as an image starts it: a process of its own, as another user, without HOME, from a directory that it may not write.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class GatewayProcess : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // nobody, where the tests run as root; themselves otherwise.
    private const string OtherUser = "65534";

    private readonly Process process;
    private readonly Task<string> error;

    private GatewayProcess(Process process)
    {
        this.process = process;
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>All lines on standard output up to and with the one that tells its address.</summary>
    public List<string> Lines { get; } = [];

    public Uri Address { get; private set; } = new("http://localhost");

    public static async Task<GatewayProcess> StartAsync(params (string Key, string Value)[] environment)
    {
        var port = FreePort();
        var gateway = new GatewayProcess(Launch(
            [], [("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("Authentication__AllowAnonymous", "true"), .. environment]))
        {
            Address = new Uri($"http://127.0.0.1:{port}/"),
        };
        using var patience = new CancellationTokenSource(Deadline);
        while (await gateway.process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            gateway.Lines.Add(line);
            if (line.Contains(" serves ", StringComparison.Ordinal))
            {
                return gateway;
            }
        }

        throw new InvalidOperationException($"The gateway did not start: {await gateway.error}");
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] args, params (string Key, string Value)[] environment)
    {
        using var process = Launch(args, environment);
        using var patience = new CancellationTokenSource(Deadline);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output, await error);
    }

    public void Terminate()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        signal.WaitForExit();
    }

    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Deadline);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static Process Launch(string[] args, (string Key, string Value)[] environment)
    {
        // A copy that everybody may read and nobody may write.
        var directory = Published.Value;
        string[] command = ["dotnet", Path.Combine(directory, "WebSmsGateway.dll"), .. args];
        if (Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"))
        {
            command = ["setpriv", $"--reuid={OtherUser}", $"--regid={OtherUser}", "--clear-groups", "--no-new-privs", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.Environment.Remove("HOME");
        start.Environment.Remove("DOTNET_CLI_HOME");
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }

    private static readonly Lazy<string> Published = new(() =>
    {
        // The same configuration (Debug, Release) as these tests: bin/<configuration>/<framework>.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var source = RepositoryFiles.PathOf(Path.Combine("src", "WebSmsGateway", "bin", here.Parent!.Name, here.Name));
        var target = Directory.CreateTempSubdirectory("websms-gateway-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(target, recursive: true);
        };
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (var file in Directory.GetFiles(source).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            var copy = Path.Combine(target, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, readable);
        }

        File.SetUnixFileMode(target, readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return target;
    });

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
