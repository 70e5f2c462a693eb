using System.Buffers.Text;
using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Strings of JSON, unescaped without a complaint: <c>Utf8JsonReader</c> throws on half a surrogate pair.</summary>
internal static class JsonText
{
    public static string Unescape(ReadOnlySpan<byte> raw, out bool isDamaged)
    {
        var text = new WireText(raw.Length);
        while (!raw.IsEmpty)
        {
            var run = raw.IndexOf((byte)'\\');
            text.Append(raw[..(run < 0 ? raw.Length : run)]);
            if (run < 0)
            {
                break;
            }

            raw = raw[run..];
            var length = LengthOfEscape(raw);
            Append(raw[..Math.Max(length, 1)], ref text);
            raw = raw[Math.Max(length, 1)..];
        }

        return text.Finish(out isDamaged);
    }

    /// <summary>Whether a backslash of the text begins no escape of JSON. Then its writer does not escape backslashes.</summary>
    public static bool HoldsBareBackslash(ReadOnlySpan<byte> raw)
    {
        for (var at = raw.IndexOf((byte)'\\'); at >= 0; at = raw.IndexOf((byte)'\\'))
        {
            var length = LengthOfEscape(raw[at..]);
            if (length == 0)
            {
                return true;
            }

            raw = raw[(at + length)..];
        }

        return false;
    }

    /// <summary>The length of the escape that a backslash begins; 0 where it begins none.</summary>
    private static int LengthOfEscape(ReadOnlySpan<byte> escape) => escape.Length < 2 ? 0 : escape[1] switch
    {
        (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f' or (byte)'"' or (byte)'\\' or (byte)'/' => 2,
        (byte)'u' when escape.Length >= 6 && TryReadUnit(escape, out _) => 6,
        _ => 0,
    };

    private static bool TryReadUnit(ReadOnlySpan<byte> escape, out ushort unit) =>
        Utf8Parser.TryParse(escape[2..6], out unit, out var consumed, 'x') && consumed == 4;

    /// <summary>Appends what an escape stands for, or a backslash that begins none.</summary>
    private static void Append(ReadOnlySpan<byte> escape, ref WireText text)
    {
        if (escape.Length > 2 && TryReadUnit(escape, out var unit))
        {
            text.AppendEscaped((char)unit);
            return;
        }

        text.Append((char)escape[^1] switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            var other => other,
        });
    }
}
