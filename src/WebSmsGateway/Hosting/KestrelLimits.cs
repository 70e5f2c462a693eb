using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using WebSmsGateway.Http;

namespace WebSmsGateway.Hosting;

/// <summary>The limits of the server. Callers send little more than a query, so requests are small.</summary>
internal static class KestrelLimits
{
    public const int MaxBodyBytes = 16 * 1024;
    public const int MaxRequestLineBytes = 16 * 1024;
    public const int MaxHeaderBytes = 32 * 1024;

    // The least that the protocol allows. Requests have small bodies or none.
    private const int Http2WindowBytes = 65_535;

    /// <summary>What the server reads ahead of a connection: two requests at the least, so that a longer queue of them waits at the client.</summary>
    public const int MaxReadAheadBytes = 2 * MaxHeaderBytes;

    // The server's default. A client that sends more slowly than this holds the connection on purpose.
    private const double SlowestRequestBytesPerSecond = 240;
    private static readonly TimeSpan GraceForSlowness = TimeSpan.FromSeconds(5);

    // A slice within its time. The server watches over what is left of an answer when the last slice was written.
    private static readonly double SlowestAnswerBytesPerSecond = AnswerSender.SliceBytes / AnswerSender.SliceTimeout.TotalSeconds;

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
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestRequestBytesPerSecond, GraceForSlowness);

        // Applies only while bytes wait for the client: a quiet stream is not slow, a reader that stopped reading is.
        limits.MinResponseDataRate = new MinDataRate(SlowestAnswerBytesPerSecond, GraceForSlowness);
        limits.MaxRequestBufferSize = MaxReadAheadBytes;
        limits.MaxResponseBufferSize = AnswerSender.WholeBytes;

        // OpenConnections counts all listeners together.
        limits.MaxConcurrentConnections = null;
        kestrel.ConfigureEndpointDefaults(ConnectionLimit.LimitConnections);
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.InitialConnectionWindowSize = Http2WindowBytes;
        limits.Http2.InitialStreamWindowSize = Http2WindowBytes;
    }

    /// <summary>The buffers of a socket. By default it reads a megabyte ahead.</summary>
    public static void Set(SocketTransportOptions sockets)
    {
        sockets.MaxReadBufferSize = MaxReadAheadBytes;
        sockets.MaxWriteBufferSize = AnswerSender.WholeBytes;
    }
}
