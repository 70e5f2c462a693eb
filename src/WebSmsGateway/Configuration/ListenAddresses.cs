using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebSmsGateway.Configuration;

/// <summary>
/// The addresses at which the server listens, as the framework chooses them: <c>Kestrel:Endpoints</c>, else <c>urls</c>, else
/// <c>http_ports</c> and <c>https_ports</c>. The framework reports a faulty one by an exception after everything else has started.
/// </summary>
internal static class ListenAddresses
{
    private const string Default = "http://localhost:5000";
    private const string Endpoints = "Kestrel:Endpoints";
    private const string DefaultCertificate = "Kestrel:Certificates:Default";

    // The mark that dotnet dev-certs puts into the certificates that it makes.
    private const string DevelopmentMark = "1.3.6.1.4.1.311.84.1.1";

    public static IEnumerable<ConfigurationFault> FaultsOf(IConfiguration configuration)
    {
        foreach (var (key, text) in All(configuration))
        {
            if (AddressFault(text) is { } fault)
            {
                yield return new(key, fault);
            }
            else if (text!.StartsWith("https", StringComparison.OrdinalIgnoreCase) && CertificateFault(configuration, key) is { } missing)
            {
                yield return missing;
            }
        }
    }

    /// <summary>The addresses that another program listens at now.</summary>
    public static IEnumerable<string> InUse(IConfiguration configuration) =>
        All(configuration).Select(address => address.Text).OfType<string>().Where(text => AddressFault(text) is null && IsInUse(text));

    /// <summary>The addresses as one text, for the line about a start that failed.</summary>
    public static string Describe(IConfiguration configuration) => string.Join(", ", All(configuration).Select(address => address.Text));

    private static List<(string Key, string? Text)> All(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection(Endpoints).GetChildren().ToList();
        if (endpoints.Count > 0)
        {
            return [.. endpoints.Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"]))];
        }

        var urls = Parts(configuration["urls"]);
        if (urls.Length > 0)
        {
            return [.. urls.Select(url => ("urls", (string?)url))];
        }

        List<(string, string?)> ports =
        [
            .. Parts(configuration["http_ports"]).Select(port => ("http_ports", (string?)$"http://*:{port}")),
            .. Parts(configuration["https_ports"]).Select(port => ("https_ports", (string?)$"https://*:{port}")),
        ];
        return ports.Count > 0 ? ports : [("urls", Default)];
    }

    private static string[] Parts(string? text) =>
        text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string? AddressFault(string? text)
    {
        const string accepted = "write scheme, host and port, for example http://localhost:8080, or http://*:8080 for all addresses";
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"is missing; {accepted}";
        }

        try
        {
            var address = BindingAddress.Parse(text);
            return address.Scheme.ToLowerInvariant() is not ("http" or "https") ? $"'{SettingText.Shown(text)}' is neither http nor https; {accepted}"
                : address.PathBase.Length > 0 && !address.IsUnixPipe ? $"'{SettingText.Shown(text)}' has a path; {accepted}"
                : address.Port is < 0 or > IPEndPoint.MaxPort || IsPortInHost(address.Host) ? $"'{SettingText.Shown(text)}' has no port up to {IPEndPoint.MaxPort}; {accepted}"
                : address is { Port: 0, Host: "localhost" } ? "localhost needs a port; for any free port write http://127.0.0.1:0"
                : null;
        }
        catch (FormatException)
        {
            return $"'{SettingText.Shown(text)}' is no address; {accepted}";
        }
    }

    // The framework leaves a port that is no number to the name of the host, and listens at port 80.
    private static bool IsPortInHost(string host) =>
        !host.StartsWith("unix:", StringComparison.Ordinal) && host.LastIndexOf(':') > host.LastIndexOf(']');

    private static ConfigurationFault? CertificateFault(IConfiguration configuration, string addressKey)
    {
        var endpoint = configuration.GetSection(addressKey[..Math.Max(0, addressKey.LastIndexOf(':'))]);
        if (addressKey.StartsWith(Endpoints, StringComparison.Ordinal) && endpoint.GetSection("Sni").GetChildren().Any())
        {
            return null;
        }

        var own = endpoint.GetSection("Certificate");
        var section = own.GetChildren().Any() ? own : configuration.GetSection(DefaultCertificate);
        if (section["Path"] is { Length: > 0 } path)
        {
            var folder = configuration["contentRoot"] ?? Directory.GetCurrentDirectory();
            return IsReadable(Path.Combine(folder, path), section["KeyPath"] is { } key ? Path.Combine(folder, key) : null, section["Password"])
                ? null
                : new($"{section.Path}:Path", "cannot be read there; give a PFX file and perhaps Password, or a PEM file and KeyPath");
        }

        return section["Subject"] is not null || HasDevelopmentCertificate() ? null : new(
            addressKey, $"https needs a certificate; give {DefaultCertificate}:Path and perhaps :KeyPath or :Password, or listen with http");
    }

    private static bool IsReadable(string path, string? keyPath, string? password)
    {
        try
        {
            if (keyPath is not null)
            {
                return File.ReadAllBytes(path).Length > 0 && File.ReadAllBytes(keyPath).Length > 0;
            }

            using var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            return certificate.HasPrivateKey;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool HasDevelopmentCertificate()
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return store.Certificates.Any(certificate => certificate.Extensions.Any(extension => extension.Oid?.Value == DevelopmentMark));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsInUse(string text)
    {
        var address = BindingAddress.Parse(text);
        if (address.IsUnixPipe || address.Port == 0)
        {
            return false;
        }

        var ip = IPAddress.TryParse(address.Host, out var read) ? read : address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
        using var listener = new TcpListener(ip, address.Port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
