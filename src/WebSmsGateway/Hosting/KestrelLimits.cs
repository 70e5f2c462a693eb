using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebSmsGateway.Hosting;

/// <summary>The limits of the server. The API only reads, so its requests are small.</summary>
internal static class KestrelLimits
{
    public const int MaxBodyBytes = 16 * 1024;
    public const int MaxRequestLineBytes = 16 * 1024;
    public const int MaxHeaderBytes = 32 * 1024;

    // Kestrel's defaults. A client that is slower than this holds the connection on purpose.
    private const double SlowestBytesPerSecond = 240;
    private static readonly TimeSpan GraceForSlowness = TimeSpan.FromSeconds(5);

    // The server reads it once, when it starts. Kestrel takes a bare line feed for the end of a header line and a proxy may not, and then
    // they disagree where a request ends.
    private const string NoBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    public static void Set(KestrelServerOptions kestrel)
    {
        AppContext.SetSwitch(NoBareLineFeeds, true);
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, GraceForSlowness);

        // Applies only while bytes wait for the client: a quiet stream is not slow, a reader that stopped reading is.
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, GraceForSlowness);
        limits.MaxConcurrentConnections = OpenFiles.ConnectionsUnder(OpenFiles.Limit());
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
    }
}
