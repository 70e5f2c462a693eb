using System.Net;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>What the text of a URL says about where it leads, whatever way its host is spelled.</summary>
internal static class TargetUrl
{
    private const int MaxLength = 2048;

    /// <summary>What is wrong with the URL of an endpoint, and what is accepted; null if nothing is.</summary>
    public static string? FaultOf(Uri url) =>
        !url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp
            ? "the URL is not absolute, with https; write for example https://hooks.example.org/sms"
        : url.OriginalString.Length > MaxLength ? $"the URL is longer than {MaxLength} characters"
        : AuthorityOf(url).Contains('@', StringComparison.Ordinal)
            ? "the URL holds a name or password before its host; receivers check the signature instead"
        : url.Fragment.Length > 0 ? "the URL has a fragment (#), which is never sent"
        : url.Port is < 1 or > ushort.MaxValue ? "the URL has no usable port; write 1 to 65535 or none"
        : FaultOfHost(url);

    /// <summary>Whether the URL is one of plain http.</summary>
    public static bool IsPlain(Uri url) => url.Scheme != Uri.UriSchemeHttps;

    /// <summary>The address that the host of a URL spells, in any way that a resolver understands; null if the host is a name.</summary>
    public static IPAddress? AddressOf(Uri url) => AddressOf(url.IdnHost);

    /// <summary>The address that a host spells: decimal, hexadecimal, octal or in short form, with or without a dot at its end.</summary>
    public static IPAddress? AddressOf(string host)
    {
        var zone = host.IndexOf('%', StringComparison.Ordinal);
        var spelled = (zone >= 0 ? host[..zone] : host).Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(spelled, out var address) ? address : null;
    }

    // As written: Uri drops a name that is empty.
    private static string AuthorityOf(Uri url)
    {
        var written = url.OriginalString;
        var start = written.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = written.IndexOfAny(['/', '?', '#', '\\'], start);
        return end < 0 ? written[start..] : written[start..end];
    }

    private static string? FaultOfHost(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        return !url.Host.All(char.IsAscii)
                ? "the host has letters or digits outside of ASCII; write the name as xn--…, the address in digits"
            : url.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6) || host.Length == 0
                ? "the host is neither a name nor an address; write for example hooks.example.org"
            : AddressOf(host) is null && IsNumber(host.Split('.')[^1])
                ? "the host ends in a number and is no address; write four numbers from 0 to 255"
            : host.Contains('%', StringComparison.Ordinal) ? "the host has a zone id (%), which is accepted in no URL"
            : null;
    }

    // What browsers do too: a host whose last part is a number is an address or nothing.
    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit)
        || label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label.Skip(2).All(char.IsAsciiHexDigit);
}
