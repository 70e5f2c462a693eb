using System.Diagnostics;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Feed.WatchedGateway;

namespace WebSmsGateway.IntegrationTests.Feed;

public sealed class NginxTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Stream_BehindNginxAsItComes_GivesEventsAtOnce()
    {
        var account = fixture.Simulator.NewAccount();
        await using var gateway = Start(fixture.Simulator, account);
        await using var nginx = await Nginx.StartAsync(gateway.BaseAddress);
        using var client = gateway.NewClient(RunningGateway.Key);
        using var through = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = nginx.Address };
        through.DefaultRequestHeaders.Add("X-Api-Key", RunningGateway.Key);
        using var stream = await EventStream.OpenAtNowAsync(through, StreamPath);
        foreach (var text in (string[])["один", "два"])
        {
            var started = TimeProvider.System.GetTimestamp();
            account.Receive(text);
            Assert.Equal([text], await stream.TextsAsync(1));
            Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 3);
        }

        stream.Dispose();
        await Eventually.TrueAsync(() => gateway.Polls() == 0, "nginx holds on to a stream whose reader left", seconds: 2);
    }

    /// <summary>nginx with only a proxy address configured, so it buffers as it does by default.</summary>
    private sealed class Nginx(Process process, Uri address, DirectoryInfo folder) : IAsyncDisposable
    {
        public Uri Address => address;

        public static async Task<Nginx> StartAsync(Uri gateway)
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
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen {{address.Authority}};
                    location / {
                      proxy_pass {{gateway}};
                      proxy_http_version 1.1;
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
            return new Nginx(process, address, folder);
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
}
