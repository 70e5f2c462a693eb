using System.Net;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>
/// The IPv4 addresses that an IPv6 address stands for. A translator or a tunnel would connect to them, so they are under the same rules.
/// </summary>
internal static class EmbeddedAddresses
{
    /// <summary>The well-known prefix of NAT64 (RFC 6052), by which a network without IPv4 reaches all of IPv4.</summary>
    public static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork TranslatedLocally = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    // Where RFC 6052 puts the address behind a prefix of 48, 56, 64 and 96 bits. Byte 8 is always left out.
    private static readonly int[][] Places = [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]];

    /// <summary>Finds the embedded addresses; none for IPv4.</summary>
    public static IReadOnlyList<IPAddress> Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            return [];
        }

        return SixToFour.Contains(address) ? [At(bytes, 2, 3, 4, 5)]
            : Teredo.Contains(address) ? [At(bytes, 4, 5, 6, 7), At([.. bytes.Select(part => (byte)~part)], 12, 13, 14, 15)]
            : TranslatedLocally.Contains(address) ? OfLocalTranslation(bytes)
            : Translated.Contains(address) || IsIsatap(bytes) ? [At(bytes, 12, 13, 14, 15)]
            : [];
    }

    // The length of the prefix in use is not known here, so each place counts where something stands.
    private static List<IPAddress> OfLocalTranslation(byte[] bytes)
    {
        var found = Places.Where(places => bytes[places[0]] != 0).Select(places => At(bytes, places)).ToList();
        return found.Count > 0 ? found : [IPAddress.Any];
    }

    /// <summary>ISATAP marks an address by 0000:5efe or 0200:5efe before the IPv4 address, under any prefix.</summary>
    private static bool IsIsatap(byte[] bytes) => (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;

    private static IPAddress At(byte[] bytes, params int[] places) => new([.. places.Select(place => bytes[place])]);
}
