using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>The dashboard of Aspire: a real collector of OTLP that gives back what it received. Its ports are chosen by the system.</summary>
internal sealed partial class TelemetryDashboard : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly DirectoryInfo home;
    private readonly HttpClient client = new();
    private readonly TaskCompletionSource<Uri> page = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> collector = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TelemetryDashboard(Process process, DirectoryInfo home)
    {
        (this.process, this.home) = (process, home);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The address for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, for gRPC.</summary>
    public Uri Collector => collector.Task.Result;

    [GeneratedRegex("Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex PageLine { get; }

    [GeneratedRegex("OTLP/gRPC listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex CollectorLine { get; }

    public static async Task<TelemetryDashboard> StartAsync()
    {
        const string any = "http://127.0.0.1:0";
        var folder = typeof(TelemetryDashboard).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == "AspireDashboard").Value!;
        var home = Directory.CreateTempSubdirectory("dashboard-test-");
        var start = new ProcessStartInfo(Path.Combine(folder, "Aspire.Dashboard"))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOME"] = home.FullName,
                ["ASPNETCORE_URLS"] = any,
                ["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"] = any,
                ["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = any,
                ["DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
                ["ASPIRE_DASHBOARD_API_ENABLED"] = "true",
            },
        };
        var dashboard = new TelemetryDashboard(Process.Start(start)!, home);
        try
        {
            dashboard.client.BaseAddress = await dashboard.page.Task.WaitAsync(Deadline, TimeProvider.System);
            await dashboard.collector.Task.WaitAsync(Deadline, TimeProvider.System);
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads what it holds: <c>resources</c>, <c>spans</c> or <c>logs</c>.</summary>
    public async Task<JsonElement> ReadAsync(string what)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync($"api/telemetry/{what}"));
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        home.Delete(recursive: true);
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            var ended = new InvalidOperationException("The dashboard ended.");
            page.TrySetException(ended);
            collector.TrySetException(ended);
        }
        else if (PageLine.Match(line) is { Success: true } address)
        {
            page.TrySetResult(new Uri(address.Groups["address"].Value));
        }
        else if (CollectorLine.Match(line) is { Success: true } endpoint)
        {
            collector.TrySetResult(new Uri(endpoint.Groups["address"].Value));
        }
    }
}
