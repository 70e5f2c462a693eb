using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebSmsGateway.Simulator.Control;
using WebSmsGateway.Simulator.Feedback;

namespace WebSmsGateway.Simulator;

/// <summary>A stand-in for WEBSMS: <c>http_feedback.asp</c> as documented, and endpoints that control its faults.</summary>
public static class SimulatorApplication
{
    /// <summary>Builds the simulator without starting it.</summary>
    /// <param name="args">Command line: <c>--urls</c>, and configuration such as <c>--Simulator:TimeZone=Europe/Moscow</c>.</param>
    /// <param name="configure">Additions of a host: a <see cref="TimeProvider"/>, addresses, a certificate.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });

        // A flush ends when the operating system has the bytes, so that a reset cuts the answer at the configured byte.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 2);

        // Held and slow calls must not delay the shutdown.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        // The address of each call contains the account's password.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        configure?.Invoke(builder);
        builder.Services.AddOptions<SimulatorSettings>().BindConfiguration(SimulatorSettings.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SimulatorState>();

        var app = builder.Build();
        app.Use(SetDate);
        app.MapFeedback();
        app.MapControl();
        app.MapGuide();
        return app;
    }

    // The server would write the date of the system, which may differ from the clock of the simulator.
    private static Task SetDate(HttpContext context, RequestDelegate next)
    {
        var sends = context.RequestServices.GetRequiredService<IOptions<SimulatorSettings>>().Value.SendDate;
        context.Response.Headers.Date = sends ? context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToString("R") : "none";
        return next(context);
    }
}
