using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebSmsGateway.IntegrationTests.Secrecy;

/// <summary>Searches for secrets in every encoding in which software may write them.</summary>
internal sealed class SecretSearch
{
    private readonly List<(string Secret, string Spelling, string Text)> needles = [];
    private readonly SearchValues<string> all;

    public SecretSearch(params IEnumerable<(string Name, string Value)> secrets)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var (name, value) in secrets)
        {
            needles.AddRange(
                SpellingsOf(value).DistinctBy(spelling => spelling.Text).Select(spelling => (name, spelling.Name, spelling.Text)));
        }

        all = SearchValues.Create([.. needles.Select(needle => needle.Text)], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The secrets in a text, without repetitions.</summary>
    public IEnumerable<string> FindIn(string place, string? text) =>
        text is null || !text.AsSpan().ContainsAny(all)
            ? []
            : needles.Where(needle => text.Contains(needle.Text, StringComparison.OrdinalIgnoreCase))
                .Select(needle => $"{place}: {needle.Secret}, {needle.Spelling}");

    /// <summary>The secrets in bytes, whatever their charset is.</summary>
    public IEnumerable<string> FindIn(string place, byte[] bytes) => FindIn(place, Encoding.Latin1.GetString(bytes));

    /// <summary>Every encoding of a secret, with its name.</summary>
    public static IEnumerable<(string Name, string Text)> SpellingsOf(string secret)
    {
        var cyrillic = Encoding.GetEncoding(1251);
        var utf8 = Encoding.UTF8.GetBytes(secret);
        var ansi = cyrillic.GetBytes(secret);
        var utf16 = Encoding.Unicode.GetBytes(secret);
        yield return ("as it is", secret);
        yield return ("percent-encoded", Uri.EscapeDataString(secret));
        yield return ("percent-encoded twice", Uri.EscapeDataString(Uri.EscapeDataString(secret)));
        yield return ("form-encoded", WebUtility.UrlEncode(secret));
        yield return ("percent-encoded windows-1251", PercentEncoded(ansi));
        yield return ("JSON", JsonEncodedText.Encode(secret).ToString());
        yield return ("relaxed JSON", JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString());
        yield return ("HTML", WebUtility.HtmlEncode(secret));
        yield return ("HTML by ASP.NET", HtmlEncoder.Default.Encode(secret));
        yield return ("XML", System.Security.SecurityElement.Escape(secret));
        yield return ("JSON in escapes only", string.Concat(secret.Select(character => $"\\u{(int)character:x4}")));
        foreach (var (charset, bytes) in ((string, byte[])[])[("UTF-8", utf8), ("windows-1251", ansi), ("UTF-16", utf16)])
        {
            yield return ($"hexadecimal of {charset}", Convert.ToHexString(bytes));
            yield return ($"hexadecimal of {charset} with dashes", BitConverter.ToString(bytes));
        }

        yield return ("UTF-16 read as Latin-1", Encoding.Latin1.GetString(utf16));
        yield return ("UTF-8 read as Latin-1", Encoding.Latin1.GetString(utf8));
        yield return ("UTF-8 read as windows-1251", cyrillic.GetString(utf8));
        yield return ("windows-1251 read as Latin-1", Encoding.Latin1.GetString(ansi));
        foreach (var (charset, bytes) in ((string, byte[])[])[("UTF-8", utf8), ("windows-1251", ansi),
            ("UTF-16", utf16)])
        {
            for (var offset = 0; offset < 3; offset++)
            {
                var text = Base64Core(bytes, offset);
                yield return ($"base64 of {charset} at {offset}", text);
                yield return ($"base64url of {charset} at {offset}", text.Replace('+', '-').Replace('/', '_'));
            }
        }
    }

    private static string PercentEncoded(byte[] bytes) => string.Concat(
        bytes.Select(value => char.IsAsciiLetterOrDigit((char)value) ? ((char)value).ToString() : $"%{value:X2}"));

    /// <summary>The characters that depend on these bytes only, at any position in a longer text.</summary>
    private static string Base64Core(byte[] bytes, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. bytes]);
        var first = offset == 0 ? 0 : offset + 1;
        var end = (offset + bytes.Length) * 8 / 6;
        return text[first..end];
    }
}
