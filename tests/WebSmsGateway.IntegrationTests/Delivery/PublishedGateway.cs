using System.Diagnostics;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Delivery;

/// <summary>The gateway as <c>dotnet publish</c> leaves it, made once for the tests of a class.</summary>
public sealed class PublishedGateway : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Where it is: outside the working tree, so that nothing beside it helps it along.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("websms-gateway-").FullName;

    public async Task InitializeAsync()
    {
        // What these tests were built with is what gets published: bin/<configuration>/<framework>.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Repository.PathOf("src", "WebSmsGateway"), "-c", configuration, "--no-build", "-o", Folder, "-v", "q", "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        using var patience = new CancellationTokenSource(Deadline);
        var output = await publish.StandardOutput.ReadToEndAsync(patience.Token);
        await publish.WaitForExitAsync(patience.Token);
        Assert.True(publish.ExitCode == 0, output);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Starts the program with these settings and nothing else in its environment, as a container does.</summary>
    public Process Launch((string Name, string Value)[] settings, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Folder, "WebSmsGateway.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        var path = start.Environment["PATH"];
        var dotnet = start.Environment.TryGetValue("DOTNET_ROOT", out var root) ? root : null;
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        if (dotnet is not null)
        {
            start.Environment["DOTNET_ROOT"] = dotnet;
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Starts it as a server on a free port.</summary>
    internal async Task<PublishedServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var process = Launch([.. settings, ("ASPNETCORE_URLS", "http://127.0.0.1:0")]);
        var server = new PublishedServer(process);
        try
        {
            await server.WaitForAddressAsync(Deadline);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A published gateway that listens.</summary>
internal sealed partial class PublishedServer(Process process) : IAsyncDisposable
{
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    [GeneratedRegex(@"Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex Listening { get; }

    public async Task WaitForAddressAsync(TimeSpan deadline)
    {
        using var patience = new CancellationTokenSource(deadline);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening.Match(line) is { Success: true } match)
            {
                Address = new Uri(match.Groups["address"].Value + "/");
                return;
            }
        }

        throw new InvalidOperationException($"The gateway did not start: {await process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
