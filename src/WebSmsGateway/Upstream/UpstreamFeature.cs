using System.Net;
using Microsoft.Extensions.Options;
using Refit;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream;

/// <summary>Registers the client of WEBSMS.</summary>
internal static class UpstreamFeature
{
    public static void AddUpstream(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<UpstreamOptions>(UpstreamOptions.Section);
        builder.Services.AddSingleton(services => new AccountZone(TimeZoneInfo.FindSystemTimeZoneById(OptionsOf(services).TimeZone)));
        builder.Services.AddSingleton<UpstreamHistory>();
        builder.Services.AddSingleton<CredentialGuard>();
        builder.Services.AddSingleton<UpstreamResilience>();
        builder.Services.AddHostedService<PlainHttpNotice>();
        builder.Services.AddSingleton<UpstreamPassword>();
        builder.Services.AddSingleton<IProcessDefaults<UpstreamOptions>, UpstreamDefaults>();
        builder.Services.AddSingleton<AnswerRoom>();
        builder.Services.AddSingleton<UpstreamCall>();
        builder.Services.AddSingleton<UpstreamClient>();
        builder.Services.AddSingleton<IUpstream>(services => services.GetRequiredService<UpstreamClient>());

        // The address has the password, and the logging of the HTTP client would write it. All its loggers are removed.
        // One client is used for the lifetime of the process. The lifetime of a pooled connection renews the connections.
        builder.Services.AddRefitGeneratedClient<IWebSmsApi>()
            .ConfigureHttpClient((services, client) => Configure(client, OptionsOf(services)))
            .ConfigurePrimaryHttpMessageHandler(services => Handler(OptionsOf(services), services.GetRequiredService<TimeProvider>()))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
    }

    private static UpstreamOptions OptionsOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<UpstreamOptions>>().Value;

    private static void Configure(HttpClient client, UpstreamOptions options)
    {
        client.BaseAddress = options.BaseAddress;
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.Add("Accept-Encoding", AnswerBody.Encodings);
    }

    private static SocketsHttpHandler Handler(UpstreamOptions options, TimeProvider time) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        Credentials = null,
        DefaultProxyCredentials = null,
        UseProxy = !options.BaseAddress.IsLoopback,
        ConnectTimeout = options.Timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        MaxConnectionsPerServer = options.MaxConcurrency,
        MaxResponseHeadersLength = 32,

        // WEBSMS gets no trace headers, and no span is made, because it would have the address.
        ActivityHeadersPropagator = null,
        SslOptions = { RemoteCertificateValidationCallback = new CertificateTrust(options, time).Accepts },
    };
}
