using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.RateLimiting;

namespace WebSmsGateway.Hosting;

/// <summary>Limits of the server, trusted proxies and allowed browser origins.</summary>
internal static class HostingFeature
{
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<ProxyOptions>(ProxyOptions.Section);
        builder.AddCheckedOptions<BrowserOptions>(BrowserOptions.Section);
        builder.AddCheckedOptions<AllowedHosts>(AllowedHosts.Section);

        // The framework has a check of its own behind the same key, without exceptions for addresses and health. HostCheck stands for it.
        builder.Services.Configure<HostFilteringOptions>(filtering => filtering.AllowedHosts = ["*"]);
        builder.WebHost.ConfigureKestrel(KestrelLimits.Set);
        builder.Services.Configure<SocketTransportOptions>(KestrelLimits.Set);
        builder.Services.AddSingleton<KnownProxies>();
        builder.Services.AddSingleton<OpenConnections>();
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, DiscreetLogs>();
        builder.Services.AddHostedService<ProcessBounds>();
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<KnownProxies>(TrustProxies);
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<BrowserOptions>>(AllowOrigins);
    }

    /// <summary>Comes first: it sets the caller's address and the headers of every answer.</summary>
    public static void UseHosting(this WebApplication app)
    {
        app.UseMiddleware<ConnectionUse>();
        app.UseMiddleware<UnknownProxyWarning>();
        if (app.Configuration.GetSection($"{ProxyOptions.Section}:{nameof(ProxyOptions.KnownProxies)}").GetChildren().Any())
        {
            app.UseForwardedHeaders();
        }

        app.UseMiddleware<BodyEndsConnection>();
        app.UseMiddleware<SecurityHeaders>();
    }

    /// <summary>Comes before authentication, because a browser's preflight carries no credentials.</summary>
    public static void UseBrowserOrigins(this WebApplication app)
    {
        if (app.Configuration.GetSection($"{BrowserOptions.Section}:{nameof(BrowserOptions.Origins)}").GetChildren().Any())
        {
            app.UseMiddleware<VaryByOrigin>();
        }

        // The framework's middleware creates a service scope for each request, and only browsers need it.
        app.UseWhen(
            context => context.Request.Headers.Origin.Count > 0,
            browsers =>
            {
                browsers.UsePreflightLimit();
                browsers.UseCors();
            });
    }

    /// <summary>Comes before everything that shows messages. Where no credentials are required, requests have to name the gateway.</summary>
    public static void UseHostCheck(this WebApplication app) => app.UseMiddleware<HostCheck>();

    /// <summary>Comes behind the authentication: a connection that serves a caller keeps its place.</summary>
    public static void UseConnectionsOfCallers(this WebApplication app) => app.Use(ConnectionUse.MarkCallerAsync);

    private static void TrustProxies(ForwardedHeadersOptions forwarded, KnownProxies proxies)
    {
        // The framework trusts loopback by default. The gateway trusts configured proxies only.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var address in proxies.Addresses)
        {
            forwarded.KnownProxies.Add(address);
        }

        foreach (var network in proxies.Networks)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        // The first address that is no known proxy is the caller's. The middleware would trust everyone if the list were empty:
        // then UseHosting omits it, and it reads no header.
        forwarded.ForwardLimit = null;
        forwarded.ForwardedHeaders = proxies.Addresses.Count + proxies.Networks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
    }

    private static void AllowOrigins(CorsOptions cors, IOptions<BrowserOptions> options) =>
        cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Value.Origins])
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post)
            .WithHeaders(
                CallerKeys.Header, HeaderNames.Authorization, "Last-Event-ID", HeaderNames.ContentType, HeaderNames.IfNoneMatch,
                HeaderNames.Accept, HeaderNames.CacheControl, HeaderNames.TraceParent, HeaderNames.TraceState)
            .WithExposedHeaders(
                RateLimitMiddleware.Remaining, RateLimitMiddleware.Policy, HeaderNames.ETag, "Cache-Status", HeaderNames.RetryAfter,
                HeaderNames.ContentDisposition, "Next-Cursor", HeaderNames.WWWAuthenticate)
            .SetPreflightMaxAge(PreflightLifetime));
}
