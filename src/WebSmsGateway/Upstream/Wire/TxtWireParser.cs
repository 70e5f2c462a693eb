using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads the TXT form: blocks numbered <c>[1]</c>, <c>[2]</c> and so on, each of <c>name=value</c> lines with the message last.
/// Nothing is escaped, so a text may hold blocks of its own; the numbers tell which are the answer's.
/// </summary>
internal sealed class TxtWireParser : IWireParser
{
    public WireFormat Format => WireFormat.Txt;

    public WireDocument Parse(ReadOnlyMemory<byte> utf8, WireEvidence evidence)
    {
        var bytes = utf8.Span;
        var builder = new WireDocumentBuilder(WireFormat.Txt, evidence, utf8.Length);
        var starts = TxtChain.Find(bytes);
        var head = bytes[..(starts.Count > 0 ? starts[0].At : bytes.Length)];
        if (!TryReadHead(head, builder))
        {
            return WireDocument.NotTheProtocol;
        }

        for (var i = 0; i < starts.Count; i++)
        {
            var isLast = i == starts.Count - 1;
            var record = bytes[starts[i].Fields..(isLast ? bytes.Length : starts[i + 1].At)];
            ReadRecord(record, starts[i].IsAmbiguous, mayBeCut: isLast && !evidence.LengthIsProven, builder);
        }

        return builder.Build(evidence.LengthIsProven, wasRecovered: false);
    }

    private static void ReadRecord(ReadOnlySpan<byte> record, bool isAmbiguous, bool mayBeCut, WireDocumentBuilder builder)
    {
        var fields = new WireFields();
        var at = 0;
        while (TxtLine.TryReadName(record, ref at, out var field))
        {
            if (field == WireField.Message)
            {
                fields.Mark(field);
                break;
            }

            fields.Take(field, TxtLine.ReadValue(record, ref at));
        }

        if (mayBeCut)
        {
            builder.AddUnreadable(fields.Date);
            return;
        }

        if (!fields.Has(WireField.Message) && at < record.Length)
        {
            builder.AddUnreadable(fields.Date);
            return;
        }

        // The line breaks before the next number are the format's; a text's own ones at its end cannot be told from them.
        var text = record[at..].TrimEnd("\r\n"u8);
        builder.Add(fields, Encoding.UTF8.GetString(text), isAmbiguous || HoldsField(text));
    }

    /// <summary>Whether a line of the text is a field: a sender's doing, or a block that lost its number.</summary>
    private static bool HoldsField(ReadOnlySpan<byte> text)
    {
        for (var end = text.IndexOfAny((byte)'\r', (byte)'\n'); end >= 0; end = text.IndexOfAny((byte)'\r', (byte)'\n'))
        {
            text = text[(end + 1)..];
            if (TxtLine.FieldAt(text, 0, out _) is WireField.Date or WireField.RentNum or WireField.TelNum)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lines of <c>name=value</c> before the first number: the verdict.</summary>
    private static bool TryReadHead(ReadOnlySpan<byte> head, WireDocumentBuilder builder)
    {
        var fields = new WireFields();
        while (true)
        {
            head = head[Ascii.TrimStart(head)];
            if (head.IsEmpty)
            {
                break;
            }

            var length = head.IndexOfAny((byte)'\r', (byte)'\n');
            var line = length < 0 ? head : head[..length];
            var equals = line.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return false;
            }

            var name = line[..equals];
            fields.Take(WireFields.Of(name[Ascii.Trim(name)]), line[(equals + 1)..]);
            head = head[line.Length..];
        }

        if (fields.HasVerdict)
        {
            builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage);
        }

        return true;
    }
}

/// <summary>Lines of <c>name=value</c> within one block.</summary>
internal static class TxtLine
{
    /// <summary>Reads a field's name and its <c>=</c>; leaves <paramref name="at"/> where it was when there is none.</summary>
    public static bool TryReadName(ReadOnlySpan<byte> block, scoped ref int at, out WireField field)
    {
        var start = block.SkipWhite(at);
        field = FieldAt(block, start, out var end);
        if (field == WireField.Unknown)
        {
            at = start;
            return false;
        }

        at = end;
        return true;
    }

    /// <summary>
    /// Reads a short value: to the end of its line, or to the next field's name where the vendor's line break is missing.
    /// </summary>
    public static ReadOnlySpan<byte> ReadValue(ReadOnlySpan<byte> block, scoped ref int at)
    {
        var length = block[at..].IndexOfAny((byte)'\r', (byte)'\n');
        var line = length < 0 ? block[at..] : block.Slice(at, length);
        for (var equals = line.IndexOf((byte)'='); equals >= 0; equals = line.Find((byte)'=', equals + 1))
        {
            var nameEnd = Ascii.TrimEnd(line[..equals]).End.Value;
            foreach (var nameLength in (ReadOnlySpan<int>)[6, 7])
            {
                if (nameEnd >= nameLength && WireFields.Of(line[(nameEnd - nameLength)..nameEnd]) != WireField.Unknown)
                {
                    line = line[..(nameEnd - nameLength)];
                    at += line.Length;
                    return line;
                }
            }
        }

        at += line.Length;
        return line;
    }

    /// <summary>The field of a message whose name and <c>=</c> stand at a place.</summary>
    public static WireField FieldAt(ReadOnlySpan<byte> bytes, int start, out int end)
    {
        end = start;
        while (end < bytes.Length && end - start < 8 && (char.IsAsciiLetter((char)bytes[end]) || bytes[end] == '_'))
        {
            end++;
        }

        var field = WireFields.Of(bytes[start..end]);
        while (bytes.Has(end, (byte)' ') || bytes.Has(end, (byte)'\t'))
        {
            end++;
        }

        return bytes.Has(end++, (byte)'=') ? field : WireField.Unknown;
    }
}
