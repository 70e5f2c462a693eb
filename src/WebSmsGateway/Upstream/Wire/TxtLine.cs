using System.Buffers;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Lines of <c>name=value</c> within one block of the TXT form.</summary>
internal static class TxtLine
{
    public static readonly SearchValues<byte> Ends = SearchValues.Create("\r\n"u8);

    private const int LongestName = 8;

    private static readonly SearchValues<byte> EndsOrEquals = SearchValues.Create("\r\n="u8);

    /// <summary>Reads a field's name and its <c>=</c>; leaves <paramref name="at"/> before the name when there is none.</summary>
    public static bool TryReadName(WireBytes block, scoped ref int at, out WireField field)
    {
        at = block.SkipWhite(at);
        field = FieldAt(block, at, out var end);
        at = field == WireField.Unknown ? at : end;
        return field != WireField.Unknown;
    }

    /// <summary>
    /// Reads a short value: to the end of its line, or to the next field's name where the vendor's line break is missing.
    /// </summary>
    public static ReadOnlySpan<byte> ReadValue(WireBytes block, scoped ref int at)
    {
        var start = at;
        for (at = block.Find(EndsOrEquals, at); at >= 0 && block[at] == '='; at = block.Find(EndsOrEquals, at + 1))
        {
            var nameEnd = block.SkipBefore(at, start, WireBytes.White);
            for (var length = Math.Min(LongestName, nameEnd - start); length > 0; length--)
            {
                if (IsOfRecord(WireFields.Of(block.Span[(nameEnd - length)..nameEnd])))
                {
                    at = nameEnd - length;
                    return block[start..at];
                }
            }
        }

        at = at < 0 ? block.Length : at;
        return block[start..at];
    }

    /// <summary>Whether a field of a record other than its message stands at a place.</summary>
    public static bool OpensRecord(WireBytes bytes, int at) =>
        FieldAt(bytes, at, out _) is WireField.Date or WireField.RentNum or WireField.TelNum;

    /// <summary>The field of a record whose name and <c>=</c> stand at a place.</summary>
    private static WireField FieldAt(WireBytes bytes, int start, out int end)
    {
        end = start;
        while (end < bytes.Length && end - start < LongestName && (char.IsAsciiLetter((char)bytes[end]) || bytes[end] == '_'))
        {
            end++;
        }

        var field = WireFields.Of(bytes.Span[start..end]);
        end = IsOfRecord(field) ? bytes.SkipWhite(end) : end;
        return IsOfRecord(field) && bytes.Has(end++, (byte)'=') ? field : WireField.Unknown;
    }

    private static bool IsOfRecord(WireField field) =>
        field is WireField.Date or WireField.RentNum or WireField.TelNum or WireField.Message;
}
