using System.Net;
using System.Net.Sockets;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>Whether the operator can open a network that is not public.</summary>
internal enum Opening
{
    /// <summary>By any listed network that holds the address.</summary>
    ByList,

    /// <summary>By a listed network that lies wholly inside, so that a wide one does not open it by accident.</summary>
    FromInside,

    /// <summary>By nothing.</summary>
    Never,
}

/// <summary>A network that is not public: IANA's special-purpose registries, and the addresses where clouds give away credentials.</summary>
internal sealed record SpecialNetwork(IPNetwork Network, string Kind, Opening Opening)
{
    /// <summary>All of IPv6 that is handed out for public use. What lies outside is no public address, known below or not.</summary>
    private static readonly IPNetwork PublicIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly SpecialNetwork NotAssigned = new(IPNetwork.Parse("::/0"), "an address outside of the public part of IPv6", Opening.ByList);

    // The longest prefix decides, so an address of a metadata service is found before the network around it.
    private static readonly SpecialNetwork[] All =
    [
        .. ((SpecialNetwork[])
        [
            .. Of(
                Opening.Never,
                "an address of a cloud's metadata service",
                "169.254.169.0/24", "169.254.170.0/24", "169.254.0.23/32", "169.254.42.42/32", "100.100.100.200/32", "168.63.129.16/32",
                "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::254/128", "fd00:42::42/128", "fe80::a9fe:a9fe/128"),
            .. Of(Opening.Never, "an unspecified address", "0.0.0.0/8", "::/128"),
            .. Of(Opening.Never, "a multicast address", "224.0.0.0/4", "ff00::/8"),
            .. Of(Opening.Never, "the broadcast address", "255.255.255.255/32"),
            .. Of(Opening.Never, "an IPv4 address in a form of IPv6 that nothing answers", "::/96", "::ffff:0:0:0/96"),
            .. Of(Opening.FromInside, "a loopback address", "127.0.0.0/8", "::1/128"),
            .. Of(Opening.FromInside, "a link-local address", "169.254.0.0/16", "fe80::/10"),
            .. Of(Opening.ByList, "a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
            .. Of(Opening.ByList, "an address behind a provider's NAT", "100.64.0.0/10"),
            .. Of(Opening.ByList, "an address of IETF protocols", "192.0.0.0/24", "2001::/23"),
            .. Of(
                Opening.ByList,
                "an address for documentation",
                "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
            .. Of(Opening.ByList, "an address for benchmarks", "198.18.0.0/15", "2001:2::/48"),
            .. Of(Opening.ByList, "a reserved address", "240.0.0.0/4"),
            .. Of(Opening.ByList, "a 6to4 address, a tunnel to IPv4", "2002::/16", "192.88.99.0/24"),
            .. Of(Opening.ByList, "a Teredo address, a tunnel to IPv4", "2001::/32"),
            .. Of(Opening.ByList, "an address of a local NAT64", "64:ff9b:1::/48"),
            .. Of(Opening.ByList, "an address that discards all it gets", "100::/64"),
        ]).OrderByDescending(special => special.Network.PrefixLength),
    ];

    /// <summary>The special network of an address without zone; null if the address is public.</summary>
    public static SpecialNetwork? Of(IPAddress address) =>
        All.FirstOrDefault(special => special.Network.Contains(address))
        ?? (address.AddressFamily == AddressFamily.InterNetworkV6 && !PublicIPv6.Contains(address)
            && !EmbeddedAddresses.Translated.Contains(address)
                ? NotAssigned
                : null);

    /// <summary>Whether a listed network lies wholly inside this one.</summary>
    public bool Holds(IPNetwork listed) => listed.PrefixLength >= Network.PrefixLength && Network.Contains(listed.BaseAddress);

    private static IEnumerable<SpecialNetwork> Of(Opening opening, string kind, params string[] networks) =>
        networks.Select(network => new SpecialNetwork(IPNetwork.Parse(network), kind, opening));
}
