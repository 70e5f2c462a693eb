using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>
/// Reads the TXT form: blocks numbered <c>[1]</c>, <c>[2]</c> and so on, each of <c>name=value</c> lines with the message last.
/// Nothing is escaped, so a text may hold blocks of its own; the numbers tell which are the answer's.
/// </summary>
internal static class TxtWireParser
{
    public static WireDocument Read(WireEvidence evidence)
    {
        var bytes = evidence.Bytes;
        var end = evidence.TransportEnd;
        var builder = new WireDocumentBuilder(WireFormat.Txt, evidence);
        var starts = TxtChain.Find(bytes);
        if (!TryReadHead(bytes[..(starts.Count > 0 ? starts[0].At : bytes.Length)], end == WireEnd.Proven, builder))
        {
            return WireDocument.NotTheProtocol;
        }

        for (var i = 0; i < starts.Count; i++)
        {
            var isLast = i == starts.Count - 1;
            var record = bytes[starts[i].Fields..(isLast ? bytes.Length : starts[i + 1].At)];
            var isMarkup = isLast && TxtTail.HoldsMarkup(record);
            var page = isMarkup ? TxtTail.FindPage(record) : -1;
            ReadRecord(
                page < 0 ? record : record[..page], starts[i].IsAmbiguous || isMarkup, mayBeCut: isLast && end != WireEnd.Proven, builder);
            end = page < 0 ? end : WireEnd.Cut;
        }

        return builder.Build(end, wasRecovered: false);
    }

    private static void ReadRecord(WireBytes record, bool isAmbiguous, bool mayBeCut, WireDocumentBuilder builder)
    {
        var fields = new WireFields();
        var at = 0;
        while (!fields.Has(WireField.Message) && TxtLine.TryReadName(record, ref at, out var field))
        {
            fields.Take(field, field == WireField.Message ? default : TxtLine.ReadValue(record, ref at));
        }

        if (mayBeCut)
        {
            builder.AddUnreadable(fields.Date);
            return;
        }

        // The line breaks before the next number are the format's; a text's own ones at its end cannot be told from them.
        var text = record[at..];
        text = text[..text.Span.TrimEnd("\r\n\0"u8).Length];

        // Without the name of a message, what is left is most likely one under another name.
        isAmbiguous |= (!fields.Has(WireField.Message) && text.Length > 0) || HoldsField(text);
        builder.Add(fields, Encoding.UTF8.GetString(text), isAmbiguous);
    }

    /// <summary>Whether a line of the text is a field: a sender's doing, or a block that lost its number.</summary>
    private static bool HoldsField(WireBytes text)
    {
        for (var end = text.Find(TxtLine.Ends, 0); end >= 0; end = text.Find(TxtLine.Ends, end + 1))
        {
            if (TxtLine.OpensRecord(text, end + 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lines of <c>name=value</c> before the first number, with section names between them: the verdict.</summary>
    private static bool TryReadHead(WireBytes head, bool isWhole, WireDocumentBuilder builder)
    {
        var fields = new WireFields();
        for (var at = head.SkipWhite(0); at < head.Length; at = head.SkipWhite(at))
        {
            var end = head.Find(TxtLine.Ends, at);
            if (end < 0 && !isWhole)
            {
                // More digits may follow.
                break;
            }

            var line = head[at..(end < 0 ? head.Length : end)];
            at += line.Length;
            var equals = line.Find((byte)'=', 0);
            if (equals > 0)
            {
                fields.Take(WireFields.Of(line.Span[..equals].Trim((byte)' ')), line[(equals + 1)..]);
            }
            else if (!fields.HasVerdict && line[0] != '[')
            {
                return false;
            }
        }

        if (fields.HasVerdict)
        {
            builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage);
        }

        return true;
    }
}
