using System.Net;
using System.Security.Cryptography;
using System.Text;
namespace WebSmsGateway.Webhooks.Sending;
internal static class WebhookSignature
{
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, IReadOnlyList<WebhookSecret> secrets)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp.ToUnixTimeSeconds()}."), .. body];
        return string.Join(' ', secrets.Select(s => "v1," + Convert.ToBase64String(HMACSHA256.HashData(s.Key, content))));
    }
}
internal sealed class WebhookSecret(byte[] key)
{
    public byte[] Key => key;
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WebhookSecret? secret, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? fault)
    {
        secret = null;
        try { if (text.StartsWith("whsec_") && Convert.FromBase64String(text[6..]) is { Length: >= 24 and <= 64 } k) { secret = new(k); fault = null; return true; } } catch (FormatException) { }
        fault = "bad secret";
        return false;
    }
}
internal sealed class TargetNetworks(List<IPNetwork> nets)
{
    public static bool TryParse(IReadOnlyList<string> cidrs, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TargetNetworks? networks, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? fault)
    {
        networks = new([.. cidrs.Select(IPNetwork.Parse)]); fault = null; return true;
    }
    public string? Refuses(IPAddress address) => nets.Exists(n => n.Contains(address)) || !IPAddress.IsLoopback(address) ? null : "loopback is not allowed";
    public string? Refuses(Uri url) => IPAddress.TryParse(url.Host, out var a) ? Refuses(a) : null;
}
internal sealed class TargetForbiddenException(string message) : IOException(message);
internal sealed class TargetConnector(TargetNetworks networks, Uri? proxy)
{
    public SocketsHttpHandler CreateHandler() => new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = proxy is not null };
    public Task<string?> RefusesAsync(Uri url, CancellationToken ct) => Task.FromResult(networks.Refuses(url));
}
