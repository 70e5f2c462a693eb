using System.Buffers.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// The characters between tags, read as <c>XmlReader</c> would where they are well-formed, and kept as they stand where they are
/// not: a bare <c>&amp;</c> or <c>&lt;</c> is one. So a message reads the same whether or not its neighbours are well-formed.
/// </summary>
internal static class XmlText
{
    private const int LongestEntity = 10;

    public static string ReadLenient(WireBytes bytes, out bool isDamaged)
    {
        var raw = bytes.Span;
        var text = new WireText(raw.Length);
        var mayHoldCData = true;
        while (!raw.IsEmpty)
        {
            var run = raw.IndexOfAny((byte)'&', (byte)'<', (byte)'\r');
            if (run < 0)
            {
                text.Append(raw);
                break;
            }

            text.Append(raw[..run]);
            raw = raw[run..];
            raw = raw[Take(raw, bytes, ref text, ref mayHoldCData)..];
        }

        return text.Finish(out isDamaged);
    }

    private static int Take(ReadOnlySpan<byte> raw, WireBytes bytes, ref WireText text, ref bool mayHoldCData)
    {
        if (raw[0] == '\r')
        {
            return TakeLineBreak(raw, ref text);
        }

        if (mayHoldCData && raw.StartsWith(XmlTag.CDataStart))
        {
            var at = bytes.Length - raw.Length;
            var end = bytes.Find(XmlTag.CDataEnd, at) - at;
            mayHoldCData = end >= 0;
            if (end >= 0)
            {
                TakeVerbatim(raw[XmlTag.CDataStart.Length..end], ref text);
                return end + XmlTag.CDataEnd.Length;
            }
        }

        if (raw[0] == '&' && TakeEntity(raw, ref text) is > 0 and var length)
        {
            return length;
        }

        text.Append((char)raw[0]);
        return 1;
    }

    private static void TakeVerbatim(ReadOnlySpan<byte> raw, ref WireText text)
    {
        for (var at = raw.IndexOf((byte)'\r'); at >= 0; at = raw.IndexOf((byte)'\r'))
        {
            text.Append(raw[..at]);
            raw = raw[(at + TakeLineBreak(raw[at..], ref text))..];
        }

        text.Append(raw);
    }

    // XML turns every line break that is not a character reference into a line feed.
    private static int TakeLineBreak(ReadOnlySpan<byte> raw, ref WireText text)
    {
        text.Append('\n');
        return raw.StartsWith("\r\n"u8) ? 2 : 1;
    }

    private static int TakeEntity(ReadOnlySpan<byte> raw, ref WireText text)
    {
        var end = raw[..Math.Min(raw.Length, LongestEntity)].IndexOf((byte)';');
        if (end < 2)
        {
            return 0;
        }

        var name = raw[1..end];
        var single = name switch
        {
            _ when name.SequenceEqual("amp"u8) => '&',
            _ when name.SequenceEqual("lt"u8) => '<',
            _ when name.SequenceEqual("gt"u8) => '>',
            _ when name.SequenceEqual("quot"u8) => '"',
            _ when name.SequenceEqual("apos"u8) => '\'',
            _ => '\0',
        };
        if (single != '\0')
        {
            text.Append(single);
            return end + 1;
        }

        if (name[0] != '#')
        {
            return 0;
        }

        var isHex = name.Length > 2 && name[1] == 'x';
        var digits = name[(isHex ? 2 : 1)..];
        if (!Utf8Parser.TryParse(digits, out uint code, out var consumed, isHex ? 'x' : 'D') || consumed != digits.Length
            || code > 0x10FFFF)
        {
            return 0;
        }

        if (code > char.MaxValue)
        {
            text.AppendEscaped((char)(0xD800 + ((code - 0x10000) >> 10)));
            text.AppendEscaped((char)(0xDC00 + ((code - 0x10000) & 0x3FF)));
        }
        else
        {
            text.AppendEscaped((char)code);
        }

        return end + 1;
    }
}
