using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>The gateway as an operator starts it: a process of its own, on a port that the system chose.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it wrote, to standard output and error.</summary>
    public IReadOnlyCollection<string> Output => output;

    public HttpClient Client { get; } = new();

    [GeneratedRegex(@"Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex ListeningLine { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="directory">Where it is started, so that an <c>appsettings.json</c> there counts; null: nowhere in particular.</param>
    /// <param name="environment">Its settings, such as <c>Upstream__Username</c>.</param>
    public static async Task<GatewayProcess> StartAsync(string? directory, params (string Key, string Value)[] environment)
    {
        var gateway = new GatewayProcess(Launch(directory, environment));
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

    /// <summary>Starts it and waits for its end.</summary>
    /// <returns>The exit code, and the lines of standard error.</returns>
    public static async Task<(int ExitCode, string[] Lines)> RunAsync(string? directory, params (string Key, string Value)[] environment)
    {
        using var process = Launch(directory, environment);
        using var patience = new CancellationTokenSource(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var lines = await process.StandardError.ReadToEndAsync(patience.Token);
            await output;
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
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

    /// <summary>Waits until a path answers so.</summary>
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

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static Process Launch(string? directory, (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(UpstreamClient).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
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
