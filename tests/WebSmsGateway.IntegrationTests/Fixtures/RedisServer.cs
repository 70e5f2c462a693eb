using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using WebSmsGateway.IntegrationTests.Upstream;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>A real redis-server on its own port, which can be killed, stopped, restarted and filled.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("redis-test-");
    private readonly string? password;
    private readonly bool tls;
    private readonly string[] options;
    private Process? process;

    private RedisServer(string? password, bool tls, string[] options)
    {
        this.password = password;
        this.tls = tls;
        this.options = options;
    }

    public int Port { get; private set; }

    /// <summary>The authority of its certificate, as PEM.</summary>
    public string AuthorityFile => Path.Combine(directory.FullName, "authority.pem");

    /// <summary>The connection string for StackExchange.Redis.</summary>
    public string ConnectionString =>
        $"127.0.0.1:{Port}" + (password is null ? "" : $",password={password}") + (tls ? ",ssl=true,sslHost=localhost" : "");

    /// <param name="password">The password of clients; null for none.</param>
    /// <param name="tls">Whether it only accepts TLS, with a certificate of a private authority.</param>
    /// <param name="options">Further options of redis-server, such as <c>--maxmemory 2mb</c>.</param>
    public static async Task<RedisServer> StartAsync(string? password = null, bool tls = false, params string[] options)
    {
        var server = new RedisServer(password, tls, options);
        server.WriteCertificates();
        for (var attempt = 1; ; attempt++)
        {
            // Another process may take the free port before the server does.
            server.Port = FreePort();
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                await server.KillAsync();
            }
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it on the same port. After <see cref="KillAsync"/> it is empty.</summary>
    public async Task StartAgainAsync()
    {
        string[] security = tls
            ? ["--port", "0", "--tls-port", $"{Port}", "--tls-cert-file", "server.pem", "--tls-key-file", "server.key",
                "--tls-ca-cert-file", AuthorityFile, "--tls-auth-clients", "no"]
            : ["--port", $"{Port}"];
        string[] secret = password is null ? [] : ["--requirepass", password];
        process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--bind", "127.0.0.1", "--save", "", "--dir", directory.FullName, .. security, .. secret, .. options])
        {
            WorkingDirectory = directory.FullName,
            RedirectStandardOutput = true,
        })!;
        process.BeginOutputReadLine();
        var started = TimeProvider.System.GetTimestamp();
        while (await TryRunAsync("PING") is not ['P', 'O', 'N', 'G', ..])
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                throw new InvalidOperationException("redis-server did not start.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async Task KillAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Suspends it: connections stay open and get no answer.</summary>
    public Task SuspendAsync() => SignalAsync("-STOP");

    public Task ResumeAsync() => SignalAsync("-CONT");

    /// <summary>Runs one command and gives what redis-cli prints.</summary>
    public Task<string> RunAsync(params string[] command) => CallAsync(command, null);

    /// <summary>Runs many commands, one a line.</summary>
    public Task<string> RunLinesAsync(IEnumerable<string> commands) => CallAsync([], string.Join('\n', commands) + "\n");

    public async Task<IReadOnlyList<string>> KeysAsync() =>
        (await RunAsync("--scan")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
        directory.Delete(recursive: true);
    }

    private async Task<string> TryRunAsync(params string[] command)
    {
        try
        {
            return await RunAsync(command);
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private async Task<string> CallAsync(string[] command, string? input)
    {
        string[] security = tls ? ["--tls", "--cacert", AuthorityFile, "--sni", "localhost", "-h", "127.0.0.1"] : ["-h", "127.0.0.1"];
        string[] secret = password is null ? [] : ["-a", password, "--no-auth-warning"];
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", $"{Port}", .. security, .. secret, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(Deadline);
        var output = cli.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = cli.StandardError.ReadToEndAsync(timeout.Token);
        if (input is not null)
        {
            await cli.StandardInput.WriteAsync(input);
        }

        cli.StandardInput.Close();
        await cli.WaitForExitAsync(timeout.Token);
        return cli.ExitCode == 0 ? await output : throw new InvalidOperationException($"redis-cli failed: {await error}");
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private void WriteCertificates()
    {
        if (!tls)
        {
            return;
        }

        using var authority = Certificates.Authority();
        using var certificate = Certificates.Server(authority);
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory.FullName, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory.FullName, "server.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }
}
