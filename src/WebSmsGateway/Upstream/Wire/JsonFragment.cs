using System.Buffers;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Reads one key or value at a place in what may be damaged JSON, and moves the place behind it.</summary>
internal static class JsonFragment
{
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",}]{[\" \r\n\t"u8);

    /// <summary>Reads a key and its colon.</summary>
    public static bool TryReadKey(ReadOnlySpan<byte> utf8, scoped ref int at, out WireField field)
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
    public static bool TryReadValue(ReadOnlySpan<byte> utf8, scoped ref int at, out ReadOnlySpan<byte> value)
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

        var length = utf8[Math.Min(at, utf8.Length)..].IndexOfAny(ScalarEnds);
        value = length > 0 ? utf8.Slice(at, length) : default;
        value = value.SequenceEqual("null"u8) ? default : value;
        at += Math.Max(length, 0);
        return length > 0;
    }

    private static bool TryReadString(ReadOnlySpan<byte> utf8, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        var end = utf8.Has(at, (byte)'"') ? JsonText.FindBareQuote(utf8, at + 1) : -1;
        if (end < 0)
        {
            return false;
        }

        value = utf8[(at + 1)..end];
        at = end + 1;
        return true;
    }
}
