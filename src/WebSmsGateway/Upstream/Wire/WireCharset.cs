using System.Text;
using System.Text.Unicode;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Turns the bytes of an answer into UTF-8. Bytes that are valid UTF-8 are UTF-8, whatever is declared: other text is that only by
/// accident. Otherwise the declaration counts, unless nearly everything speaks against it. Without a declaration each record is
/// decided by itself, where the whole is not clear.
/// </summary>
internal static class WireCharset
{
    // What speaks for a charset has to be this many times what speaks against it.
    private const int Clear = 16;

    private enum Declared
    {
        Nothing,
        Utf8,
        Windows1251,
    }

    /// <param name="body">The bytes as received.</param>
    /// <param name="declaredCharset">The charset of <c>Content-Type</c>, if any.</param>
    /// <returns>UTF-8 that begins with the first character that is neither white space nor a byte order mark.</returns>
    public static WireCharacters ToUtf8(ReadOnlyMemory<byte> body, string? declaredCharset)
    {
        var hasMark = SkipMarks(ref body);
        var bytes = body.Span;
        if (IsUtf16(bytes, out var bigEndian))
        {
            ReadOnlyMemory<byte> converted = Encoding.UTF8.GetBytes((bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(bytes));
            SkipMarks(ref converted);
            return new(converted, MayHoldReplacements: true);
        }

        if (Utf8.IsValid(bytes))
        {
            return new(body);
        }

        var declared = hasMark ? Declared.Utf8 : Declaration(bytes, declaredCharset);
        var weight = CharsetWeight.Of(bytes);
        var isClearly1251 = weight.Windows1251 >= (declared == Declared.Utf8 ? CharsetWeight.Enough : 1)
            && weight.Windows1251 >= (long)Clear * weight.Utf8;
        var isClearlyUtf8 = weight.Utf8 >= CharsetWeight.Enough && weight.Utf8 >= (long)Clear * weight.Windows1251;
        if (isClearly1251 || (declared == Declared.Windows1251 && weight.Utf8 < CharsetWeight.Enough))
        {
            return new(SingleBytes.ToUtf8(bytes, SingleBytes.Windows1251));
        }

        var isDeclared = declared == Declared.Utf8 || (declared == Declared.Windows1251 && !isClearlyUtf8);
        var isUtf8 = declared switch
        {
            Declared.Utf8 => true,
            Declared.Windows1251 => isClearlyUtf8,
            _ => weight.Utf8 > weight.Windows1251,
        };
        return new(SingleBytes.ToUtf8(bytes, SingleBytes.Carried), Open: new OpenCharset(isUtf8, isDeclared, isDeclared || isClearlyUtf8));
    }

    /// <summary>Steps over white space and UTF-8 marks: a page that includes others may print one for each of them.</summary>
    private static bool SkipMarks(ref ReadOnlyMemory<byte> body)
    {
        var mark = Encoding.UTF8.Preamble;
        var hasMark = false;
        while (!IsUtf16(body.Span, out _))
        {
            var isMark = body.Span.StartsWith(mark);
            if (!isMark && (body.IsEmpty || !WireBytes.IsWhite(body.Span[0])))
            {
                break;
            }

            hasMark |= isMark;
            body = body[(isMark ? mark.Length : 1)..];
        }

        return hasMark;
    }

    private static Declared Declaration(ReadOnlySpan<byte> bytes, string? declaredCharset)
    {
        var name = declaredCharset?.Trim().Trim('"', '\'') ?? "";
        if (name.Length == 0 && bytes.StartsWith("<?xml"u8) && bytes.IndexOf((byte)'>') is > 0 and < 200 and var end)
        {
            name = Encoding.ASCII.GetString(bytes[..end]);
        }

        return name.Contains("1251", StringComparison.Ordinal) ? Declared.Windows1251
            : name.Contains("utf-8", StringComparison.OrdinalIgnoreCase) || name.Contains("utf8", StringComparison.OrdinalIgnoreCase)
                ? Declared.Utf8
                : Declared.Nothing;
    }

    private static bool IsUtf16(ReadOnlySpan<byte> bytes, out bool bigEndian)
    {
        bigEndian = false;
        if (bytes.Length < 2)
        {
            return false;
        }

        // Every answer of the protocol begins with two characters of ASCII.
        bigEndian = (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0 && bytes[1] != 0);
        return bigEndian || (bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] != 0 && bytes[1] == 0);
    }
}
