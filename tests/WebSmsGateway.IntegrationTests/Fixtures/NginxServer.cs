using System.Diagnostics;

namespace WebSmsGateway.IntegrationTests.Fixtures;

/// <summary>nginx with only a proxy address configured, so it buffers as it does by default.</summary>
internal sealed class NginxServer(Process process, Uri address, DirectoryInfo folder) : IAsyncDisposable
{
    public Uri Address => address;

    /// <summary>What it has written to one of its files.</summary>
    public string Read(string file) => File.ReadAllText(Path.Combine(folder.FullName, file));

    /// <param name="gateway">The address of the gateway.</param>
    /// <param name="prefix">The path at which the gateway is served, such as <c>/sms/</c>.</param>
    /// <param name="more">More directives for this path.</param>
    /// <param name="log">The directives of its logs.</param>
    public static async Task<NginxServer> StartAsync(
        Uri gateway, string prefix = "/", string more = "", string log = "access_log off;")
    {
        var folder = Directory.CreateTempSubdirectory("nginx-test-");
        var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        var address = new Uri($"http://{socket.LocalEndpoint}/");
        socket.Stop();
        var configuration = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events { }
            http {
              {{log}}
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              server {
                listen {{address.Authority}};
                location {{prefix}} {
                  proxy_pass {{gateway}};
                  proxy_http_version 1.1;
                  {{more}}
                }
              }
            }
            """);
        var process = Process.Start(new ProcessStartInfo("nginx", ["-p", folder.FullName + "/", "-c", configuration, "-e", "stderr"])
        {
            RedirectStandardError = true,
            Environment = { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin" },
        })!;
        using var client = new HttpClient();
        await Eventually.TrueAsync(() => Answers(client, address), "nginx does not answer");
        return new NginxServer(process, address, folder);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static bool Answers(HttpClient client, Uri address)
    {
        try
        {
            using var response = client.GetAsync(address).GetAwaiter().GetResult();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
