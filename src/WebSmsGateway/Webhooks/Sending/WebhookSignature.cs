using System.Globalization;
using System.Text;

namespace WebSmsGateway.Webhooks.Sending;

/// <summary>The signature of Standard Webhooks 1.0: HMAC-SHA-256 over id, time and body, once for each secret.</summary>
internal static class WebhookSignature
{
    /// <summary>Gives the value of the header <c>webhook-signature</c>, with the signature of the first secret first.</summary>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, IReadOnlyList<WebhookSecret> secrets)
    {
        // A dot inside an id would let one signature stand for another id and body.
        if (secrets.Count == 0 || id.Length == 0 || id.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException("A signature needs a secret, and an id without a dot.", nameof(secrets));
        }

        var before = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp.ToUnixTimeSeconds()}."));
        var value = new StringBuilder();
        foreach (var secret in secrets)
        {
            using var signature = secret.BeginSignature();
            signature.AppendData(before);
            signature.AppendData(body);
            value.Append(value.Length > 0 ? " " : "").Append("v1,").Append(Convert.ToBase64String(signature.GetHashAndReset()));
        }

        return value.ToString();
    }
}
