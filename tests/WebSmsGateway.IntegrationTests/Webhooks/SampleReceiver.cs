using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Webhooks;

/// <summary>A receiver of docs/webhooks.md, run as it is printed there.</summary>
internal sealed partial class SampleReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private SampleReceiver(ProcessStartInfo start, int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}/sms");
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        (start.StandardOutputEncoding, start.StandardErrorEncoding) = (Encoding.UTF8, Encoding.UTF8);
        start.Environment["WEBHOOK_SECRET"] = Secret;
        start.Environment["PORT"] = $"{port}";
        process = Process.Start(start)!;
        (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    public Uri Address { get; }

    public string Secret { get; } = WebhookReceiver.NewSecret();

    /// <summary>The program of the docs in a language.</summary>
    public static string Of(string language) =>
        Regex.Match(File.ReadAllText(Repository.PathOf("docs", "webhooks.md")), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    /// <summary>Builds the C# program with the package that its first line adds, and starts it.</summary>
    public static async Task<SampleReceiver> StartCSharpAsync(DirectoryInfo folder)
    {
        var program = Of("csharp");
        var package = Package().Match(program);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Program.cs"), program);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "Receiver.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup><PackageReference Include="{package.Groups[1].Value}" Version="{package.Groups[2].Value}" /></ItemGroup>
            </Project>
            """);
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", "-c", "Release", "-o", "out", "-nodeReuse:false", "-v", "q"])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
        })!;
        using var timeout = new CancellationTokenSource(Timeout);
        var built = await build.StandardOutput.ReadToEndAsync(timeout.Token);
        await build.WaitForExitAsync(timeout.Token);
        Assert.True(build.ExitCode == 0, built);
        var port = RedisServer.FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder.FullName, "out", "Receiver.dll")]);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return await new SampleReceiver(start, port).ListenAsync();
    }

    /// <summary>Starts the Python program, with the package of PyPI if that is installed, else with a stand-in for it.</summary>
    public static async Task<SampleReceiver> StartPythonAsync(DirectoryInfo folder)
    {
        var program = Path.Combine(folder.FullName, "receiver.py");
        await File.WriteAllTextAsync(program, Of("python"));
        var start = new ProcessStartInfo("python3", [program]);
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var look = Process.Start(new ProcessStartInfo("python3", ["-c", "import standardwebhooks"]) { RedirectStandardError = true })!;
        await look.WaitForExitAsync();
        if (look.ExitCode != 0)
        {
            start.Environment["PYTHONPATH"] = Repository.PathOf("eng", "webhooks", "python");
        }

        return await new SampleReceiver(start, RedisServer.FreePort()).ListenAsync();
    }

    /// <summary>Ends the program, and gives what it printed.</summary>
    public async Task<string> EndAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        return await output + await error;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await EndAsync();
        }

        process.Dispose();
    }

    private async Task<SampleReceiver> ListenAsync()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(Address.Host, Address.Port);
                    return true;
                }
                catch (SocketException)
                {
                    return process.HasExited ? throw new InvalidOperationException(await output + await error) : false;
                }
            },
            "the program of the docs listens", 60);
        return this;
    }

    [GeneratedRegex(@"dotnet add package (\S+) --version (\S+)")]
    private static partial Regex Package();
}
