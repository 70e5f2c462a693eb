using System.Diagnostics;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Delivery;

/// <summary>The output of <c>dotnet publish</c>, made once for the tests of a class.</summary>
public sealed class PublishedGateway : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Its folder. It is outside the working tree, so that the gateway uses no other file by accident.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("websms-gateway-").FullName;

    public async Task InitializeAsync()
    {
        // The gateway is published in the configuration of these tests: bin/<configuration>/<framework>.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Repository.PathOf("src", "WebSmsGateway"), "-c", configuration, "--no-build", "-o", Folder, "-v", "q",
                "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        using var timeout = new CancellationTokenSource(Deadline);
        var output = await publish.StandardOutput.ReadToEndAsync(timeout.Token);
        await publish.WaitForExitAsync(timeout.Token);
        Assert.True(publish.ExitCode == 0, output);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Starts the program with only these settings in its environment, as a container does.</summary>
    public ProcessStartInfo StartInfo((string Name, string Value)[] settings, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Folder, "WebSmsGateway.dll"), .. args]) { WorkingDirectory = Folder };
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

        return start;
    }

    /// <summary>Starts it as a server on a free port.</summary>
    internal Task<GatewayProcess> StartAsync(params (string Name, string Value)[] settings) =>
        GatewayProcess.StartAsync(StartInfo(settings));
}
