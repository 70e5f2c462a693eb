using System.Net;
using System.Net.Sockets;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>
/// Opens the connections of webhooks. A name is resolved once per connection, every address of the answer is checked, and the connection goes
/// to a checked address: the name is not asked for again in between, so it cannot change its answer behind the check.
/// </summary>
/// <param name="networks">Where may be sent to.</param>
/// <param name="proxy">The egress proxy, whose own rules decide about names; null to connect directly.</param>
internal sealed class TargetConnector(TargetNetworks networks, Uri? proxy)
{
    // Several addresses share the time of one connection. An address that answers nothing leaves time for the next one.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AddressTimeout = TimeSpan.FromSeconds(3);

    // An open connection is not checked again, so none is kept for long.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private const int MaxHeaderKilobytes = 16;

    /// <summary>Resolves a name. Tests set it, so that a name can change its addresses.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The clock of the timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Creates a handler that follows no redirect, keeps no cookie, uses no proxy but the named one, and opens only checked connections. Its
    /// requests must ask for HTTP/1.1 or 2: HTTP/3 has connections of its own.
    /// </summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = proxy is not null,
        Proxy = proxy is null ? null : new WebProxy(proxy, BypassOnLocal: false) { Credentials = CredentialsOf(proxy) },
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = 0,
    };

    /// <summary>
    /// Why nothing may be sent to a URL now: its text, or an address that its name has at the moment; null if nothing refuses it, and also
    /// where the name has no address now, because each connection is checked anyway.
    /// </summary>
    public async Task<string?> RefusesAsync(Uri url, CancellationToken cancellationToken)
    {
        if (networks.Refuses(url) is { } rule)
        {
            return rule;
        }

        if (proxy is not null || TargetUrl.AddressOf(url) is not null)
        {
            return null;
        }

        try
        {
            return RuleAgainst(url, await Resolve(url.IdnHost, cancellationToken));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Whether the host of a URL has an address now; a proxy finds that out by itself.</summary>
    public async Task<bool> ResolvesAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            return proxy is not null || TargetUrl.AddressOf(url) is not null || (await Resolve(url.IdnHost, cancellationToken)).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static NetworkCredential? CredentialsOf(Uri proxy) => proxy.UserInfo.Split(':', 2) switch
    {
        [""] => null,
        [var name, .. var password] => new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(string.Concat(password))),
        _ => null,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        if (networks.Refuses(url) is { } rule)
        {
            throw new TargetForbiddenException(rule);
        }

        // With a proxy, the connection leads to it.
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = TargetUrl.AddressOf(host) is { } literal ? [literal] : await Resolve(host, cancellationToken);
        if (proxy is null && RuleAgainst(url, addresses) is { } refused)
        {
            throw new TargetForbiddenException(refused);
        }

        return await ConnectToAnyAsync(addresses, port, cancellationToken);
    }

    /// <summary>The rule that refuses one of the addresses. One is enough: the next connection could be led to it.</summary>
    private string? RuleAgainst(Uri url, IPAddress[] addresses)
    {
        var isName = TargetUrl.AddressOf(url) is null;
        foreach (var address in addresses)
        {
            if ((TargetUrl.IsPlain(url) ? networks.RefusesPlainHttp(address) : networks.Refuses(address)) is { } rule)
            {
                return isName ? $"{url.IdnHost} leads to {address}: {rule}" : rule;
            }
        }

        return null;
    }

    private async Task<Stream> ConnectToAnyAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        SocketException? failure = null;
        for (var index = 0; index < addresses.Length; index++)
        {
            using var timeout = new CancellationTokenSource(index + 1 < addresses.Length ? AddressTimeout : ConnectTimeout, Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            var socket = new Socket(addresses[index].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[index], port, either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                failure = exception;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                failure = new SocketException((int)SocketError.TimedOut);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}
