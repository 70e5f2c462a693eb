using System.Net;
using FluentValidation;

namespace WebSmsGateway.Hosting;

/// <summary>The proxies that may name the caller's address: section <c>ForwardedHeaders</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "ForwardedHeaders";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/24</c>) of reverse proxies whose <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> are trusted. Default: none. Read at start.
    /// </summary>
    public List<string> KnownProxies { get; set; } = [];
}

/// <summary>The browser pages that may call: section <c>Cors</c>.</summary>
internal sealed class BrowserOptions
{
    public const string Section = "Cors";

    /// <summary>Origins such as <c>https://shop.example.com</c>, without a path. Default: none. Read at start.</summary>
    public List<string> Origins { get; set; } = [];
}

internal sealed class ProxyOptionsValidator : AbstractValidator<ProxyOptions>
{
    public ProxyOptionsValidator() =>
        RuleForEach(options => options.KnownProxies).Must(text => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _))
            .WithMessage("has to be an address such as 10.0.0.5, or a network such as 10.0.0.0/24");
}

internal sealed class BrowserOptionsValidator : AbstractValidator<BrowserOptions>
{
    public BrowserOptionsValidator() =>
        RuleForEach(options => options.Origins).Must(IsOrigin)
            .WithMessage("has to be an origin such as https://shop.example.com: scheme, host and perhaps port; no path, and not *");

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
        && !uri.Host.Contains('*', StringComparison.Ordinal);
}
