using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Turns the bytes of an answer into UTF-8. What the bytes show outweighs what is declared: text that is not UTF-8 by accident
/// decodes as UTF-8 once in a blue moon, while declarations are often missing or wrong.
/// </summary>
internal static class WireCharset
{
    private static readonly byte[][] Utf8Of1251 = BuildTable();

    private enum Declared
    {
        Nothing,
        Utf8,
        Windows1251,
    }

    /// <param name="body">The bytes as received.</param>
    /// <param name="declaredCharset">The charset of <c>Content-Type</c>, if any.</param>
    /// <param name="hasReplacements">Whether bytes could not be decoded and became U+FFFD.</param>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> body, string? declaredCharset, out bool hasReplacements)
    {
        hasReplacements = false;
        var bytes = body.Span;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            body = body[3..];
            bytes = body.Span;
        }
        else if (IsUtf16(bytes, out var bigEndian))
        {
            return FromUtf16(bytes, bigEndian, out hasReplacements);
        }

        if (Utf8.IsValid(bytes))
        {
            return body;
        }

        if (!IsDamagedUtf8(bytes, Declaration(bytes, declaredCharset), out var damaged))
        {
            return From1251(bytes);
        }

        hasReplacements = damaged > 0;
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>
    /// Whether bytes that are not UTF-8 are UTF-8 with damage. Russian text in windows-1251 hardly ever holds a sequence that UTF-8 allows;
    /// UTF-8 with some bad bytes consists of little else. A sender can write such sequences into a 1251 text, so the more
    /// speaks for 1251, the more of them are asked for.
    /// </summary>
    private static bool IsDamagedUtf8(ReadOnlySpan<byte> bytes, Declared declared, out int damaged)
    {
        var valid = 0;
        damaged = 0;
        while (true)
        {
            var next = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (next < 0)
            {
                break;
            }

            bytes = bytes[next..];
            var status = Rune.DecodeFromUtf8(bytes, out _, out var consumed);
            bytes = bytes[consumed..];
            if (status == OperationStatus.Done)
            {
                valid++;
            }
            else if (status == OperationStatus.InvalidData)
            {
                damaged++;
            }
        }

        var perDamage = declared switch { Declared.Utf8 => 1, Declared.Windows1251 => 16, _ => 3 };
        return valid > 0 && valid >= (long)perDamage * damaged;
    }

    private static Declared Declaration(ReadOnlySpan<byte> bytes, string? declaredCharset)
    {
        var name = declaredCharset?.Trim().Trim('"', '\'') ?? "";
        if (name.Length == 0)
        {
            var start = bytes[bytes.SkipWhite(0)..];
            if (start.StartsWith("<?xml"u8) && start.IndexOf((byte)'>') is > 0 and < 200 and var end)
            {
                name = Encoding.ASCII.GetString(start[..end]);
            }
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

    private static byte[] FromUtf16(ReadOnlySpan<byte> bytes, bool bigEndian, out bool hasReplacements)
    {
        string text;
        try
        {
            text = new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true).GetString(bytes);
            hasReplacements = false;
        }
        catch (DecoderFallbackException)
        {
            text = new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: false).GetString(bytes);
            hasReplacements = true;
        }

        return Encoding.UTF8.GetBytes(text.StartsWith('\uFEFF') ? text[1..] : text);
    }

    private static byte[] From1251(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        foreach (var b in bytes)
        {
            length += b < 0x80 ? 1 : Utf8Of1251[b].Length;
        }

        var utf8 = new byte[length];
        var at = 0;
        foreach (var b in bytes)
        {
            if (b < 0x80)
            {
                utf8[at++] = b;
                continue;
            }

            foreach (var part in Utf8Of1251[b])
            {
                utf8[at++] = part;
            }
        }

        return utf8;
    }

    private static byte[][] BuildTable()
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        var table = new byte[256][];
        for (var b = 0; b < table.Length; b++)
        {
            // 0x98 is the one byte without a character; it keeps its place as U+0098.
            table[b] = Encoding.UTF8.GetBytes(b == 0x98 ? "\u0098" : encoding.GetString([(byte)b]));
        }

        return table;
    }
}
