using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using WebSmsGateway.Inbox;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Sandbox;

/// <summary>The simulator and a gateway in front of it, in one process.</summary>
internal sealed class SandboxApplication(string[] args, SandboxPorts ports) : IAsyncDisposable
{
    private const string ApiKey = "sandbox";

    private readonly WebhookPrinter? printer = args.Contains($"--{WebhookPrinter.Option}") ? new WebhookPrinter() : null;

    private WebApplication? simulator;
    private WebApplication? gateway;
    private HttpClient? control;
    private WebApplication? receiver;
    private volatile bool isStarted;

    private WebApplication Simulator => simulator ?? throw new InvalidOperationException("The sandbox is not started.");

    private WebApplication Gateway => gateway ?? throw new InvalidOperationException("The sandbox is not started.");

    /// <summary>Starts both, and gives the reason in one line if that fails; null otherwise.</summary>
    public async Task<string?> StartAsync()
    {
        simulator = SimulatorApplication.Create([], ConfigureSimulator);
        if (await StartAsync(simulator, ports.Simulator, SandboxPorts.SimulatorOption) is { } simulatorFault)
        {
            return simulatorFault;
        }

        if (printer is not null)
        {
            receiver = printer.Create();
            await receiver.StartAsync();
        }

        gateway = GatewayApplication.Create([.. args.Where(arg => arg != $"--{WebhookPrinter.Option}")], ConfigureGateway);
        if (!StartupCheck.Passes(gateway))
        {
            return "The gateway refuses this configuration. Without options of your own the sandbox needs none.";
        }

        control = new HttpClient { BaseAddress = new Uri(AddressOf(simulator) + "/") };
        gateway.MapInboxControl(control);
        var fault = await StartAsync(gateway, ports.Gateway, SandboxPorts.GatewayOption);
        isStarted = fault is null;
        return fault;
    }

    /// <summary>The first commands to try.</summary>
    public string Welcome()
    {
        var gateway = AddressOf(Gateway);
        var simulator = AddressOf(Simulator);
        var weekAgo = Simulator.Services.GetRequiredService<SimulatorState>().Clock.Now.AddDays(-7);
        var from = weekAgo.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $$"""
            Gateway     {{gateway}}
            Inbox       {{gateway}}/inbox   (a page for people; the key is filled in)
            Swagger UI  {{gateway}}/swagger   (Authorize with the API key {{ApiKey}})
            Simulator   {{simulator}}   (stands in for WEBSMS; a new SMS arrives every few seconds)

            Read the latest SMS of a rented number:
              curl -H 'X-Api-Key: {{ApiKey}}' '{{gateway}}/rented-numbers/{{SampleMessages.MainNumber}}/messages?from={{from}}&limit=3'

            Wait for the next one-time code:
              curl -H 'X-Api-Key: {{ApiKey}}' '{{gateway}}/rented-numbers/{{SampleMessages.MainNumber}}/code'

            Send one to it, and read again:
              curl -X POST {{simulator}}/simulator/messages -d '{"rentedNumber":"{{SampleMessages.MainNumber}}","sender":"79161234567","text":"Тест"}'

            Look at webhooks: start it with --webhooks, and each new SMS is printed as a receiver gets it, with the verdict on its signature.

            Ctrl+C stops both.
            """;
    }

    /// <summary>Waits until one of them stops.</summary>
    public Task WaitForShutdownAsync() => Task.WhenAny(Simulator.WaitForShutdownAsync(), Gateway.WaitForShutdownAsync());

    public async ValueTask DisposeAsync()
    {
        // The gateway stops first, because its requests in flight still need the simulator.
        foreach (var app in (WebApplication?[])[gateway, receiver, simulator])
        {
            if (app is not null)
            {
                await app.StopAsync();
                await app.DisposeAsync();
            }
        }

        control?.Dispose();
    }

    private static async Task<string?> StartAsync(WebApplication app, int port, string option)
    {
        try
        {
            await app.StartAsync();
            return null;
        }
        catch (SocketException)
        {
            return $"Port {port} may not be used. Choose another with --{option} N, or any free one with --{option} 0.";
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            return $"Port {port} is taken. Choose another with --{option} N, or any free one with --{option} 0.";
        }
    }

    private static string AddressOf(WebApplication app) => app.Urls.First().TrimEnd('/');

    private void ConfigureSimulator(WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls(SandboxPorts.Url(ports.Simulator));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            // A sandbox may run for days, so the oldest messages are dropped.
            ["Simulator:MaxMessages"] = "50000",
        });
        builder.Services.AddHostedService<SampleTraffic>();
        KeepQuiet(builder);
    }

    private void ConfigureGateway(WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls(SandboxPorts.Url(ports.Gateway));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Upstream:BaseAddress"] = AddressOf(Simulator) + "/",
            ["Upstream:Username"] = SimulatorState.DemoAccount,
            ["Upstream:Password"] = SimulatorState.DemoAccount,
            ["Cache:Redis"] = "",
            ["Inbox:Enabled"] = "true",

            // The examples of README and OpenAPI are messages of the sandbox, so its ids never change.
            ["Messages:IdKey"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))),
            ["Authentication:ApiKeys:0:Name"] = ApiKey,
            ["Authentication:ApiKeys:0:Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))),
            ["Authentication:ApiKeys:0:Numbers:0"] = "*",
        });
        builder.Services.AddSingleton(new FilledInKey(ApiKey));
        if (printer is not null)
        {
            builder.Configuration.AddInMemoryCollection(printer.SettingsFor(AddressOf(receiver!), ApiKey));
        }

        KeepQuiet(builder);
    }

    private void KeepQuiet(WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // A failed start is reported in one line. The host would add a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => isStarted && level >= LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
    }
}
