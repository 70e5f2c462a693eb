using System.Buffers.Text;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Strings of JSON, unescaped without a complaint: <c>Utf8JsonReader</c> throws on half a surrogate pair.</summary>
internal static class JsonText
{
    /// <summary>
    /// Reads what stands between the quotes of a string whose end was found by its surroundings. Quotes in it that are not
    /// escaped show a writer that escapes nothing; then a backslash is a backslash.
    /// </summary>
    public static string ReadLenient(ReadOnlySpan<byte> raw, out bool isDamaged)
    {
        isDamaged = false;
        return FindBareQuote(raw, 0) >= 0 ? Encoding.UTF8.GetString(raw) : Unescape(raw, out isDamaged);
    }

    public static string Unescape(ReadOnlySpan<byte> raw, out bool isDamaged)
    {
        var text = new WireText(raw.Length);
        while (!raw.IsEmpty)
        {
            var run = raw.IndexOf((byte)'\\');
            if (run < 0 || run == raw.Length - 1)
            {
                text.Append(raw);
                break;
            }

            text.Append(raw[..run]);
            raw = raw[(run + 1)..];
            raw = raw[TakeEscape(raw, ref text)..];
        }

        return text.Finish(out isDamaged);
    }

    /// <summary>The first quote without a backslash before it, or -1.</summary>
    public static int FindBareQuote(ReadOnlySpan<byte> bytes, int from)
    {
        while (from < bytes.Length)
        {
            var found = bytes[from..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (bytes[from] == '"')
            {
                return from;
            }

            from += 2;
        }

        return -1;
    }

    private static int TakeEscape(ReadOnlySpan<byte> escape, ref WireText text)
    {
        switch (escape[0])
        {
            case (byte)'n': text.Append('\n'); return 1;
            case (byte)'r': text.Append('\r'); return 1;
            case (byte)'t': text.Append('\t'); return 1;
            case (byte)'b': text.Append('\b'); return 1;
            case (byte)'f': text.Append('\f'); return 1;
            case (byte)'"' or (byte)'\\' or (byte)'/': text.Append((char)escape[0]); return 1;
            case (byte)'u' when escape.Length >= 5
                && Utf8Parser.TryParse(escape.Slice(1, 4), out ushort unit, out var consumed, 'x') && consumed == 4:
                text.AppendEscaped((char)unit);
                return 5;
            default: text.Append('\\'); return 0;
        }
    }
}
