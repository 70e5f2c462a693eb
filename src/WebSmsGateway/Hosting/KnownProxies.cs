using System.Net;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Hosting;

/// <summary>The proxies that may name the caller's address. All their callers share their address.</summary>
internal sealed class KnownProxies(IOptions<ProxyOptions> options)
{
    public IReadOnlyList<IPAddress> Addresses { get; } =
        [.. options.Value.KnownProxies.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()];

    public IReadOnlyList<IPNetwork> Networks { get; } =
        [.. options.Value.KnownProxies.Where(text => !IPAddress.TryParse(text, out _)).Select(text => IPNetwork.Parse(text))];

    public bool Includes(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Addresses.Contains(plain) || Networks.Any(network => network.Contains(plain));
    }
}
