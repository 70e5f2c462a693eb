using System.Net;
using Microsoft.Extensions.Options;
using Refit;
using WebSmsGateway.Configuration;
using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream;

/// <summary>The one way to WEBSMS.</summary>
internal static class UpstreamFeature
{
    public static void AddUpstream(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<UpstreamOptions>(UpstreamOptions.Section);
        builder.Services.AddSingleton(services => new AccountZone(TimeZoneInfo.FindSystemTimeZoneById(OptionsOf(services).TimeZone)));
        builder.Services.AddSingleton<UpstreamHistory>();
        builder.Services.AddSingleton<CredentialGuard>();
        builder.Services.AddSingleton<UpstreamResilience>();
        builder.Services.AddSingleton<UpstreamCall>();
        builder.Services.AddSingleton<UpstreamClient>();

        // The password is in the address: the HTTP client's own logging would write it down, at any level.
        // One client is kept for good, so connections are renewed by their lifetime and not by the factory's.
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

        // No trace headers leave for WEBSMS, nor a span that would hold the address.
        ActivityHeadersPropagator = null,
        SslOptions = { RemoteCertificateValidationCallback = new CertificateTrust(options, time).Accepts },
    };
}
