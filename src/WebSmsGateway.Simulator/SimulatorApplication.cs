using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebSmsGateway.Simulator.Control;
using WebSmsGateway.Simulator.Feedback;

namespace WebSmsGateway.Simulator;

/// <summary>Stands in for WEBSMS: <c>http_feedback.asp</c> as documented, and endpoints that say how it shall misbehave.</summary>
public static class SimulatorApplication
{
    /// <summary>Builds the simulator without starting it.</summary>
    /// <param name="args">Command line: <c>--urls</c>, and configuration such as <c>--Simulator:TimeZone=Europe/Moscow</c>.</param>
    /// <param name="configure">What a host adds: a <see cref="TimeProvider"/>, addresses, a certificate.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });

        // A flush ends when the bytes are with the operating system: so a reset, or a slow answer, cuts where it was told to.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 2);

        // The address of each call holds the account's password.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        configure?.Invoke(builder);
        builder.Services.AddOptions<SimulatorSettings>().BindConfiguration(SimulatorSettings.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SimulatorState>();

        var app = builder.Build();
        app.MapFeedback();
        app.MapControl();
        app.MapGuide();
        return app;
    }
}
