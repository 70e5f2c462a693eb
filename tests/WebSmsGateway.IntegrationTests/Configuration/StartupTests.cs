using System.Diagnostics;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Configuration;

public sealed class StartupTests
{
    [Fact]
    public async Task Start_WithoutCredentials_SaysSoInPlainLinesAndPointsToTheSandbox()
    {
        var (exitCode, lines) = await StartAsync();

        Assert.Equal(1, exitCode);
        Assert.Single(lines, line => line.StartsWith("Upstream:Username: ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Upstream:Password: ", StringComparison.Ordinal));
        Assert.EndsWith("dotnet run --project src/WebSmsGateway.Sandbox", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithManyFaults_NamesEachOnceInOrderAndShowsNoSecret()
    {
        var (exitCode, lines) = await StartAsync(
            ("Upstream__Username", "demo"), ("Upstream__Password__Typo", "s3cret"), ("Upstream__Timeout", "abc"),
            ("Upstream__Format", "yaml"), ("Upstream__Retries", "11"), ("Upstream__Pasword", "s3cret"), ("Upsteam__Scope", "Account"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Upstream:Timeout: 'abc' is no duration; write hh:mm:ss, for example 00:00:10", lines);
        Assert.Contains("Upstream:Format: 'yaml' is not known; write json, xml or txt", lines);
        Assert.Contains("Upstream:Pasword: unknown key; did you mean Upstream:Password?", lines);
        Assert.Contains("Upsteam: unknown section; did you mean Upstream?", lines);
        Assert.Single(lines, line => line.StartsWith("Upstream:Retries: ", StringComparison.Ordinal));
        var keys = lines.Where(line => line.StartsWith("Upstream:", StringComparison.Ordinal)).ToList();
        Assert.Equal(keys.Order(StringComparer.OrdinalIgnoreCase), keys);
        Assert.DoesNotContain(lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string[] Lines)> StartAsync(params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(UpstreamClient).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var lines = await process.StandardError.ReadToEndAsync(deadline.Token);
            await output;
            await process.WaitForExitAsync(deadline.Token);
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
}
