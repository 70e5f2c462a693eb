using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>
/// The gateway as a process, as operators run it, on a port that the system chooses. A test can kill it, ask it to stop, and read its
/// memory, handles and threads.
/// </summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process)
    {
        this.process = process;

        // The output is read all the time, because a full pipe would block the process.
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                errors.Enqueue(text);
            }

            Take(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>
    /// The folder of the program, built in the configuration (Debug, Release) of these tests: <c>bin/configuration/framework</c>.
    /// </summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>All lines of standard output and error.</summary>
    public IReadOnlyCollection<string> Output => output;

    /// <summary>The lines of standard error.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    /// <summary>A client that makes no traces in this process and has no timeout.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false })
    {
        Timeout = TimeSpan.FromMinutes(5),
    };

    public Uri Address => Client.BaseAddress!;

    public bool HasExited => process.HasExited;

    [GeneratedRegex(@"Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex ListeningLine { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="start">How it is started, without its address.</param>
    public static async Task<GatewayProcess> StartAsync(ProcessStartInfo start)
    {
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        var gateway = new GatewayProcess(Launch(start));
        try
        {
            gateway.Client.BaseAddress = await gateway.listening.Task.WaitAsync(Deadline, TimeProvider.System);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="directory">Its working directory, whose <c>appsettings.json</c> it reads; null for the default.</param>
    /// <param name="environment">Its settings, such as <c>Upstream__Username</c>.</param>
    public static Task<GatewayProcess> StartAsync(string? directory, params (string Key, string Value)[] environment) =>
        StartAsync(StartInfo(directory, openFiles: null, environment));

    /// <summary>Starts it with a caller who may read all numbers. <see cref="Client"/> has the key of this caller.</summary>
    /// <param name="simulator">The simulator of WEBSMS.</param>
    /// <param name="account">The account whose credentials it uses.</param>
    /// <param name="openFiles">The limit of open files of the process; null for the default.</param>
    /// <param name="settings">Configuration, such as <c>("Cache:Freshness", "00:00:01")</c>.</param>
    public static async Task<GatewayProcess> StartAsync(
        Uri simulator, SimulatedAccount account, int? openFiles = null, params (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] all =
        [
            ("Upstream:BaseAddress", simulator.ToString()),
            ("Upstream:Username", account.Name),
            ("Upstream:Password", account.Password),
            ("Authentication:ApiKeys:0:Name", "all"),
            ("Authentication:ApiKeys:0:Sha256", RunningGateway.Hash(RunningGateway.Key)),
            ("Authentication:ApiKeys:0:Numbers", "*"),
            ("Authentication:ApiKeys:0:RequestsPerMinute", "1000000"),
            .. settings,
        ];
        var environment = all.Select(setting => (setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value));
        var gateway = await StartAsync(StartInfo(directory: null, openFiles, [.. environment]));
        gateway.Client.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);
        return gateway;
    }

    /// <summary>Starts it and waits for its end.</summary>
    /// <returns>The exit code, and the lines of standard error.</returns>
    public static async Task<(int ExitCode, string[] Lines)> RunAsync(string? directory, params (string Key, string Value)[] environment)
    {
        var start = StartInfo(directory, openFiles: null, environment);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        var (exitCode, _, error) = await RunAsync(start);
        return (exitCode, error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>Starts it with a command and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        using var process = Launch(start);
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
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    public async Task<int> StatusOfAsync(string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        }

        using var response = await Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Waits until a path has the expected answer.</summary>
    public async Task WaitForStatusAsync(int status, string path, string? key)
    {
        var started = TimeProvider.System.GetTimestamp();
        int last;
        while ((last = await StatusOfAsync(path, key)) != status)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"{path} answers {last}, not {status}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits until it has written a line with this text.</summary>
    public async Task WaitForLineAsync(string text)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!output.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }

    /// <summary>Kills it, as a crash or the loss of a machine does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an orchestrator does, and does not wait.</summary>
    public void Terminate()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        signal.WaitForExit();
    }

    /// <summary>Waits for its end and for its complete output.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode;
    }

    /// <summary>Asks it to stop and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync()
    {
        Terminate();
        return EndAsync();
    }

    /// <summary>Its memory, handles and threads, from the operating system.</summary>
    public ProcessFigures Look()
    {
        var status = File.ReadAllLines($"/proc/{process.Id}/status");
        return new ProcessFigures(
            Figure(status, "VmRSS:") / 1024.0, Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length,
            (int)Figure(status, "Threads:"));
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

    private static ProcessStartInfo StartInfo(string? directory, int? openFiles, (string Key, string Value)[] environment)
    {
        var program = Path.Combine(Folder, "WebSmsGateway.dll");
        var start = openFiles is { } limit
            ? new ProcessStartInfo("sh", ["-c", $"ulimit -n {limit}; exec dotnet \"$0\"", program])
            : new ProcessStartInfo("dotnet", [program]);
        start.WorkingDirectory = directory ?? Path.GetTempPath();
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return start;
    }

    private static Process Launch(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    private static string FindFolder()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Repository.PathOf("src", "WebSmsGateway", "bin", here.Parent!.Name, here.Name);
    }

    private static long Figure(string[] status, string name)
    {
        var line = status.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            listening.TrySetException(new InvalidOperationException($"The gateway did not start: {string.Join('\n', output)}"));
            return;
        }

        output.Enqueue(line);
        if (ListeningLine.Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }
}

/// <summary>The memory, handles and threads of a process at a moment.</summary>
internal readonly record struct ProcessFigures(double Megabytes, int Handles, int Threads);
