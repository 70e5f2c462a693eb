using System.Net;
using FluentValidation;

namespace WebSmsGateway.Hosting;

/// <summary>Which proxies may say who the caller is: section <c>ForwardedHeaders</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "ForwardedHeaders";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/24</c>) of reverse proxies, whose <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> are believed. Default: none. Read at start.
    /// </summary>
    public List<string> KnownProxies { get; set; } = [];
}

/// <summary>Which browser pages may call: section <c>Cors</c>.</summary>
internal sealed class BrowserOptions
{
    public const string Section = "Cors";

    /// <summary>Origins such as <c>https://shop.example.com</c>, without a path. Default: none. Read at start.</summary>
    public List<string> Origins { get; set; } = [];
}

/// <summary>What is accepted in section <c>ForwardedHeaders</c>.</summary>
internal sealed class ProxyOptionsValidator : AbstractValidator<ProxyOptions>
{
    public ProxyOptionsValidator() =>
        RuleForEach(options => options.KnownProxies).Must(text => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _))
            .WithMessage("has to be an address such as 10.0.0.5, or a network such as 10.0.0.0/24");
}

/// <summary>What is accepted in section <c>Cors</c>.</summary>
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
