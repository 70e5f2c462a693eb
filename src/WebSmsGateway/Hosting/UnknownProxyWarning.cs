using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Hosting;

/// <summary>
/// Warns of a proxy that is not configured. All callers behind it share its address, and the limits of that address. The line comes at most
/// once in an hour, because anyone can send the header.
/// </summary>
internal sealed partial class UnknownProxyWarning(
    RequestDelegate next, IOptions<ForwardedHeadersOptions> options, TimeProvider clock, ILogger<UnknownProxyWarning> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long warnedAt;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName)
            && context.Connection.RemoteIpAddress is { } peer && !IsKnown(peer) && IsDue())
        {
            Log.Unknown(logger, peer);
        }

        return next(context);
    }

    private bool IsKnown(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return options.Value.KnownProxies.Contains(address) || options.Value.KnownIPNetworks.Any(network => network.Contains(address));
    }

    private bool IsDue()
    {
        var (last, now) = (Volatile.Read(ref warnedAt), Math.Max(clock.GetTimestamp(), 1));
        return (last == 0 || clock.GetElapsedTime(last, now) >= Interval) && Interlocked.CompareExchange(ref warnedAt, now, last) == last;
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1, Level = LogLevel.Warning,
            Message = "X-Forwarded-For from {Peer} is not believed, so all callers behind it share the limits of one address. If it is a proxy of "
                + "yours, add it to ForwardedHeaders:KnownProxies")]
        public static partial void Unknown(ILogger logger, IPAddress peer);
    }
}
