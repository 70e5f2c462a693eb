using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebSmsGateway.Hosting;

/// <summary>What the server takes from the network, each value set on purpose: the API reads, and its requests are small.</summary>
internal static class KestrelLimits
{
    public const int MaxBodyBytes = 16 * 1024;
    public const int MaxRequestLineBytes = 16 * 1024;
    public const int MaxHeaderBytes = 32 * 1024;

    // Kestrel's own figures: slower than this is no network but somebody who wants to hold the connection.
    private const double SlowestBytesPerSecond = 240;

    private static readonly TimeSpan GraceForSlowness = TimeSpan.FromSeconds(5);

    public static void Set(KestrelServerOptions kestrel)
    {
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

        // Applies while bytes wait for the client, so a quiet stream is not slow, but a reader that stopped reading is.
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, GraceForSlowness);
        limits.MaxConcurrentConnections = OpenFiles.ConnectionsUnder(OpenFiles.Limit());
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
    }
}
