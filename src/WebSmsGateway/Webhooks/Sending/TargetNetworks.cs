using System.Net;
using System.Net.Sockets;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>
/// Where webhooks may be sent: to public addresses, and to the networks that the operator lists in <c>Webhooks:AllowNetworks</c>. Immutable.
/// </summary>
internal sealed class TargetNetworks
{
    private const string Setting = "Webhooks:AllowNetworks";

    private readonly IPNetwork[] listed;

    private TargetNetworks(IPNetwork[] listed) => this.listed = listed;

    /// <summary>Reads the listed networks. The fault names the first one that is not accepted.</summary>
    public static bool TryParse(IReadOnlyList<string> cidrs, out TargetNetworks? networks, out string? fault)
    {
        fault = cidrs.Select(FaultOf).FirstOrDefault(found => found is not null);
        networks = fault is null ? new TargetNetworks([.. cidrs.Select(IPNetwork.Parse)]) : null;
        return fault is null;
    }

    /// <summary>Whether any network is listed. Without one, nothing is sent over plain http.</summary>
    public bool HasListed => listed.Length > 0;

    /// <summary>Why nothing may be sent to an address: a sentence that names the rule; null if it may be.</summary>
    public string? Refuses(IPAddress address)
    {
        var plain = WithoutForm(address);
        return EmbeddedRule(plain) ?? OwnRule(plain);
    }

    /// <summary>The same for a request over plain http, which only listed networks take.</summary>
    public string? RefusesPlainHttp(IPAddress address) =>
        Refuses(address)
        ?? (IsListed(WithoutForm(address)) ? null : $"{address} is in no network of {Setting}, and only there http is accepted; use https");

    /// <summary>Why nothing may be sent to a URL, as far as its text says; null if the addresses of its name decide.</summary>
    public string? Refuses(Uri url) => TargetUrl.FaultOf(url) ?? (TargetUrl.AddressOf(url) is { } address
        ? TargetUrl.IsPlain(url) ? RefusesPlainHttp(address) : Refuses(address)
        : TargetUrl.IsPlain(url) && !HasListed ? $"http is accepted only for networks of {Setting}; use https"
        : null);

    // The same address has one form for the rules: not mapped into IPv6, and without zone.
    private static IPAddress WithoutForm(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes())
        : address;

    private string? EmbeddedRule(IPAddress address)
    {
        foreach (var embedded in EmbeddedAddresses.Of(address))
        {
            // A translator reaches a network of its own: a listed network of ours says nothing about the same addresses there. What is
            // listed in its translated form is meant.
            if (SpecialNetwork.Of(embedded) is { } special && (special.Opening != Opening.ByList || !IsListed(address)))
            {
                return $"{address} stands for {embedded}, {special.Kind} ({special.Network})";
            }
        }

        return null;
    }

    private string? OwnRule(IPAddress address)
    {
        if (SpecialNetwork.Of(address) is not { } special)
        {
            return null;
        }

        var rule = $"{address} is {special.Kind} ({special.Network})";
        return special.Opening switch
        {
            Opening.Never => $"{rule}, to which nothing is ever sent",
            Opening.FromInside when !listed.Any(network => network.Contains(address) && special.Holds(network)) =>
                $"{rule}; only a network inside {special.Network} in {Setting} opens it",
            Opening.ByList when !IsListed(address) => $"{rule}; only a network in {Setting} opens it",
            _ => null,
        };
    }

    private bool IsListed(IPAddress address) => listed.Any(network => network.Contains(address));

    private static string? FaultOf(string text)
    {
        // The parser of .NET takes 10/8 for 0.0.0.10, and 010.0.0.0 for 8.0.0.0.
        var isNetwork = IPNetwork.TryParse(text, out var network)
            && (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 || text.Split('/')[0].Split('.').Length == 4);
        var shown = SettingText.Shown(text);
        return !isNetwork || text.Contains('%', StringComparison.Ordinal) || text.Contains('x', StringComparison.OrdinalIgnoreCase)
                ? $"'{shown}' is no network; write for example 10.20.0.0/16 or fd12:3456::/48"
            : network.BaseAddress.IsIPv4MappedToIPv6 ? $"'{text}' is a network of IPv4; write it without ::ffff:"
            : !IPAddress.Parse(text.Split('/')[0]).Equals(network.BaseAddress) || HasLeadingZero(text)
                ? $"'{text}' has bits set behind its prefix, or zeros in front; write {network} if that is meant"
            : SpecialNetwork.Of(network.BaseAddress) is { Opening: Opening.Never } special && special.Holds(network)
                ? $"'{text}' lies in {special.Network}, {special.Kind}, to which nothing is ever sent"
            : null;
    }

    private static bool HasLeadingZero(string text) =>
        !text.Contains(':', StringComparison.Ordinal) && text.Split('.', '/').Any(part => part.Length > 1 && part[0] == '0');
}
