using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;
using System.Net;
using FluentValidation;

namespace WebSmsGateway.Hosting;

/// <summary>
/// The names by which a gateway without credentials may be called (<c>AllowedHosts</c>), besides those that no page on the Internet can
/// have: IP addresses, <c>localhost</c>, names without a dot, and names that end in <c>.local</c>, <c>.internal</c>, <c>.svc</c> or
/// <c>.cluster.local</c>. A list, or one line with <c>;</c>, commas or spaces. Default: none. Read at start.
/// </summary>
[TypeConverter(typeof(LineConverter))]
internal sealed class AllowedHosts : Collection<string>
{
    public const string Section = "AllowedHosts";

    private static readonly char[] Separators = [';', ',', ' '];
    private static readonly string[] InternalEndings = [".local", ".internal", ".svc"];

    /// <summary>Whether a request that names this host may be answered.</summary>
    /// <param name="host">The host without its port; an IPv6 address in brackets. Empty for none: every browser sends one.</param>
    public bool Allow(string host)
    {
        // A name may be written with the dot of the root at its end.
        var name = host is [.. var before, '.'] ? before : host;
        return !host.Contains('.', StringComparison.Ordinal)
            || IPAddress.TryParse(host, out _)
            || Array.Exists(InternalEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            || this.Any(allowed => name.Equals(allowed, StringComparison.OrdinalIgnoreCase));
    }

    private sealed class LineConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
        {
            var hosts = new AllowedHosts();
            foreach (var host in ((string)value).Split(Separators, StringSplitOptions.RemoveEmptyEntries))
            {
                hosts.Add(host);
            }

            return hosts;
        }
    }
}

internal sealed class AllowedHostsValidator : AbstractValidator<AllowedHosts>
{
    public AllowedHostsValidator() =>
        RuleForEach(hosts => hosts).Must(host => Uri.CheckHostName(host) == UriHostNameType.Dns)
            .WithMessage("has to be a name such as gateway.example.com: no scheme, port or path, and not *");
}
