using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Reads one key or value at a place in what may be damaged JSON, and moves the place behind it.</summary>
internal static class JsonFragment
{
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",}]{[\" \r\n\t"u8);
    private static readonly SearchValues<byte> QuoteOrBackslash = SearchValues.Create("\"\\"u8);

    /// <summary>Reads a key and its colon.</summary>
    public static bool TryReadKey(WireBytes utf8, scoped ref int at, out WireField field)
    {
        field = WireField.Unknown;
        at = utf8.SkipWhite(at);
        if (!TryReadString(utf8, ref at, out var key))
        {
            return false;
        }

        field = WireFields.Of(key);
        at = utf8.SkipWhite(at);
        if (!utf8.Has(at, (byte)':'))
        {
            return false;
        }

        at = utf8.SkipWhite(at + 1);
        return true;
    }

    /// <summary>Reads a string or a scalar; of a scalar nothing but its end is checked.</summary>
    public static bool TryReadValue(WireBytes utf8, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        if (utf8.Has(at, (byte)'"'))
        {
            if (!TryReadString(utf8, ref at, out value))
            {
                return false;
            }

            value = value.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(JsonText.Unescape(value, out _)) : value;
            return true;
        }

        var end = utf8.Find(ScalarEnds, at);
        value = end > at ? utf8[at..end] : default;
        var isScalar = !value.IsEmpty;
        value = value.SequenceEqual("null"u8) ? default : value;
        at = Math.Max(at, end);
        return isScalar;
    }

    /// <summary>The first quote without a backslash before it, or -1.</summary>
    public static int FindBareQuote(WireBytes utf8, int from)
    {
        var at = utf8.Find(QuoteOrBackslash, from);
        while (at >= 0 && utf8[at] == '\\')
        {
            at = utf8.Find(QuoteOrBackslash, at + 2);
        }

        return at;
    }

    /// <summary>Whether an odd number of backslashes stands before a place.</summary>
    public static bool IsEscaped(WireBytes utf8, int at, int from) => (at - utf8.SkipBefore(at, from, "\\"u8)) % 2 == 1;

    private static bool TryReadString(WireBytes utf8, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        var end = utf8.Has(at, (byte)'"') ? FindBareQuote(utf8, at + 1) : -1;
        if (end < 0)
        {
            return false;
        }

        value = utf8[(at + 1)..end];
        at = end + 1;
        return true;
    }
}
